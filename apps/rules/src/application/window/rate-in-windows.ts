import { instant, instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import {
  bucketsAt,
  bucketsOf,
  comparePlaces,
  isRolling,
  valuesIn,
  type CompiledProgram,
  type Entry,
  type Past,
  type Place,
  type RatingInput,
} from '@jifen/rules';
import type { BatchSession } from '../batch-session.ts';
import { rateFunded } from '../budget/rate-funded.ts';
import { headAgain, inputAgain } from '../make-rating.ts';
import { ratingStream } from '../rating-stream.ts';
import { settle, type RatedCause } from '../settle-rating.ts';
import { awayOf } from './silence.ts';
import { rateWindows, type TouchedWindow } from './rate-window.ts';
import { LATER_AHEAD, lookBackFrom } from './read-ahead.ts';

/** Last ratings of later causes read at a time; those of the first ones are there already. */
const RATINGS_PER_PAGE = 500;

type WindowedInput = Extract<RatingInput, { kind: 'order' | 'activity' }>;

/** A cause that is rated in its place among the member's others. */
export interface Windowed extends RatedCause {
  /** As it holds for the cause. */
  readonly program: CompiledProgram;
  readonly input: WindowedInput;
  /** Program of the last rating. */
  readonly before?: CompiledProgram | undefined;
  /** Stream of a cause that is on its way to a later place: it is not where its last rating says. */
  readonly moving?: string | undefined;
}

export const placeOf = (input: WindowedInput): Place => ({
  at: input.kind === 'order' ? input.order.at : input.at,
  source: input.source,
  kind: input.kind,
  id: input.id,
});

/**
 * Rates a cause by what came before it, then again whatever came after it and is touched, then the windows that any of them
 * counts in. Effects travel forward in time only, so that the end is the same in whatever order causes become known.
 */
export async function rateInWindows<Sql>(session: BatchSession<Sql>, windowed: Windowed): Promise<void> {
  const { owner, program, input, last } = windowed;
  const place = placeOf(input);
  const before = last === undefined ? undefined : { ...place, at: instant(last.made.occurredAt) };
  const programs = [program, ...(windowed.before === undefined ? [] : [windowed.before])];
  await session.windows.load(programs.map((each) => ({ owner, from: lookBackFrom(each, earlier(place, before).at) })));
  const known = before && session.windows.history(owner).find(before);
  const touched = new Touched(programs);
  if (known !== undefined) await session.windows.remove(owner, known);
  const movesOn = before !== undefined && comparePlaces(before, place) < 0;
  if (movesOn) {
    // What lies between is before the cause now, and has to be right when the cause is rated.
    touched.add(known, undefined, program);
    await rateLater(session, windowed, touched, [before], place);
  }
  const after = await rateAt(session, windowed, true);
  touched.add(movesOn ? undefined : known, after, program);
  await rateLater(session, windowed, touched, before === undefined || movesOn ? [place] : [place, before]);
  await rateWindows(session, windowed, touched.windows());
}

const earlier = (place: Place, other: Place | undefined): Place =>
  other !== undefined && comparePlaces(other, place) < 0 ? other : place;

/** `always`: the rating is made even when it says the same as the last one. */
async function rateAt<Sql>(session: BatchSession<Sql>, windowed: Windowed, always: boolean): Promise<Entry> {
  const { owner, program, head } = windowed;
  const place = placeOf(windowed.input);
  await session.windows.load([{ owner, from: lookBackFrom(program, place.at) }]);
  const input = { ...windowed.input, past: await pastOf(session, windowed) };
  const rating = await rateFunded(session, windowed, program, input);
  const seen = program.windows === undefined && (await session.looksBack(head.program)) ? { seen: 1 as const } : {};
  const entry: Entry = { ...place, part: rating.part ?? seen };
  await settle(session, windowed, { program, input, rating, ifChanged: !always });
  await session.windows.insert(owner, entry);
  return entry;
}

async function pastOf<Sql>(session: BatchSession<Sql>, windowed: Windowed): Promise<Past> {
  const { owner, program, input } = windowed;
  const { windows, calendar } = program;
  if (windows === undefined) return {};
  const place = placeOf(input);
  const valueOf = valuesIn(input);
  await session.windows.loadTotals(new Map([[owner, bucketsAt(calendar, windows, place.at, valueOf)]]));
  const past = session.windows.history(owner).past(program, place, valueOf);
  const away = await awayOf(session, windowed, place);
  return away === undefined ? past : { ...past, away };
}

/**
 * Rates again the causes after the first of some places, and before another, until nothing that they look at is another than it
 * was. What comes next after each place is always rated: a silence is ended by the next cause, however far away it is.
 */
async function rateLater<Sql>(
  session: BatchSession<Sql>,
  arrived: Windowed,
  touched: Touched,
  places: readonly [Place, ...Place[]],
  end?: Place,
): Promise<void> {
  if (!touched.any) return;
  const { owner, partition, meta } = arrived;
  const later = session.windows
    .history(owner)
    .after(places[0])
    .filter((entry) => end === undefined || comparePlaces(entry, end) < 0);
  const next = places.map((place) => later.findIndex((entry) => comparePlaces(entry, place) > 0));
  const atLeast = Math.max(...next);
  for (let start = 0, size = LATER_AHEAD; start < later.length; start += size, size = RATINGS_PER_PAGE) {
    const page = later.slice(start, start + size);
    if (start > atLeast && touched.isSettledAt(page[0]?.at)) return;
    await session.ratings.need(page.map((entry) => ratingStream(owner, entry.source, entry.kind, entry.id)));
    await session.windows.loadTotals(new Map([[owner, page.flatMap((entry) => bucketsFor(arrived, entry))]]));
    for (const [offset, entry] of page.entries()) {
      if (touched.isSettledAt(entry.at)) {
        if (start + offset > atLeast) return;
        if (!next.includes(start + offset)) continue;
      }
      const last = session.ratings.of(ratingStream(owner, entry.source, entry.kind, entry.id));
      if (last === undefined) throw new Error(`no rating of ${entry.kind} ${entry.source}/${entry.id} of ${owner}`);
      const { made } = last;
      const program = await session.programOf(made);
      const once = await session.once.of(owner, program);
      const input = inputAgain(program, made, { once });
      if (input.kind !== entry.kind) throw new Error(`the rating of ${entry.id} of ${owner} is of another kind`);
      const moving = end && ratingStream(owner, end.source, end.kind, end.id);
      const cause = { owner, partition, meta, head: headAgain(made), last };
      const windowed: Windowed = { ...cause, program, input, moving };
      await session.windows.remove(owner, entry);
      touched.add(entry, await rateAt(session, windowed, false), program);
    }
  }
}

const bucketsFor = ({ program }: Windowed, entry: Entry): readonly string[] => {
  const { calendar, windows } = program;
  return windows === undefined ? bucketsOf(entry) : [...bucketsOf(entry), ...bucketsAt(calendar, windows, entry.at)];
};

/** What a change reaches: limits whose use is another than it was, and windows that count other sums. */
class Touched {
  readonly #use = new Map<string, [number, number]>();
  readonly #windows = new Map<string, TouchedWindow>();
  #until: Instant | undefined;
  /** How far a change reaches by runs and rolling limits. */
  readonly #reach: number;

  constructor(programs: readonly CompiledProgram[]) {
    this.#reach = Math.max(...programs.map(({ windows }) => windows?.lookBack ?? 0));
  }

  add(before: Entry | undefined, after: Entry | undefined, program: CompiledProgram): void {
    if (before !== undefined && after !== undefined && isSame(before, after)) return;
    const entries = [before, after].filter((entry) => entry !== undefined);
    for (const { at } of entries) this.#spread(at);
    this.#addUse(before, -1);
    this.#addUse(after, 1);
    for (const entry of entries)
      for (const bucket of Object.keys(entry.part.counts ?? {})) this.#addWindow(bucket, entry.at, program);
  }

  get any(): boolean {
    return this.#until !== undefined;
  }

  /** Whether what happened at an instant, and everything after it, is as it was. */
  isSettledAt(at: Instant | undefined): boolean {
    if (at === undefined) return true;
    if (this.#until !== undefined && at <= this.#until) return false;
    return [...this.#use.values()].every(([points, count]) => points === 0 && count === 0);
  }

  windows(): ReadonlyMap<string, TouchedWindow> {
    return this.#windows;
  }

  #addWindow(bucket: string, at: Instant, program: CompiledProgram): void {
    const { first = at, last = at } = this.#windows.get(bucket) ?? {};
    this.#windows.set(bucket, { first: at < first ? at : first, last: at > last ? at : last, at, program });
  }

  #spread(at: Instant): void {
    const until = instantFromMillis(instantToMillis(at) + this.#reach);
    if (this.#until === undefined || until > this.#until) this.#until = until;
  }

  #addUse(entry: Entry | undefined, sign: number): void {
    for (const [bucket, [points, count]] of Object.entries(entry?.part.use ?? {})) {
      // Rolling limits reach as far as they look back.
      if (isRolling(bucket)) continue;
      const [x, y] = this.#use.get(bucket) ?? [0, 0];
      this.#use.set(bucket, [x + sign * points, y + sign * count]);
    }
  }
}

const isSame = (a: Entry, b: Entry): boolean =>
  comparePlaces(a, b) === 0 && JSON.stringify(a.part) === JSON.stringify(b.part);
