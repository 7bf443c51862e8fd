import type { OrderRecorded } from '@jifen/contracts';
import { formatMoney, InvariantError, money, parseMoney } from '@jifen/kernel';
import {
  rate,
  ratedOrder,
  shortfalls,
  shortfallWords,
  type CompiledProgram,
  type Rating,
  type RatingInput,
  type Shortfall,
} from '@jifen/rules';
import type { Gain } from './gains.ts';

/** More of what is in the cart, and what a rule gives more for it. */
export interface Missing {
  readonly rule: string;
  readonly name?: { readonly en: string; readonly zh: string };
  /** One of the two. */
  readonly amount?: { readonly amount: string; readonly currency: string };
  readonly pieces?: number;
  /** Points that the rule gives more, in the smallest unit of the currency. */
  readonly gives: number;
  readonly currency: string;
  readonly en: string;
  readonly zh: string;
}

/** Thresholds that are looked at, and lines of the cart that are tried for each. */
const MAX_SHORTFALLS = 8;
const MAX_LINES = 3;

type Order = OrderRecorded['order'];

/** A cart as it was rated. */
export interface RatedCart {
  readonly order: Order;
  readonly input: RatingInput;
  readonly rating: Rating;
  readonly gains: readonly Gain[];
}

/**
 * What a cart lacks of the next threshold of each rule. Each is tried: the cart is rated again with that much more in it, and what
 * pays no more, for another condition, a limit or a budget, is not told. First by itself, which costs nothing; among all that is
 * known of the member only where the rule would then give more, and once for all rules that lack the same.
 */
export async function missingOf(
  program: CompiledProgram,
  { order, input, rating, gains }: RatedCart,
  gainsWith: (richer: Order) => Promise<readonly Gain[]>,
): Promise<readonly Missing[]> {
  const now = pointsOf(gains);
  const alone = wishes(rating);
  const missing: Missing[] = [];
  const tried = new Map<string, Promise<ReadonlyMap<string, number>>>();
  const pointsWith = (richer: Order): Promise<ReadonlyMap<string, number>> => {
    const key = JSON.stringify(richer.lines);
    const known = tried.get(key) ?? gainsWith(richer).then(pointsOf);
    tried.set(key, known);
    return known;
  };
  for (const shortfall of shortfalls(program, rating.trace).slice(0, MAX_SHORTFALLS)) {
    const rule = program.document.rules.find(({ id }) => id === shortfall.rule);
    if (rule === undefined) continue;
    for (const richer of richerThan(order, shortfall)) {
      if (!wishesMore(program, input, richer, rule.id, alone)) continue;
      const gives = ((await pointsWith(richer)).get(rule.id) ?? 0) - (now.get(rule.id) ?? 0);
      if (gives <= 0) continue;
      missing.push({
        rule: rule.id,
        ...(rule.name === undefined ? {} : { name: rule.name }),
        ...lackOf(order, shortfall),
        gives,
        currency: rule.currency,
        ...shortfallWords(program, shortfall, gives),
      });
      break;
    }
  }
  return missing;
}

/** Rule → what it would give if nothing bounded it. */
const wishes = ({ awards }: Rating): ReadonlyMap<string, number> =>
  new Map(awards.map(({ ruleId, target, wished, approval }) => [ruleId, wished ?? approval?.due ?? target]));

/** Whether a rule would give more for a richer order, whatever limits and budgets then leave of it. */
function wishesMore(
  program: CompiledProgram,
  input: RatingInput,
  richer: Order,
  rule: string,
  now: ReadonlyMap<string, number>,
): boolean {
  if (input.kind !== 'order') return false;
  try {
    const rating = rate(program, { ...input, order: ratedOrder(richer) });
    return (wishes(rating).get(rule) ?? 0) > (now.get(rule) ?? 0);
  } catch (error) {
    // So much of it is no order any more.
    if (error instanceof InvariantError) return false;
    throw error;
  }
}

function pointsOf(gains: readonly Gain[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { rule, points, waiting } of gains) sums.set(rule, (sums.get(rule) ?? 0) + points + waiting);
  return sums;
}

const lackOf = ({ currency }: Order, { unit, missing }: Shortfall): Pick<Missing, 'amount' | 'pieces'> =>
  unit === 'pieces' ? { pieces: missing } : { amount: { amount: formatMoney(money(missing), currency), currency } };

/** The order with that much more of one of its lines; no gift, and each kind of goods once. */
function richerThan(order: Order, { unit, missing }: Shortfall): readonly Order[] {
  const { currency, lines } = order;
  const tried = new Set<string>();
  const richer: Order[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.isGift === true || tried.has(line.sku) || richer.length >= MAX_LINES) continue;
    tried.add(line.sku);
    const amount = parseMoney(line.amount, currency);
    if (!amount.ok) continue;
    const each = Math.floor(amount.value / Math.max(1, line.quantity));
    const added = unit === 'amount' ? missing : each * missing;
    if (!Number.isSafeInteger(amount.value + added)) continue;
    const more = {
      ...line,
      quantity: unit === 'amount' ? line.quantity : line.quantity + missing,
      amount: formatMoney(money(amount.value + added), currency),
    };
    richer.push({ ...order, lines: lines.with(index, more) });
  }
  return richer;
}
