import type { EarnRule, Limit, SharedLimit } from '@jifen/contracts';
import { DAY, instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from '../compile.ts';
import { ruleMoney } from '../rule-money.ts';
import { targetBucket } from './buckets.ts';
import { compileStreak, limitKey, sharedLimitKey, type TargetRule } from './compile-window.ts';
import { sentences, type Told } from './goal-words.ts';
import type { History } from './history.ts';
import { dayNumber, windowAt, windowKeys, type Window } from './period.ts';
import { passes, reached } from './target.ts';

/** How far a member is: values are minor units of money, smallest units of points, times or days, as `metric` says. */
export interface Goal extends Told {
  readonly en: string;
  readonly zh: string;
}

/** When a member joined a challenge, and the version that says what it is. */
export interface Enrolment {
  readonly at: Instant;
  readonly program: CompiledProgram;
}

/** The goals of the windows that an instant is in: what was reached of each and what is missing, in order of the document. */
export function goalsOf(
  program: CompiledProgram,
  history: History,
  at: Instant,
  enrolments: ReadonlyMap<string, Enrolment>,
): readonly Goal[] {
  const { document, windows } = program;
  if (windows === undefined) return [];
  const place = { at, source: '', kind: 'activity', id: '' } as const;
  const { left = {} } = history.past(program, place, () => undefined);
  const told = [
    ...document.rules.flatMap((rule) => [
      ...targetGoals(program, history, at, rule, enrolments.get(rule.id)),
      ...streakGoals(program, history, at, rule),
      ...(rule.limits ?? []).flatMap((limit) => limitGoals(program, at, left, limit, rule)),
    ]),
    ...(document.limits ?? []).flatMap((limit) => limitGoals(program, at, left, limit)),
  ];
  return told.map((goal) => ({ ...goal, ...sentences(program, goal) }));
}

const named = ({ id, name, currency }: EarnRule): Pick<Told, 'rule' | 'name' | 'currency'> => ({
  rule: id,
  ...(name === undefined ? {} : { name }),
  currency,
});

const between = ({ key, start, end }: Window): Pick<Told, 'window' | 'from' | 'until'> => ({
  window: key,
  from: start,
  ...(end === undefined ? {} : { until: end }),
});

function targetGoals(
  inForce: CompiledProgram,
  history: History,
  at: Instant,
  current: EarnRule,
  enrolment: Enrolment | undefined,
): readonly Told[] {
  const found = targetIn(enrolment?.program ?? inForce, current.id);
  if (found === undefined) return [];
  const { rule, target } = found;
  const program = enrolment?.program ?? inForce;
  const { factor, threshold: goal, strict, metric, window: per } = target;
  const bucket = targetBucket(target, windowKeys(program.calendar, at));
  const window = windowOf(program, per, at, enrolment);
  // A challenge that has ended is no goal any more: its rating says what came of it.
  if (window?.end !== undefined && window.end <= at) return [];
  const sum = sumOf(history, bucket, per, window);
  const passing = Math.max(sum.metric, strict ? goal + 1 : goal);
  const gives = reached(target, { earned: sum.earned, metric: passing, window: window?.key ?? '' }).target;
  return [
    {
      ...named(rule),
      kind: 'target',
      state: window === undefined ? 'not-enrolled' : passes(target, sum.metric) ? 'reached' : 'approaching',
      ...(window === undefined ? { window: 'enrolled' } : between(window)),
      metric,
      ...(metric === 'amount' ? { money: ruleMoney(program.document, rule) } : {}),
      ...(strict ? { strict } : {}),
      reached: sum.metric,
      goal,
      missing: Math.max(0, passing - sum.metric),
      gives,
      ...(factor === undefined ? {} : { factor: factor.text }),
      ...(window === undefined && typeof per === 'object' ? { joinBy: per.enrolment } : {}),
    },
  ];
}

function targetIn(
  { document, windows }: CompiledProgram,
  id: string,
): { readonly rule: EarnRule; readonly target: TargetRule } | undefined {
  const rule = document.rules.find((each) => each.id === id);
  const target = windows?.targets.find((each) => each.rule === id);
  return rule === undefined || target === undefined ? undefined : { rule, target };
}

/** `undefined` for a challenge that the member has not joined. */
function windowOf(
  { calendar }: CompiledProgram,
  per: TargetRule['window'],
  at: Instant,
  enrolment: Enrolment | undefined,
): Window | undefined {
  if (typeof per === 'string') return windowAt(calendar, per, at);
  return enrolment && { key: 'enrolled', start: enrolment.at, end: calendar.addDays(enrolment.at, per.days) };
}

function sumOf(
  history: History,
  bucket: string,
  per: TargetRule['window'],
  window: Window | undefined,
): { readonly metric: number; readonly earned: number } {
  if (window === undefined) return { metric: 0, earned: 0 };
  if (typeof per === 'object' && window.end !== undefined) return history.sum(bucket, window.start, window.end);
  const [metric, earned] = history.totals.of(bucket);
  return { metric, earned };
}

function streakGoals({ calendar }: CompiledProgram, history: History, at: Instant, rule: EarnRule): readonly Told[] {
  if (rule.earn.form !== 'streak') return [];
  const form = compileStreak(rule.earn);
  const today = dayNumber(calendar, at);
  const last = history.entries().findLast((entry) => entry.at <= at && entry.part.run?.[rule.id] !== undefined);
  const [day, run] = last?.part.run?.[rule.id] ?? [0, 0];
  const length = day >= today - 1 ? run : 0;
  const next = length > 0 && day === today ? today + 1 : today;
  const { missing, gives } = nextDay(form, length);
  return [
    {
      ...named(rule),
      kind: 'streak',
      state: 'approaching',
      window: 'run',
      from: calendar.fromWall((next - length) * DAY),
      until: calendar.fromWall((next + 1) * DAY),
      metric: 'days',
      reached: length,
      goal: length + missing,
      missing,
      gives,
    },
  ];
}

/** The next day with a bonus, or else the next day. */
function nextDay(
  { points, bonuses, cycle }: ReturnType<typeof compileStreak>,
  length: number,
): { readonly missing: number; readonly gives: number } {
  const day = cycle === undefined ? length : length % cycle;
  const days = [...bonuses].sort(([a], [b]) => a - b);
  const [first] = days;
  const ahead = days.find(([bonus]) => bonus > day);
  if (ahead !== undefined) return { missing: ahead[0] - day, gives: points + ahead[1] };
  if (cycle !== undefined && first !== undefined) return { missing: cycle - day + first[0], gives: points + first[1] };
  return { missing: 1, gives: points };
}

/** `rule`: absent for a limit that several rules share. One that counts by store or the like depends on what comes next. */
function limitGoals(
  { calendar, windows }: CompiledProgram,
  at: Instant,
  left: Readonly<Record<string, number>>,
  limit: Limit | SharedLimit,
  rule?: EarnRule,
): readonly Told[] {
  const key = 'id' in limit ? sharedLimitKey(limit) : limitKey(rule?.id ?? '', limit);
  const { per } = limit;
  const known = windows?.limits.find((each) => each.key === key);
  if (known === undefined || known.each !== undefined) return [];
  const window: Pick<Told, 'window' | 'from' | 'until'> =
    typeof per === 'string'
      ? between(windowAt(calendar, per, at))
      : { window: 'rolling', from: instantFromMillis(Math.max(0, instantToMillis(at) - per.days * DAY)) };
  const about = 'id' in limit ? { limit: limit.id, currency: limit.currency } : rule && named(rule);
  if (about === undefined) return [];
  return (['points', 'count'] as const).flatMap((metric): readonly Told[] => {
    const goal = known[metric];
    const missing = left[`${key}:${metric}`];
    if (goal === undefined || missing === undefined) return [];
    const state = missing === 0 ? 'reached' : 'approaching';
    return [{ ...about, kind: 'limit', state, ...window, metric, reached: goal - missing, goal, missing }];
  });
}
