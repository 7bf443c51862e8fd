import { randomUUID } from 'node:crypto';
import type { Problem, RatingMade, RecordedOrder } from '@jifen/contracts';
import { accept, instant, memberKey, partitionOf, present, type Instant, type Outcome } from '@jifen/kernel';
import { rate, untold, type CompiledProgram, type Goal } from '@jifen/rules';
import { lastRating } from '../last-ratings.ts';
import { causeOf, type CauseItem } from '../cause.ts';
import { inputAgain } from '../make-rating.ts';
import { rateBatch } from '../rate-batch.ts';
import { readProgress } from '../read-progress.ts';
import { tellInPlace } from '../referral/tell-referrals.ts';
import { orderOf } from './cart.ts';
import { gainsOf, ruleGains, type Gain, type Rated, type RuleGain } from './gains.ts';
import { missingOf, type Missing } from './missing.ts';
import { known, unwritten, type Known, type UnwrittenParts } from './unwritten.ts';

export interface CartPreviewRequest {
  readonly program: string;
  /** Absent: somebody of whom nothing is known. */
  readonly member?: string | undefined;
  /** When it would be ordered; now when absent. */
  readonly at: Instant;
  readonly cart: unknown;
}

/** What a cart would earn if it were ordered, paid and completed at an instant. A reading of that moment: nothing is promised. */
export interface CartPreview {
  /** Absent: rated for somebody of whom nothing is known. */
  readonly member?: string;
  readonly at: Instant;
  /** 0 when none is in force. */
  readonly programVersion: number;
  /** The tier that it is rated by, with its multiplier; absent where no rule looks at tiers. */
  readonly tier?: {
    readonly code: string;
    readonly name: { readonly en: string; readonly zh: string };
    readonly multiplier: string;
  };
  /** Points by currency, in its smallest unit. */
  readonly totals: Readonly<Record<string, number>>;
  /** Points by currency that would wait for approval; absent where none would. */
  readonly waiting?: Readonly<Record<string, number>>;
  /** What each rule for orders gives, or why nothing; and what else the cart changes, such as a target that it reaches. */
  readonly rules: readonly RuleGain[];
  /** How much more in this cart gives how much more. */
  readonly missing: readonly Missing[];
  /** Rules of which that cannot be told: their condition is an expression that does not hold. Absent where there are none. */
  readonly untold?: readonly string[];
  /** Targets over several orders that the member is on the way to, the cart counted in. */
  readonly goals: readonly Goal[];
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

const NOBODY = 'anonymous';

/** Rates a cart on top of all that is known of a member: tier, limits, budgets, windows. Writes nothing and locks nothing. */
export async function previewCart<Sql>(
  parts: UnwrittenParts<Sql>,
  request: CartPreviewRequest,
): Promise<Outcome<CartPreview, Problem>> {
  const { program, member, at } = request;
  const order = orderOf(request.cart, at, `preview-${randomUUID()}`);
  if (!order.ok) return order;
  await parts.catalog.refresh(parts.sql);
  const head = { ...(member === undefined ? {} : { member }), at };
  const inForce = await parts.catalog.at(parts.sql, program, at);
  if (inForce === undefined) {
    const none = { totals: {}, rules: [], missing: [], goals: [] };
    return accept({ ...head, programVersion: 0, ...none, en: [NO_PROGRAM.en], zh: [NO_PROGRAM.zh] });
  }
  const source = known(parts, member === undefined ? undefined : memberKey(program, member));
  const held = await parts.catalog.effective(parts.sql, program, inForce.version, at);
  const who = { program, member: member ?? NOBODY };
  const rated = await rateCart(source, who, order.value);
  const gains = await gainsOf(source, rated.made);
  const input = inputAgain(held, rated.cart);
  const rating = rate(held, input);
  const missing = await missingOf(held, { order: order.value, input, rating, gains }, async (richer) =>
    gainsOf(source, (await rateCart(source, who, richer)).made),
  );
  const rules = await ruleGains(source, held, rated, rating, gains);
  const waiting = sumOf(gains, ({ waiting: points }) => points);
  const expressions = untold(rating.trace);
  const notes = [
    PROMISE,
    ...(member === undefined ? [UNKNOWN] : []),
    ...(expressions.length === 0 ? [] : [untoldOf(expressions)]),
  ];
  return accept({
    ...head,
    programVersion: inForce.version,
    ...tierOf(held, rated.cart),
    totals: { ...zeros(held), ...sumOf(gains, ({ points }) => points) },
    ...(Object.keys(waiting).length === 0 ? {} : { waiting }),
    rules,
    missing,
    ...(expressions.length === 0 ? {} : { untold: expressions }),
    goals: rated.goals,
    en: notes.map(({ en }) => en),
    zh: notes.map(({ zh }) => zh),
  });
}

const PROMISE = {
  en: 'If it were ordered, paid and completed then, as far as is known now. Nothing is written and nothing is promised: limits and budgets may be used up by then.',
  zh: '按届时下单、付款并完成计算，以目前所知为准。不写入任何数据，也不构成承诺：届时上限或预算可能已用完。',
};
const UNKNOWN = {
  en: 'Nothing is known of the member: the first tier, no earlier orders.',
  zh: '未指定会员：按最低等级、无历史订单计算。',
};
const untoldOf = (rules: readonly string[]): Record<'en' | 'zh', string> => ({
  en: `What is missing cannot be told where the condition is an expression: ${rules.join(', ')}.`,
  zh: `条件为表达式的规则无法得知还差多少：${rules.join('、')}。`,
});
const NO_PROGRAM = { en: 'No version of the program is in force then.', zh: '届时没有生效的积分计划版本。' };

const zeros = ({ document }: CompiledProgram): Record<string, number> =>
  Object.fromEntries(document.currencies.map(({ code }) => [code, 0]));

function sumOf(gains: readonly Gain[], of: (gain: Gain) => number): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const gain of gains) if (of(gain) !== 0) sums[gain.currency] = (sums[gain.currency] ?? 0) + of(gain);
  return sums;
}

function tierOf({ document }: CompiledProgram, { tier }: RatingMade): Pick<CartPreview, 'tier'> {
  const found = document.ladder?.tiers.find(({ code }) => code === tier);
  return found === undefined ? {} : { tier: { code: found.code, name: found.name, multiplier: found.multiplier } };
}

/** The ratings that an order would make, each of the state that the ones before it left. */
async function rateCart<Sql>(
  source: Known<Sql>,
  { program, member }: { readonly program: string; readonly member: string },
  order: RecordedOrder,
): Promise<Rated & { readonly goals: readonly Goal[] }> {
  const owner = memberKey(program, member);
  const event = { program, member, order };
  const cause = causeOf(owner, { kind: 'order', event });
  const partition = partitionOf(owner, source.store.partitions);
  const item: CauseItem = { kind: 'order', owner, event, cause, partition, position: 1, meta: {} };
  const { tx, parts, made } = unwritten(source);
  await rateBatch(tx, parts, [item]);
  await tellInPlace(tx, parts, partition);
  const ratings = new Map([...made].map(([stream, last]) => [stream, lastRating(last).made]));
  const now = Date.parse(instant(order.placedAt));
  const progress = await readProgress({ ...parts, sql: source.sql }, { program, member, now });
  const goals = progress.ok ? progress.value.data : [];
  return {
    made: [...ratings.values()],
    cart: present(ratings.get(cause.stream), 'the rating of the cart'),
    goals: goals.filter(({ kind, state }) => kind === 'target' && state === 'approaching'),
  };
}
