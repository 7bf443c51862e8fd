import type { EarnBasis } from '@jifen/contracts';
import type { Formats, ReasonWords, StepWords } from '../explain/sentence.ts';
import type { BasisTrace } from '../trace.ts';
import { allocate, shareOf } from './exact.ts';
import { accepts, compileFilter, type CompiledFilter } from './filter.ts';
import { compileLineTest, type LineCheck } from './line-test.ts';
import type { RatedLine, RatedOrder } from './rated-order.ts';
import type { Use } from './use.ts';
import type { Run } from '../run.ts';

/** A basis with its defaults filled in; rules that state the same basis share it. */
export interface CompiledBasis {
  readonly tax: 'include' | 'exclude';
  readonly shipping: 'include' | 'exclude';
  readonly discount: 'after' | 'before';
  readonly pointsPaid: 'none' | 'net' | 'gross';
  readonly giftCardPaid: 'none' | 'net' | 'gross';
  readonly only?: CompiledFilter | undefined;
  readonly except?: CompiledFilter | undefined;
  readonly where?: LineCheck | undefined;
}

export const compileBasis = (basis: EarnBasis, use: Use, money: string): CompiledBasis => ({
  tax: basis.tax ?? 'include',
  shipping: basis.shipping ?? 'exclude',
  discount: basis.discount ?? 'after',
  pointsPaid: basis.pointsPaid ?? 'net',
  giftCardPaid: basis.giftCardPaid ?? 'net',
  only: compileFilter(basis.only),
  except: compileFilter(basis.except),
  where: basis.where && compileLineTest(basis.where, use, money),
});

export interface LineStep {
  readonly amount: number;
  readonly base: number;
  readonly discount?: number | undefined;
  readonly kept: number;
  readonly line: number;
  readonly orderDiscount?: number | undefined;
  readonly paid: number;
  readonly refunded?: number | undefined;
  readonly shipping?: number | undefined;
  readonly step: 'line';
  readonly tax?: number | undefined;
}

interface PaidPartStep {
  readonly amount: number;
  readonly due: number;
  readonly giftCard: number;
  readonly points: number;
  readonly step: 'paid-part';
}

export type BasisStep =
  | LineStep
  | { readonly line: number; readonly step: 'gift' }
  | { readonly line: number; readonly step: 'filtered' }
  | PaidPartStep;

type BasisReason = keyof typeof basisReasons;

/** A line after what is the same for every basis: the order's discount and its shipping spread over the lines. */
export interface SettledLine {
  readonly line: RatedLine;
  /** From 1. */
  readonly number: number;
  readonly orderDiscount: number;
  readonly shipping: number;
  /** What was paid for the line: after discounts, with its tax, without shipping. */
  readonly paid: number;
  readonly refunded: number;
  /** The part that was not given back: `keep / of`. */
  readonly keep: number;
  readonly of: number;
}

export interface SettledOrder {
  readonly order: RatedOrder;
  readonly lines: readonly SettledLine[];
  readonly gifts: readonly number[];
  /** What had to be paid: the lines and the shipping. */
  readonly due: number;
  /** Something was refunded and nothing is left. */
  readonly fullyRefunded: boolean;
}

export function settleOrder(order: RatedOrder): SettledOrder {
  const gifts: number[] = [];
  const bought: { line: RatedLine; number: number }[] = [];
  order.lines.forEach((line, index) => {
    if (line === undefined) gifts.push(index + 1);
    else bought.push({ line, number: index + 1 });
  });
  const prices = bought.map(({ line }) => Math.max(0, line.amount - line.discount));
  const total = prices.reduce((sum, price) => sum + price, 0);
  const discounts = allocate(Math.min(order.orderDiscount, total), prices);
  const paid = bought.map(
    ({ line }, index) => (prices[index] ?? 0) - (discounts[index] ?? 0) + (order.taxOnTop ? line.tax : 0),
  );
  const shippings = allocate(order.shipping, paid);
  const lines = bought.map(({ line, number }, index): SettledLine => {
    const own = paid[index] ?? 0;
    const rest = { line, number, orderDiscount: discounts[index] ?? 0, shipping: shippings[index] ?? 0, paid: own };
    if (line.returned !== undefined) {
      const [quantity, of] = line.returned;
      return { ...rest, refunded: shareOf(own, quantity, of).share, keep: of - quantity, of };
    }
    const refunded = Math.min(line.refunded, own);
    return own === 0 ? { ...rest, refunded, keep: 1, of: 1 } : { ...rest, refunded, keep: own - refunded, of: own };
  });
  return {
    order,
    lines,
    gifts,
    due: paid.reduce((sum, amount) => sum + amount, order.shipping),
    fullyRefunded:
      lines.some(({ keep, of }) => keep < of) && lines.every(({ keep, paid: own }) => keep === 0 || own === 0),
  };
}

export interface BasisResult {
  readonly trace: BasisTrace;
  /** In minor units of the order's currency. */
  readonly amount: number;
  readonly refusal: BasisReason | undefined;
}

