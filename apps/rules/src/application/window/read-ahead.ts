import { instant, instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import {
  bucketsAt,
  bucketsOf,
  enrolmentBucket,
  targetBucket,
  valuesIn,
  windowKeys,
  type CompiledProgram,
  type Counted,
  type Entry,
  type TargetRule,
} from '@jifen/rules';
import type { BatchSession } from '../batch-session.ts';
import type { CauseItem } from '../cause.ts';
import type { BucketPlace } from '../ports.ts';
import { OWN_SOURCE, ratingStream } from '../rating-stream.ts';
import { mayEndSilence } from './silence.ts';
import type { WindowBook } from './window-book.ts';

/** Later causes of a member whose last ratings are read for a late one before it is known whether it touches them. */
export const LATER_AHEAD = 16;

/** A cause of a flush, with the version in force, that is rated among the member's others. */
export interface Arriving {
  readonly item: CauseItem;
  readonly program: CompiledProgram;
}

interface Placed extends Arriving {
  /** The instant that it counts at, and the one that its last rating counts at if that is another. */
  readonly instants: readonly [Instant, ...Instant[]];
  readonly first: Instant;
}

/** First instant that a rating of a cause looks at. */
export function lookBackFrom({ windows }: CompiledProgram, at: Instant): Instant {
  return instantFromMillis(Math.max(0, instantToMillis(at) - (windows?.lookBack ?? 0)));
}

/**
 * Reads for a whole flush what its causes will ask for one by one: the members' causes, totals, last causes of windows, and
 * the ratings of windows and of what comes later. Four statements however many they are, and a fifth where a silence may end; what
 * is not foreseen here is read when it is needed.
 */
export async function readAhead<Sql>(session: BatchSession<Sql>, arriving: readonly Arriving[]): Promise<void> {
  const placed = arriving.map((each) => placedOf(session, each));
  const { windows } = session;
  await windows.load(
    placed.map(({ item, program, first }) => ({ owner: item.owner, from: lookBackFrom(program, first) })),
  );
  const buckets = new Map<string, Set<string>>();
  for (const each of placed) addBuckets(session, buckets, each);
  await windows.loadTotals(buckets);
  await windows.loadLastCounted(placed.flatMap((each) => emptied(session, each)));
  await session.ratings.need([...new Set(placed.flatMap((each) => streamsOf(session, each)))]);
  const silent = arriving.filter((each) => mayEndSilence(session, each));
  if (silent.length > 0) await session.ratings.readCauses(silent.map(({ item }) => item.owner));
}

function placedOf<Sql>(session: BatchSession<Sql>, { item, program }: Arriving): Placed {
  const { at, stream } = item.cause;
  const last = session.ratings.of(stream)?.made.occurredAt;
  const before = last === undefined ? at : instant(last);
  return {
    item,
    program,
    instants: before === at ? [at] : [at, before],
    first: before < at ? before : at,
  };
}

function addBuckets<Sql>(
  { windows: book }: BatchSession<Sql>,
  buckets: Map<string, Set<string>>,
  placed: Placed,
): void {
  const { item, program, instants, first } = placed;
  const { calendar, windows } = program;
  const { owner } = item;
  const history = book.history(owner);
  const own = buckets.get(owner) ?? new Set();
  buckets.set(owner, own);
  const add = (names: readonly string[]): void => names.forEach((name) => own.add(name));
  // What happened later may have to be taken out and rated again.
  for (const entry of history.entries()) if (entry.at >= first) add(bucketsOf(entry));
  if (windows === undefined) return;
  for (const { at } of laterThan(book, placed)) add(bucketsAt(calendar, windows, at));
  const valueOf = valuesIn(countedOf(item));
  for (const at of instants) {
    add(bucketsAt(calendar, windows, at, valueOf));
    const keys = windowKeys(calendar, at);
    for (const target of windows.targets) if (target.metric === 'days') add(history.daysIn(targetBucket(target, keys)));
  }
  for (const { rule, window } of windows.targets) if (typeof window === 'object') add([enrolmentBucket(rule)]);
}

/** As far as it is known before it is rated. */
function countedOf(item: CauseItem): Counted {
  const { source } = item.cause;
  if (item.kind === 'order') return { kind: 'order', source, order: item.event.order };
  return item.kind === 'activity' ? { kind: 'activity', source, data: item.event.data } : { kind: 'member', source };
}

/** Windows that a cause may leave without any cause in memory: only an order can that moved, or of which something went back. */
function emptied<Sql>(
  session: BatchSession<Sql>,
  { item, program: { calendar, windows }, instants }: Placed,
): readonly BucketPlace[] {
  const { owner, cause } = item;
  if (session.ratings.of(cause.stream) === undefined || item.kind !== 'order') return [];
  const { status, lines } = item.event.order;
  const stays = status !== 'cancelled' && lines.every(({ refundedAmount }) => refundedAmount === undefined);
  if (stays && instants.length === 1) return [];
  const keys = instants.map((at) => windowKeys(calendar, at));
  return (windows?.targets ?? [])
    .filter(({ fixed, window }) => !fixed && typeof window === 'string')
    .flatMap((target) => keys.map((each) => ({ owner, bucket: targetBucket(target, each) })));
}

function streamsOf<Sql>(session: BatchSession<Sql>, placed: Placed): readonly string[] {
  const { item, program, instants } = placed;
  const { owner } = item;
  const later = laterThan(session.windows, placed);
  const buckets = new Set(later.flatMap(({ part }) => Object.keys(part.counts ?? {})));
  const keys = instants.map((at) => windowKeys(program.calendar, at));
  for (const target of program.windows?.targets ?? [])
    if (mayCount(session, placed, target)) for (const each of keys) buckets.add(targetBucket(target, each));
  return [
    ...later.map(({ source, kind, id }) => ratingStream(owner, source, kind, id)),
    ...[...buckets].map((bucket) => ratingStream(owner, OWN_SOURCE, 'window', bucket.replace('/', '.'))),
  ];
}

/** The causes that would be rated again first, and the cause itself if it was rated before. */
function laterThan<Sql>(windows: WindowBook<Sql>, { item, first }: Placed): readonly Entry[] {
  const entries = windows.history(item.owner).entries();
  const from = entries.findIndex(({ at }) => at >= first);
  return from < 0 ? [] : entries.slice(from, from + LATER_AHEAD + 1);
}

function mayCount<Sql>(
  { windows }: BatchSession<Sql>,
  { item, program }: Placed,
  { rule, window }: TargetRule,
): boolean {
  const joins = typeof window === 'object' && item.kind === 'activity' && item.event.type === window.enrolment;
  if (joins) return true;
  if (typeof window === 'object' && windows.history(item.owner).totals.of(enrolmentBucket(rule))[1] === 0) return false;
  const when = program.document.rules.find(({ id }) => id === rule)?.when;
  if (when === undefined) return false;
  return 'order' in when ? item.kind === 'order' : item.kind === 'activity' && item.event.type === when.activity;
}
