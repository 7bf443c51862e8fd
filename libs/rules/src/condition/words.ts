import type { Formats, Language, StepWords } from '../explain/sentence.ts';
import type { CelStep } from './cel.ts';
import type { Operator, TestStep, Value } from './test.ts';

/** What conditions can be about. */
const SUBJECTS = {
  data: ['Data', '数据'],
  source: ['The source', '来源'],
  fact: ['The fact', '会员事实'],
  tags: ['The tags of the member', '会员标签'],
  segments: ['The segments of the member', '会员分层'],
  tier: ['The tier', '等级'],
  benefits: ['The benefits of the tier', '等级权益'],
  anniversary: ['Years since the fact', '周年数，自事实'],
  'order-amount': ['The amount of the order', '订单金额'],
  'order-quantity': ['The quantity of the order', '订单件数'],
  channel: ['The channel', '渠道'],
  store: ['The store', '门店'],
  status: ['The status of the order', '订单状态'],
  attribute: ['The attribute', '订单属性'],
  'paid-cash': ['What was paid in cash', '现金支付'],
  'paid-points': ['What was paid with points', '积分支付'],
  'paid-gift-card': ['What was paid by gift card', '礼品卡支付'],
  'paid-store-credit': ['What was paid by store credit', '储值支付'],
  'lines-count': ['The number of such lines', '符合的行数'],
  'lines-others': ['The number of other lines', '不符合的行数'],
  'lines-quantity': ['The quantity of such lines', '符合的件数'],
  'lines-amount': ['The amount of such lines', '符合的金额'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

export type Subject = keyof typeof SUBJECTS;

const MONEY: ReadonlySet<Subject> = new Set([
  'order-amount',
  'paid-cash',
  'paid-points',
  'paid-gift-card',
  'paid-store-credit',
  'lines-amount',
]);

const OPERATORS: Readonly<Record<Operator, readonly [string, string]>> = {
  is: ['must be', '须为'],
  isNot: ['must not be', '不得为'],
  in: ['must be one of', '须属于'],
  notIn: ['must be none of', '不得属于'],
  atLeast: ['must be at least', '须至少'],
  moreThan: ['must be more than', '须超过'],
  atMost: ['must be at most', '须至多'],
  lessThan: ['must be less than', '须低于'],
  startsWith: ['must begin with', '开头须为'],
  contains: ['must contain', '须包含'],
  exists: ['must be there', '须存在'],
  any: ['must have one of', '须含其一'],
  all: ['must have all of', '须全部含有'],
  none: ['must have none of', '不得含有'],
  inDay: ['must fall on the day of', '须正值当日'],
  inMonth: ['must be in the month of', '须正值当月'],
};

const LANGUAGES: Readonly<Record<Language, 0 | 1>> = { en: 0, zh: 1 };

function told(value: Value, subject: Subject, { money }: Formats, none: string): string {
  if (value === undefined) return none;
  if (typeof value === 'number' && MONEY.has(subject)) return money(value);
  return typeof value === 'object' ? value.join(', ') || none : String(value);
}

const testText =
  (language: Language) =>
  ({ actual, holds, key, op, subject, value }: TestStep, format: Formats): string => {
    const index = LANGUAGES[language];
    const name = `${SUBJECTS[subject][index]}${key === undefined ? '' : ` ${key}`}`;
    const none = language === 'en' ? 'none' : '无';
    const [is, bound] = [told(actual, subject, format, none), told(value, subject, format, none)];
    return language === 'en'
      ? `${name} is ${is}; it ${OPERATORS[op][index]} ${bound}: ${holds ? 'yes' : 'no'}.`
      : `${name}为 ${is}，${OPERATORS[op][index]} ${bound}：${holds ? '是' : '否'}。`;
  };

export const conditionWords: { readonly test: StepWords<TestStep>; readonly cel: StepWords<CelStep> } = {
  test: { en: testText('en'), zh: testText('zh') },
  cel: {
    en: ({ expression, failed, holds }) =>
      `${expression}: ${failed === true ? 'could not be worked out, which counts as no' : holds ? 'yes' : 'no'}.`,
    zh: ({ expression, failed, holds }) =>
      `${expression}：${failed === true ? '无法计算，按“否”处理' : holds ? '是' : '否'}。`,
  },
};
