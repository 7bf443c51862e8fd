import type { RatingMade } from '@jifen/contracts';
import { instant, instantToMillis, type Calendar } from '@jifen/kernel';
import { comparePlaces, dayNumber, enrolmentBucket, Totals, type CompiledProgram } from '@jifen/rules';
import { isPackedActivity } from '../application/make-rating.ts';
import { entryAgain, type EntryAgain } from '../application/window/entry-again.ts';
import type { FoldedRating, FoldedRow } from './member-fold.ts';

interface Folded extends EntryAgain {
  readonly calendar: Calendar;
}

/** What the causes of a member are to its windows, by the last rating of each. */
export class WindowFold {
  readonly #owner: string;
  readonly #entries: Folded[] = [];
  /** Rule → when the member joined the challenge, and the version in force then. */
  readonly #enrolled = new Map<string, readonly [millis: number, version: number]>();

  constructor(owner: string) {
    this.#owner = owner;
  }

  add({ made, program }: FoldedRating): void {
    if (program === undefined) return;
    this.#enrol(program, made);
    const again = entryAgain(program, made);
    if (again !== undefined) this.#entries.push({ ...again, calendar: program.calendar });
  }

  rows(): readonly FoldedRow[] {
    const owner = this.#owner;
    const entries = inOneRun(this.#entries.sort((a, b) => comparePlaces(a.entry, b.entry)));
    const totals = new Totals();
    for (const { entry } of entries) totals.add(entry, 1);
    for (const [rule, total] of this.#enrolled) totals.set(enrolmentBucket(rule), total);
    return [
      ...entries.map(({ entry: { part, ...place }, onlySeen }): FoldedRow => {
        const { at, source, kind, id } = place;
        const buckets = Object.keys(part.counts ?? {});
        const row = { owner, at, source, kind, id, buckets, part: JSON.stringify(part) };
        return { book: 'window_entry', row, due: onlySeen ? 'or-none' : 'exactly' };
      }),
      ...totals.changes().map(([bucket, [a, b]]): FoldedRow => ({
        book: 'window_total',
        row: { owner, bucket, a, b },
        due: 'exactly',
      })),
    ];
  }

  #enrol({ windows, version }: CompiledProgram, { inputs = {}, occurredAt }: RatingMade): void {
    if (!isPackedActivity(inputs)) return;
    const millis = instantToMillis(instant(occurredAt));
    for (const { rule, window } of windows?.targets ?? []) {
      if (typeof window !== 'object' || window.enrolment !== inputs.a) continue;
      const known = this.#enrolled.get(rule);
      if (known === undefined || millis < known[0]) this.#enrolled.set(rule, [millis, version]);
    }
  }
}

/**
 * Lengths of runs, day by day. A day whose run became longer by one that was late was not always told in the log, because its
 * points were the same: so they are counted here.
 */
function inOneRun(entries: readonly Folded[]): readonly Folded[] {
  const runs = new Map<string, readonly [day: number, length: number]>();
  return entries.map((folded) => {
    const { entry, calendar, tried } = folded;
    const own: Record<string, readonly [number, number]> = {};
    for (const rule of tried) {
      const today = dayNumber(calendar, entry.at);
      const [day, length] = runs.get(rule) ?? [Number.NaN, 0];
      if (entry.part.run?.[rule] === undefined || day === today) continue;
      const run = [today, day === today - 1 ? length + 1 : 1] as const;
      own[rule] = run;
      runs.set(rule, run);
    }
    if (entry.part.run === undefined) return folded;
    return { ...folded, entry: { ...entry, part: { ...entry.part, run: own } } };
  });
}
