import { assert, instant, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from './compile.ts';
import type { RatedLine, RatedOrder } from './order/rated-order.ts';
import type { OnceAward } from './earn/once.ts';
import type { Data, Facts } from './facts.ts';
import type { PackedFunding } from './budget/funding.ts';
import { used } from './order/use.ts';
import type { RatingInput } from './rate.ts';
import type { Past } from './window/entry.ts';
import type { WindowInput } from './window/target.ts';

/**
 * What a rating used of its cause, as small as it gets: short names, nothing that has its usual value, nothing that no rule
 * of the program looks at. The cause's instant, its tier and its version stand in the rating itself.
 */
export interface PackedOrder {
  /** status; absent: paid */
  s?: RatedOrder['status'];
  /** completedAt */
  d?: string;
  /** currency; absent: the program's */
  c?: string;
  /** lines: [amount, discount, refunded, tax, more]; 0 is a gift */
  l?: readonly (0 | PackedLine)[];
  /** shipping */
  h?: number;
  /** order discount */
  o?: number;
  /** paid with points */
  p?: number;
  /** paid by gift card */
  g?: number;
  /** 1: tax comes on top of prices */
  t?: 1;
  /** past: what other causes of the member decided */
  k?: Past;
  /** what it took of budgets */
  u?: PackedFunding;
  /** facts */
  f?: Facts;
  /** paid in cash */
  m?: number;
  /** paid by store credit */
  r?: number;
  /** channel */
  n?: string;
  /** store */
  b?: string;
  /** attributes */
  a?: Data;
}

type ActivityInput = Extract<RatingInput, { kind: 'activity' }>;

type PackedLine = readonly (number | PackedMore)[];

interface PackedMore {
  /** returned quantity, of quantity */
  q?: readonly [number, number];
  s?: string;
  p?: string;
  c?: string;
  t?: readonly string[];
  /** quantity; absent: 1 */
  n?: number;
}

/** Of what is known of a member, as much as rules of a program look at. */
export const usedFacts = ({ use }: Pick<CompiledProgram, 'use'>, facts: Facts | undefined): Facts | undefined =>
  used(facts, use.facts);

export function packOrder(program: CompiledProgram, order: RatedOrder, facts?: Facts): PackedOrder {
  const packed: PackedOrder = {};
  const known = usedFacts(program, facts);
  if (known !== undefined) packed.f = known;
  const { use, document } = program;
  if (order.status !== 'paid') packed.s = order.status;
  if (order.currency !== document.moneyCurrency) packed.c = order.currency;
  if (order.status === 'placed' || order.status === 'cancelled') return packed;
  if (use.completion && order.completedAt !== undefined) packed.d = order.completedAt;
  packed.l = order.lines.map((line) => (line === undefined ? 0 : packLine(program, line, order.taxOnTop)));
  if (use.shipping && order.shipping > 0) packed.h = order.shipping;
  if (order.orderDiscount > 0) packed.o = order.orderDiscount;
  if (use.payments && order.pointsPaid > 0) packed.p = order.pointsPaid;
  if (use.payments && order.giftCardPaid > 0) packed.g = order.giftCardPaid;
  if (order.taxOnTop) packed.t = 1;
  if (use.payments && use.cash && order.cashPaid > 0) packed.m = order.cashPaid;
  if (use.payments && use.cash && order.creditPaid > 0) packed.r = order.creditPaid;
  if (use.place && order.channel !== undefined) packed.n = order.channel;
  if (use.place && order.store !== undefined) packed.b = order.store;
  const attributes = used(order.attributes, use.whole ? 'all' : use.attributes);
  if (attributes !== undefined) packed.a = attributes;
  return packed;
}

function packLine({ use }: CompiledProgram, line: RatedLine, taxOnTop: boolean): PackedLine {
  const more: PackedMore = {};
  if (line.returned !== undefined) more.q = line.returned;
  const { sku, product, category } = line;
  if (sku !== undefined && (use.whole || use.named.skus.has(sku))) more.s = sku;
  if (product !== undefined && (use.whole || use.named.products.has(product))) more.p = product;
  if (category !== undefined && (use.whole || use.categories || use.named.categories.has(category))) more.c = category;
  const tags = line.tags?.filter((tag) => use.whole || use.named.tags.has(tag)) ?? [];
  if (tags.length > 0) more.t = tags;
  if (use.quantity && line.quantity !== 1) more.n = line.quantity;
  const numbers = [line.amount, line.discount, line.refunded, use.tax || taxOnTop ? line.tax : 0];
  if (Object.keys(more).length > 0) return [...numbers, more];
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  return numbers;
}

export function unpackOrder(program: CompiledProgram, packed: PackedOrder, at: Instant): RatedOrder {
  return {
    status: packed.s ?? 'paid',
    at,
    completedAt: packed.d === undefined ? undefined : instant(packed.d),
    currency: packed.c ?? program.document.moneyCurrency,
    lines: (packed.l ?? []).map((line) => (line === 0 ? undefined : unpackLine(line))),
    shipping: packed.h ?? 0,
    orderDiscount: packed.o ?? 0,
    pointsPaid: packed.p ?? 0,
    giftCardPaid: packed.g ?? 0,
    taxOnTop: packed.t === 1,
    cashPaid: packed.m ?? 0,
    creditPaid: packed.r ?? 0,
    channel: packed.n,
    store: packed.b,
    attributes: packed.a,
  };
}

function unpackLine(packed: PackedLine): RatedLine {
  const more = packed[4] ?? {};
  assert(typeof more === 'object', 'a packed line has four numbers before what else it has');
  const number = (index: number): number => {
    const value = packed[index] ?? 0;
    assert(typeof value === 'number', 'a packed line begins with numbers');
    return value;
  };
  return {
    amount: number(0),
    discount: number(1),
    refunded: number(2),
    tax: number(3),
    returned: more.q,
    sku: more.s,
    product: more.p,
    category: more.c,
    tags: more.t,
    quantity: more.n ?? 1,
  };
}

export interface PackedActivity {
  /** type */
  a: string;
  /** what had paid once already */
  o?: Readonly<Record<string, OnceAward>>;
  /** past */
  k?: Past;
  /** what it took of budgets */
  u?: PackedFunding;
  /** data */
  v?: Data;
  /** facts */
  f?: Facts;
}

/** What a window adds up to; its instant stands in the rating. */
export interface PackedWindow {
  /** rule and window */
  w: readonly [rule: string, window: string];
  /** metric and points earned */
  m: readonly [metric: number, earned: number];
  /** end */
  e?: string;
  /** what it took of budgets */
  u?: PackedFunding;
}

/** What a rating used of an activity; its source and instant stand in the rating. */
export function packActivity(
  { use }: Pick<CompiledProgram, 'use'>,
  { type, once, data, facts }: Pick<ActivityInput, 'type' | 'once' | 'data' | 'facts'>,
): PackedActivity {
  const packed: PackedActivity = { a: type };
  if (once !== undefined && Object.keys(once).length > 0) packed.o = once;
  const [told, known] = [used(data, use.data), used(facts, use.facts)];
  if (told !== undefined) packed.v = told;
  if (known !== undefined) packed.f = known;
  return packed;
}

export const packWindow = ({ rule, window, metric, earned, end }: WindowInput): PackedWindow => ({
  w: [rule, window],
  m: [metric, earned],
  ...(end === undefined ? {} : { e: end }),
});

export const unpackWindow = ({ w, m, e }: PackedWindow, at: Instant): WindowInput => ({
  kind: 'window',
  rule: w[0],
  window: w[1],
  at,
  metric: m[0],
  earned: m[1],
  ...(e === undefined ? {} : { end: instant(e) }),
});
