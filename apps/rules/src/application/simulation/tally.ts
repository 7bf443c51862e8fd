import type { ProgramDocument } from '@jifen/contracts';
import { parseDecimal, currencyDecimals, divideRounded, formatMoney, money, powerOfTen } from '@jifen/kernel';
import type { MemberOutcome, Standing } from './member-outcome.ts';

/** Members that the report names: those whom the change touches most. */
const MAX_AFFECTED = 20;
/** V06: what points may cost, in percent of revenue. */
const GATE_PERCENT = '3.00';
const VALUE_OF_POINT = '0.01';
const NO_TIER = '-';

export interface Change {
  readonly candidate: number;
  readonly baseline: number;
  readonly change: number;
}

type MoneyText = { readonly amount: string; readonly currency: string };

export interface Totals {
  readonly members: number;
  readonly causes: number;
  readonly totals: readonly (Change & { readonly currency: string; readonly cost: CostChange })[];
  readonly rules: readonly (Change & { readonly rule: string; readonly currency: string })[];
  /** By the tier in force when it was earned. */
  readonly tiers: readonly (Change & { readonly tier: string; readonly currency: string })[];
  readonly affected: {
    /** Members whose points differ. */
    readonly members: number;
    readonly most: readonly (Change & { readonly member: string; readonly currency: string })[];
  };
  /** Tiers by the points of the simulated history alone, under each program's ladder. Empty where that cannot be told. */
  readonly migration: readonly { readonly from: string; readonly to: string; readonly members: number }[];
  /** Why nobody's tier can be told; absent where it can. */
  readonly migrationUnknown?: { readonly en: string; readonly zh: string };
  readonly costGate: {
    readonly revenue: MoneyText;
    readonly cost: MoneyText;
    /** Cost in percent of revenue; absent without revenue. */
    readonly percent?: string;
    readonly limit: string;
    readonly within: boolean;
  };
}

interface CostChange {
  readonly candidate: MoneyText;
  readonly baseline: MoneyText;
}

interface Sum {
  candidate: number;
  baseline: number;
}

type SumRow = readonly [key: string, candidate: number, baseline: number];

/** A tally as it can be stored, and added to another. */
export interface TallyState {
  readonly members: number;
  readonly affected: number;
  readonly causes: number;
  readonly revenue: number;
  readonly totals: readonly SumRow[];
  readonly rules: readonly SumRow[];
  readonly tiers: readonly SumRow[];
  readonly moves: readonly (readonly [string, number])[];
  readonly most: readonly { readonly member: string; readonly currency: string; readonly sum: Readonly<Sum> }[];
}

const rowsOf = (sums: ReadonlyMap<string, Sum>): readonly SumRow[] =>
  [...sums].map(([key, { candidate, baseline }]) => [key, candidate, baseline]);

function addRows(sums: Map<string, Sum>, rows: readonly SumRow[]): void {
  for (const [key, candidate, baseline] of rows) {
    const sum = sums.get(key) ?? { candidate: 0, baseline: 0 };
    sums.set(key, { candidate: sum.candidate + candidate, baseline: sum.baseline + baseline });
  }
}

const changeOf = ({ candidate, baseline }: Sum): Change => ({ candidate, baseline, change: candidate - baseline });

/** Adds up what members would have and have, and keeps those of whom it makes the greatest difference. */
export class Tally {
  readonly #candidate: ProgramDocument;
  readonly #baseline: ProgramDocument;
  readonly #sums = { totals: new Map<string, Sum>(), rules: new Map<string, Sum>(), tiers: new Map<string, Sum>() };
  /** Why tiers cannot be told. */
  readonly #unknown: Totals['migrationUnknown'];
  readonly #moves = new Map<string, number>();
  #most: { member: string; currency: string; sum: Sum }[] = [];
  #members = 0;
  #affected = 0;
  #causes = 0;
  #revenue = 0;

  constructor(candidate: ProgramDocument, baseline: ProgramDocument) {
    this.#candidate = candidate;
    this.#baseline = baseline;
    this.#unknown = unknownTiers(candidate) ?? unknownTiers(baseline);
  }