/** What of the order earns by a basis: exact to the minor unit, rounded down once a line and once for the part paid otherwise. */
export function basisOf(settled: SettledOrder, basis: CompiledBasis, run: Pick<Run, 'fact' | 'convert'>): BasisResult {
  const { order } = settled;
  const steps: BasisStep[] = settled.gifts.map((line) => ({ line, step: 'gift' }));
  let sum = 0;
  for (const entry of settled.lines) {
    if (!accepts(basis.only, basis.except, entry.line) || basis.where?.(entry, run) === false) {
      steps.push({ line: entry.number, step: 'filtered' });
      continue;
    }
    const base = baseOf(entry, basis, order.taxOnTop);
    const kept = shareOf(base, entry.keep, entry.of).share;
    sum += kept;
    const withTax = order.taxOnTop || basis.tax === 'exclude';
    steps.push({
      amount: entry.line.amount,
      base,
      discount: entry.line.discount || undefined,
      kept,
      line: entry.number,
      orderDiscount: entry.orderDiscount || undefined,
      paid: entry.paid,
      refunded: entry.refunded || undefined,
      shipping: (basis.shipping === 'include' && entry.shipping) || undefined,
      step: 'line',
      tax: (withTax && entry.line.tax) || undefined,
    });
  }
  const points = basis.pointsPaid === 'net' ? order.pointsPaid : 0;
  const giftCard = basis.giftCardPaid === 'net' ? order.giftCardPaid : 0;
  const { due } = settled;
  let amount = sum;
  if (points + giftCard > 0 && due > 0) {
    amount = shareOf(sum, Math.max(0, due - points - giftCard), due).share;
    steps.push({ amount, due, giftCard, points, step: 'paid-part' });
  }
  return { trace: { amount, steps }, amount, refusal: refusalOf(settled, basis, amount) };
}

function refusalOf(
  { order, fullyRefunded }: SettledOrder,
  basis: CompiledBasis,
  amount: number,
): BasisReason | undefined {
  if (fullyRefunded) return 'fully-refunded';
  if (basis.pointsPaid === 'none' && order.pointsPaid > 0) return 'paid-with-points';
  if (basis.giftCardPaid === 'none' && order.giftCardPaid > 0) return 'paid-by-gift-card';
  return amount === 0 ? 'nothing-in-basis' : undefined;
}

function baseOf({ line, orderDiscount, shipping }: SettledLine, basis: CompiledBasis, taxOnTop: boolean): number {
  const price = basis.discount === 'before' ? line.amount : Math.max(0, line.amount - line.discount) - orderDiscount;
  const contained = basis.tax === 'exclude' && !taxOnTop ? line.tax : 0;
  const added = basis.tax === 'include' && taxOnTop ? line.tax : 0;
  return Math.max(0, price - contained) + added + (basis.shipping === 'include' ? shipping : 0);
}

export const basisWords: {
  readonly [Step in BasisStep as Step['step']]: StepWords<Step>;
} = {
  line: {
    en: (step, { money }) =>
      `Line ${step.line}: ${money(step.amount)}${parts(step, money, 'en')} counts as ${money(step.base)}${
        step.kept === step.base ? '' : `, of which ${money(step.kept)} is left`
      }.`,
    zh: (step, { money }) =>
      `第 ${step.line} 行：${money(step.amount)}${parts(step, money, 'zh')}，计入 ${money(step.base)}${
        step.kept === step.base ? '' : `，其中保留 ${money(step.kept)}`
      }。`,
  },
  gift: {
    en: ({ line }) => `Line ${line} is a gift and does not count.`,
    zh: ({ line }) => `第 ${line} 行是赠品，不计分。`,
  },
  filtered: {
    en: ({ line }) => `Line ${line} is not among the goods of this rule.`,
    zh: ({ line }) => `第 ${line} 行不在该规则的商品范围内。`,
  },
  'paid-part': {
    en: ({ amount, due, giftCard, points }, { money }) =>
      `Of ${money(due)} due, ${money(points)} was paid with points and ${money(giftCard)} by gift card: ${money(amount)} remains.`,
    zh: ({ amount, due, giftCard, points }, { money }) =>
      `应付 ${money(due)}，其中积分支付 ${money(points)}、礼品卡支付 ${money(giftCard)}：余 ${money(amount)}。`,
  },
};

const PARTS = [
  ['discount', 'discount', '折扣'],
  ['orderDiscount', 'share of the order discount', '整单折扣分摊'],
  ['tax', 'tax', '税'],
  ['shipping', 'share of shipping', '运费分摊'],
  ['refunded', 'refunded', '已退款'],
] as const;

function parts(step: LineStep, money: Formats['money'], language: 'en' | 'zh'): string {
  const given = PARTS.flatMap(([field, en, zh]) => {
    const value = step[field];
    return value === undefined ? [] : [`${language === 'en' ? en : zh} ${money(value)}`];
  });
  if (given.length === 0) return '';
  return language === 'en' ? ` (${given.join(', ')})` : `（${given.join('，')}）`;
}

export const basisReasons = {
  'fully-refunded': { en: 'everything was refunded', zh: '已全部退款' },
  'paid-with-points': { en: 'the order was partly paid with points', zh: '订单部分由积分支付' },
  'paid-by-gift-card': { en: 'the order was partly paid by gift card', zh: '订单部分由礼品卡支付' },
  'nothing-in-basis': { en: 'nothing of the order counts for it', zh: '订单中没有可计分的部分' },
} satisfies ReasonWords;
