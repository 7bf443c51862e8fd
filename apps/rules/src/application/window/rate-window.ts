import { instant, instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import {
  dueOf,
  enrolmentBucket,
  passes,
  windowAt,
  type CompiledProgram,
  type RatedAward,
  type RatingInput,
  type TargetRule,
  type WindowSum,
} from '@jifen/rules';
import type { BatchSession } from '../batch-session.ts';
import { rateFunded } from '../budget/rate-funded.ts';
import { OWN_SOURCE, ratingStream } from '../rating-stream.ts';
import { settle } from '../settle-rating.ts';
import type { Windowed } from './rate-in-windows.ts';

/** Name of the window of a challenge: a member joins it once. */
const ENROLLED = 'enrolled';

/** A window whose sum a change may have touched. */
export interface TouchedWindow {
  /** Of one of the causes that are another than they were. */
  readonly at: Instant;
  readonly program: CompiledProgram;
  /** Of the earliest and the latest of them. */
  readonly first: Instant;
  readonly last: Instant;
}

interface Summed {
  readonly program: CompiledProgram;
  readonly rule: string;
  readonly window: string;
  readonly end: Instant | undefined;
  readonly sum: WindowSum;
}

/** Windows are causes of their own: each is rated by what everything in it adds up to, when that changes what it pays. */
export async function rateWindows<Sql>(
  session: BatchSession<Sql>,
  arrived: Windowed,
  touched: ReadonlyMap<string, TouchedWindow>,
): Promise<void> {
  const { owner, input } = arrived;
  const buckets = new Map(touched);
  const joined = await join(session, arrived);
  const at = instant(arrived.head.occurredAt);
  for (const rule of joined) buckets.set(`${rule}/${ENROLLED}`, { at, first: at, last: at, program: arrived.program });
  if (buckets.size === 0) return;
  const summed: Summed[] = [];
  for (const [bucket, change] of buckets) {
    const { targets } = change.program.windows ?? {};
    const target = targets?.find(({ rule }) => bucket.startsWith(`${rule}/`));
    const window = target && (await summedUp(session, arrived, target, bucket, change));
    if (window !== undefined) summed.push(window);
  }
  await session.ratings.need(
    summed.map(({ rule, window }) => ratingStream(owner, OWN_SOURCE, 'window', `${rule}.${window}`)),
  );
  for (const window of summed) await append(session, arrived, window, input.member);
}

/** Remembers when the member joined a challenge, if no earlier enrolment is known; answers the rules that it changes. */
async function join<Sql>(session: BatchSession<Sql>, { owner, input, program }: Windowed): Promise<readonly string[]> {
  if (input.kind !== 'activity') return [];
  const rules = (program.windows?.targets ?? [])
    .filter(({ window }) => typeof window === 'object' && window.enrolment === input.type)
    .map(({ rule }) => rule);
  if (rules.length === 0) return [];
  await session.windows.loadTotals(new Map([[owner, rules.map(enrolmentBucket)]]));
  const { totals } = session.windows.history(owner);
  const millis = instantToMillis(input.at);
  return rules.filter((rule) => {
    const [known, version] = totals.of(enrolmentBucket(rule));
    if (version > 0 && known <= millis) return false;
    totals.set(enrolmentBucket(rule), [millis, program.version]);
    return true;
  });
}

async function summedUp<Sql>(
  session: BatchSession<Sql>,
  { owner, head }: Windowed,
  { rule, window }: TargetRule,
  bucket: string,
  { at, program: asking, first, last: latest }: TouchedWindow,
): Promise<Summed | undefined> {
  const history = session.windows.history(owner);
  if (typeof window === 'object') {
    await session.windows.loadTotals(new Map([[owner, [enrolmentBucket(rule)]]]));
    const [millis, version] = history.totals.of(enrolmentBucket(rule));
    if (version === 0) return undefined;
    const program = await session.program(head.program, version);
    const form = targetIn(program, rule);
    if (typeof form?.window !== 'object') return undefined;
    const start = instantFromMillis(millis);
    const end = program.calendar.addDays(start, form.window.days);
    if (latest < start || first >= end) return undefined;
    await session.windows.load([{ owner, from: start }]);
    const sum = history.sum(bucket, start, end);
    const last = form.fixed ? history.passedAt(bucket, (each) => passes(form, each), start, end) : sum.last;
    return { program, rule, window: ENROLLED, end, sum: { ...sum, last } };
  }
  const span = windowAt(asking.calendar, window, at);
  const version = await session.holderOf(head.program, rule, window, span);
  if (version === undefined) return undefined;
  const { key, end } = span;
  const [metric, earned] = history.totals.of(bucket);
  const program = await session.program(head.program, version);
  const form = targetIn(program, rule);
  if (form === undefined) return undefined;
  await session.windows.loadTotals(new Map([[owner, history.daysIn(bucket)]]));
  const last = form.fixed
    ? history.passedAt(bucket, (sum) => passes(form, sum))
    : await session.windows.lastCounted(owner, bucket);
  return { program, rule, window: key, end, sum: { metric, earned, last } };
}

const dueIn = (awards: readonly RatedAward[] = []): number => (awards[0] === undefined ? 0 : dueOf(awards[0]));

const targetIn = ({ windows }: CompiledProgram, rule: string): TargetRule | undefined =>
  windows?.targets.find((target) => target.rule === rule);

async function append<Sql>(
  session: BatchSession<Sql>,
  arrived: Windowed,
  summed: Summed,
  member: string,
): Promise<void> {
  const { owner, partition, meta, head } = arrived;
  const { program, rule, window, end, sum } = summed;
  const id = `${rule}.${window}`;
  const stream = ratingStream(owner, OWN_SOURCE, 'window', id);
  const last = session.ratings.of(stream);
  const at = sum.last ?? instant(last?.made.occurredAt ?? head.occurredAt);
  const input: RatingInput = {
    kind: 'window',
    member,
    source: OWN_SOURCE,
    id,
    rule,
    window,
    at,
    end,
    metric: sum.metric,
    earned: sum.earned,
  };
  const cause = { source: OWN_SOURCE, id, revision: (last?.version ?? 0) + 1 };
  const own = { owner, partition, meta, head: { ...head, cause, occurredAt: at }, last };
  const rating = await rateFunded(session, own, program, input);
  const [due, before] = [rating.awards[0], last?.made.awards[0]];
  const same = dueIn(rating.awards) === dueIn(last?.made.awards) && due?.wished === before?.wished;
  // Where nothing was granted and nothing is wished, or the same at the same time, there is nothing to say.
  if (same && (due === undefined || last?.made.occurredAt === at)) return;
  await settle(session, own, { program, input, rating });
}