  add({ member, candidate, baseline, causes, revenue }: MemberOutcome): void {
    const own = new Map<string, Sum>();
    this.#count(candidate, 'candidate', own);
    this.#count(baseline, 'baseline', own);
    this.#members += 1;
    this.#causes += causes;
    this.#revenue += revenue;
    const changed = [...own].filter(([, sum]) => sum.candidate !== sum.baseline);
    if (changed.length > 0) this.#affected += 1;
    this.#keep(member, changed);
    if (this.#unknown !== undefined) return;
    const from = tierOf(this.#baseline, (currency) => own.get(currency)?.baseline ?? 0);
    const to = tierOf(this.#candidate, (currency) => own.get(currency)?.candidate ?? 0);
    if (from !== to) this.#moves.set(`${from} ${to}`, (this.#moves.get(`${from} ${to}`) ?? 0) + 1);
  }

  state(): TallyState {
    const { totals, rules, tiers } = this.#sums;
    return {
      members: this.#members,
      affected: this.#affected,
      causes: this.#causes,
      revenue: this.#revenue,
      totals: rowsOf(totals),
      rules: rowsOf(rules),
      tiers: rowsOf(tiers),
      moves: [...this.#moves],
      most: this.#most,
    };
  }

  merge(state: TallyState): void {
    this.#members += state.members;
    this.#affected += state.affected;
    this.#causes += state.causes;
    this.#revenue += state.revenue;
    addRows(this.#sums.totals, state.totals);
    addRows(this.#sums.rules, state.rules);
    addRows(this.#sums.tiers, state.tiers);
    for (const [move, members] of state.moves) this.#moves.set(move, (this.#moves.get(move) ?? 0) + members);
    for (const { member, currency, sum } of state.most) this.#keep(member, [[currency, { ...sum }]]);
  }

  report(): Totals {
    const { totals, rules, tiers } = this.#sums;
    const costs = [...totals].map(([currency, sum]) => ({
      currency,
      ...changeOf(sum),
      cost: { candidate: this.#cost(currency, sum.candidate), baseline: this.#cost(currency, sum.baseline) },
    }));
    const named = (key: string): readonly [string, string] => key.split('\n') as [string, string];
    return {
      members: this.#members,
      causes: this.#causes,
      totals: costs,
      rules: [...rules].map(([key, sum]) => ({ rule: named(key)[0], currency: named(key)[1], ...changeOf(sum) })),
      tiers: [...tiers].map(([key, sum]) => ({ tier: named(key)[0], currency: named(key)[1], ...changeOf(sum) })),
      affected: {
        members: this.#affected,
        most: this.#most.map(({ member, currency, sum }) => ({ member, currency, ...changeOf(sum) })),
      },
      migration: [...this.#moves].map(([key, members]) => {
        const [from = '', to = ''] = key.split(' ');
        return { from, to, members };
      }),
      ...(this.#unknown === undefined ? {} : { migrationUnknown: this.#unknown }),
      costGate: this.#gate(),
    };
  }

  #count({ awards }: Standing, side: keyof Sum, own: Map<string, Sum>): void {
    for (const { currency, rule, tier = NO_TIER, target } of awards) {
      const { totals, rules, tiers } = this.#sums;
      for (const [sums, key] of [
        [own, currency],
        [totals, currency],
        [rules, `${rule}\n${currency}`],
        [tiers, `${tier}\n${currency}`],
      ] as const) {
        const sum = sums.get(key) ?? { candidate: 0, baseline: 0 };
        sum[side] += target;
        sums.set(key, sum);
      }
    }
  }

  #keep(member: string, changed: readonly (readonly [string, Sum])[]): void {
    for (const [currency, sum] of changed) this.#most.push({ member, currency, sum });
    if (this.#most.length <= MAX_AFFECTED) return;
    const size = ({ sum }: { sum: Sum }): number => Math.abs(sum.candidate - sum.baseline);
    this.#most = this.#most.toSorted((a, b) => size(b) - size(a)).slice(0, MAX_AFFECTED);
  }

  /** Whole minor units, up: a cost is never told too low. */
  #minor(currency: string, points: number): bigint {
    const { pointValue, currencies, moneyCurrency } = this.#candidate;
    const value = pointValue?.find((each) => each.currency === currency)?.money ?? VALUE_OF_POINT;
    const { units, scale } = parseDecimal(value) ?? { units: 1n, scale: 2 };
    const decimals = currencies.find(({ code }) => code === currency)?.decimals ?? 0;
    const numerator = BigInt(points) * units * powerOfTen(currencyDecimals(moneyCurrency));
    return divideRounded(numerator, powerOfTen(scale) * powerOfTen(decimals), 'ceil');
  }

  #money(minor: bigint): MoneyText {
    const { moneyCurrency: currency } = this.#candidate;
    return { amount: formatMoney(money(Number(minor)), currency), currency };
  }

  #cost = (currency: string, points: number): MoneyText => this.#money(this.#minor(currency, points));

  #gate(): Totals['costGate'] {
    const cost = [...this.#sums.totals].reduce(
      (sum, [currency, { candidate }]) => sum + this.#minor(currency, candidate),
      0n,
    );
    const revenue = BigInt(this.#revenue);
    const within = cost * 100n <= revenue * 3n;
    const told = { revenue: this.#money(revenue), cost: this.#money(cost), limit: GATE_PERCENT, within };
    if (revenue === 0n) return told;
    const hundredths = divideRounded(cost * 10_000n, revenue, 'ceil');
    return { ...told, percent: `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}` };
  }
}

/** Only the sum of all points ever earned follows from ratings alone: the rest is for tiering to say. */
function unknownTiers({ ladder }: ProgramDocument): Totals['migrationUnknown'] {
  if (ladder === undefined || ladder.basis === 'lifetime-points') return undefined;
  const { basis } = ladder;
  return {
    en: `The ladder counts ${basis}${basis === 'points' ? ' of a window' : ''}: a simulation of ratings cannot tell who would be in which tier.`,
    zh: `等级体系按${basis === 'points' ? '窗口内的' : ''} ${basis} 定级：计分试算无法得知会员将处于哪个等级。`,
  };
}

function tierOf({ ladder }: ProgramDocument, points: (currency: string) => number): string {
  if (ladder === undefined) return NO_TIER;
  const have = points(ladder.currency);
  return ladder.tiers.findLast(({ threshold }) => threshold <= have)?.code ?? NO_TIER;
}
