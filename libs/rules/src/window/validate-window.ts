import type {
  EarnRule,
  Limit,
  ProgramDocument,
  SharedLimit,
  StreakEarn,
  TargetEarn,
  Violation,
} from '@jifen/contracts';
import { parseDecimal, powerOfTen } from '@jifen/kernel';
import { worthProblem } from '../point-value.ts';
import { ruleMoney } from '../rule-money.ts';
import { NONE, violation } from '../violation.ts';
import { isOnce, limitKey, thresholdOf } from './compile-window.ts';

/** What the schema cannot say about limits and win-backs of a rule. */
export const windowViolations = (document: ProgramDocument, rule: EarnRule, pointer: string): readonly Violation[] => [
  ...limitViolations(document, rule, pointer),
  ...winBackViolations(rule, pointer),
];

function limitViolations(document: ProgramDocument, rule: EarnRule, pointer: string): Violation[] {
  const { limits = [] } = rule;
  if (limits.length > 0 && isOnce(rule))
    return [violation(`${pointer}/limits`, 'must be absent: a rule that pays once needs no limit')];
  if (limits.length > 0 && rule.earn.form === 'target')
    return [violation(`${pointer}/limits`, 'must be absent: a target pays once a window')];
  const keys = limits.map((limit) => limitKey('', limit));
  return limits.flatMap((limit, index) => [
    ...bounded(document, limit, rule.currency, `${pointer}/limits/${index}`),
    ...(keys.indexOf(keys[index] ?? '') === index
      ? []
      : [violation(`${pointer}/limits/${index}/per`, 'the rule has a limit of this period already; join the two')]),
  ]);
}

function bounded(
  document: ProgramDocument,
  { points, count, worth }: Limit,
  currency: string,
  pointer: string,
): Violation[] {
  if (points === undefined && count === undefined && worth === undefined)
    return [violation(pointer, 'must have points or count, or both; worth says in money what points say')];
  if (worth === undefined) return [];
  if (points !== undefined) return [violation(`${pointer}/worth`, 'must be absent beside points: they say the same')];
  const problem = worthProblem(document, currency, worth);
  return problem === undefined ? [] : [violation(`${pointer}/worth`, problem)];
}

export function sharedLimitViolations(document: ProgramDocument, limit: SharedLimit, pointer: string): Violation[] {
  const codes = document.currencies.map(({ code }) => code);
  const known = new Map(document.rules.map((rule) => [rule.id, rule]));
  return [
    ...(codes.includes(limit.currency)
      ? bounded(document, limit, limit.currency, pointer)
      : [violation(`${pointer}/currency`, `must be one of the currencies: ${codes.join(', ')}`)]),
    ...(limit.rules ?? []).flatMap((id, index) => {
      const place = `${pointer}/rules/${index}`;
      const rule = known.get(id);
      if (rule === undefined) return [violation(place, `"${id}" is no rule of this program`)];
      if (rule.currency !== limit.currency)
        return [violation(place, `"${id}" earns ${rule.currency}; the limit is for ${limit.currency}`)];
      if (isOnce(rule) || rule.earn.form === 'target')
        return [violation(place, `"${id}" is bounded by itself: no limit counts rules that pay once, or targets`)];
      return [];
    }),
  ];
}

function winBackViolations({ winBack, earn }: EarnRule, pointer: string): Violation[] {
  if (winBack === undefined) return [];
  return earn.form === 'target' || earn.form === 'streak' || (earn.form === 'fixed' && earn.once === true)
    ? [violation(`${pointer}/winBack`, `must be absent for ${earn.form === 'fixed' ? 'once' : earn.form}`)]
    : [];
}

export function streakViolations({ bonuses = [], cycle }: StreakEarn, rule: EarnRule, place: string): Violation[] {
  const days = bonuses.map(({ day }) => day);
  return [
    ...('activity' in rule.when
      ? NONE
      : [violation(place, 'a streak needs an activity: when must be {"activity": …}')]),
    ...days.flatMap((day, index) => {
      const own = `${place}/bonuses/${index}/day`;
      if (days.indexOf(day) !== index) return [violation(own, `day ${day} has a bonus already`)];
      return cycle !== undefined && day > cycle ? [violation(own, `must be at most the cycle of ${cycle} days`)] : [];
    }),
  ];
}

export function targetViolations(
  earn: TargetEarn,
  document: ProgramDocument,
  rule: EarnRule,
  place: string,
): Violation[] {
  const violations: Violation[] = [];
  const thresholds = [earn.reach, earn.exceed].filter((text) => text !== undefined);
  const [text] = thresholds;
  if (thresholds.length !== 1 || text === undefined)
    violations.push(violation(place, 'must have one of reach (at least) and exceed (strictly more)'));
  else {
    const money = ruleMoney(document, rule);
    const decimals = document.currencies.find(({ code }) => code === rule.currency)?.decimals ?? 0;
    const threshold = thresholdOf(text, earn.metric, money, decimals);
    if (!Number.isSafeInteger(threshold) || (earn.reach !== undefined && threshold < 1))
      violations.push(
        violation(place, `"${text}" is no threshold of ${earn.metric}: too many decimals, or not above 0`),
      );
  }
  if (earn.points === undefined && earn.by === undefined)
    violations.push(violation(place, 'must have points, or by (a factor on what the rules in "of" gave)'));
  if ((earn.by !== undefined || earn.metric === 'points') && earn.of === undefined)
    violations.push(violation(place, 'must have of: the rules whose points are counted'));
  const factor = earn.by === undefined ? undefined : parseDecimal(earn.by);
  if (factor !== undefined && factor.units < powerOfTen(factor.scale))
    violations.push(violation(`${place}/by`, 'must be at least 1'));
  if (earn.metric === 'amount' && !('order' in rule.when))
    violations.push(violation(place, 'an amount needs orders: when must be {"order": …}'));
  (earn.of ?? []).forEach((id, index) => {
    const other = document.rules.find((each) => each.id === id);
    const own = `${place}/of/${index}`;
    if (other === undefined) violations.push(violation(own, `"${id}" is no rule of this program`));
    else if (other.currency !== rule.currency)
      violations.push(violation(own, `"${id}" earns ${other.currency}; it must earn ${rule.currency}`));
    else if (isOnce(other) || other.earn.form === 'target')
      violations.push(violation(own, `"${id}" pays once or is a target; it cannot be counted`));
  });
  return violations;
}
