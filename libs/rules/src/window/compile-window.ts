import type { EarnRule, Limit, ProgramDocument, SharedLimit, StreakEarn, TargetEarn } from '@jifen/contracts';
import { DAY, parseDecimal, parseMoney, powerOfTen, present, type Decimal, type RoundingMode } from '@jifen/kernel';
import type { CompiledRule } from '../compile.ts';
import { pointsWorth } from '../point-value.ts';
import type { CalendarPeriod } from './period.ts';

export interface CompiledLimit {
  /** The same in every version that has the limit. */
  readonly key: string;
  readonly per: CalendarPeriod | { readonly days: number };
  /** Every value of it counts for itself. */
  readonly each: string | undefined;
  readonly points: number | undefined;
  readonly count: number | undefined;
}

export interface StreakForm {
  readonly form: 'streak';
  readonly points: number;
  readonly bonuses: ReadonlyMap<number, number>;
  readonly cycle: number | undefined;
}

export interface TargetForm {
  readonly form: 'target';
  readonly window: TargetEarn['window'];
  readonly metric: TargetEarn['metric'];
  readonly basis: number | undefined;
  readonly of: readonly string[];
  /** In minor units of money, smallest units of points, or times. */
  readonly threshold: number;
  /** The threshold itself is not enough. */
  readonly strict: boolean;
  readonly points: number | undefined;
  /** Fixed points, that are earned when the sum passes; a share of everything grows with everything. */
  readonly fixed: boolean;
  readonly factor: { readonly text: string; readonly value: Decimal } | undefined;
  readonly rounding: RoundingMode;
}

/** What of a program depends on more than one cause; absent where nothing does. */
export interface WindowUse {
  /** How far back a rating looks at single causes, in milliseconds. */
  readonly lookBack: number;
  readonly limits: readonly CompiledLimit[];
  readonly targets: readonly TargetRule[];
  readonly winBacks: readonly { readonly rule: string; readonly days: number; readonly when: EarnRule['when'] }[];
  readonly streaks: readonly string[];
}

export interface TargetRule extends TargetForm {
  readonly rule: string;
}

const perText = (per: Limit['per']): string => (typeof per === 'string' ? per : `${per.days}-days`);

/** The rule, or `*` and the id of a shared one, and the period. */
export const limitKey = (rule: string, { per, each }: Pick<Limit, 'per' | 'each'>): string =>
  `${rule}:${perText(per)}${each === undefined ? '' : `:each-${each}`}`;
export const sharedLimitKey = (limit: SharedLimit): string => limitKey(`*${limit.id}`, limit);

export const isOnce = ({ earn }: EarnRule): boolean => earn.form === 'fixed' && earn.once === true;

/** Rules that pay once, and targets, are bounded by themselves: no limit counts them. */
const isLimited = (rule: EarnRule): boolean => !isOnce(rule) && rule.earn.form !== 'target';

/** A limit as it stands in a document, with what it says in money in points. */
export function inPoints<Bound extends Limit>(document: ProgramDocument, currency: string, limit: Bound): Bound {
  const { worth, ...rest } = limit;
  return worth === undefined ? limit : { ...(rest as Bound), points: pointsWorth(document, currency, worth) };
}

export function limitsOf(document: ProgramDocument, rule: EarnRule): readonly CompiledLimit[] {
  if (!isLimited(rule)) return [];
  const compiled = (key: string, limit: Limit): CompiledLimit => {
    const { per, each, points, count } = inPoints(document, rule.currency, limit);
    return { key, per, each, points, count };
  };
  const own = (rule.limits ?? []).map((limit) => compiled(limitKey(rule.id, limit), limit));
  const shared = (document.limits ?? [])
    .filter((limit) => limit.currency === rule.currency && (limit.rules?.includes(rule.id) ?? true))
    .map((limit) => compiled(sharedLimitKey(limit), limit));
  return [...own, ...shared];
}

export const compileStreak = ({ points, bonuses, cycle }: StreakEarn): StreakForm => ({
  form: 'streak',
  points,
  bonuses: new Map(bonuses?.map(({ day, points: extra }) => [day, extra])),
  cycle,
});

export function compileTarget(
  earn: TargetEarn,
  money: string,
  decimals: number,
  basisOf: (basis?: TargetEarn['basis']) => number,
): TargetForm {
  const text = present(earn.exceed ?? earn.reach, 'a threshold');
  const { by } = earn;
  return {
    form: 'target',
    window: earn.window,
    metric: earn.metric,
    basis: earn.metric === 'amount' ? basisOf(earn.basis) : undefined,
    of: earn.of ?? [],
    threshold: thresholdOf(text, earn.metric, money, decimals),
    strict: earn.exceed !== undefined,
    points: earn.points,
    fixed: by === undefined,
    factor: by === undefined ? undefined : { text: by, value: present(parseDecimal(by), 'factor') },
    rounding: earn.rounding ?? 'floor',
  };
}

/** `NaN` when the text is no threshold of the metric. */
export function thresholdOf(text: string, metric: TargetEarn['metric'], money: string, decimals: number): number {
  if (metric === 'amount') {
    const amount = parseMoney(text, money);
    return amount.ok ? amount.value : Number.NaN;
  }
  const value = present(parseDecimal(text), 'a number');
  const places = metric === 'points' ? decimals : 0;
  const scaled = value.units * powerOfTen(places);
  const unit = powerOfTen(value.scale);
  return scaled % unit === 0n ? Number(scaled / unit) : Number.NaN;
}

/** Clocks that go back make a day longer. */
const LONGEST_DAY = DAY + 7_200_000;

export function windowUse(
  document: ProgramDocument,
  rules: readonly Pick<CompiledRule, 'id' | 'limits' | 'earn'>[],
): WindowUse | undefined {
  const limits = new Map(rules.flatMap((rule) => rule.limits.map((limit) => [limit.key, limit])));
  const targets = rules.flatMap(({ id, earn: { target } }) => (target === undefined ? [] : [{ rule: id, ...target }]));
  const winBacks = document.rules.flatMap(({ id, winBack, when }) =>
    winBack === undefined ? [] : [{ rule: id, days: winBack.silentDays, when }],
  );
  const streaks = document.rules.filter(({ earn }) => earn.form === 'streak').map(({ id }) => id);
  if (limits.size + targets.length + winBacks.length + streaks.length === 0) return undefined;
  const back = [0];
  for (const { per } of limits.values()) if (typeof per === 'object') back.push(per.days * DAY);
  for (const { window } of targets) if (typeof window === 'object') back.push((window.days + 1) * DAY);
  if (streaks.length > 0) back.push(2 * LONGEST_DAY);
  return { lookBack: Math.max(...back), limits: [...limits.values()], targets, winBacks, streaks };
}
