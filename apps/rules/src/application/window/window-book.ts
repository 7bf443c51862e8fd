import { assert, present, type Instant } from '@jifen/kernel';
import { bucketsOf, History, isEmpty, Totals, type Entry, type Place } from '@jifen/rules';
import type { Book } from '../book.ts';
import type { BucketPlace, EntriesWanted, OwnedEntry, WindowTables } from '../ports.ts';

/** Causes of one member that a flush looks at one by one; who has more waits for an operator. */
const MAX_ENTRIES = 20_000;

interface Loaded {
  readonly history: History;
  from: Instant;
}

interface Changed {
  readonly owner: string;
  readonly place: Place;
  /** Absent: gone. */
  readonly entry: Entry | undefined;
}

/** The windows of the members of a flush: loaded in three statements, saved in three. */
export class WindowBook<Sql> implements Book {
  readonly #sql: Sql;
  readonly #tables: WindowTables<Sql>;
  readonly #loaded = new Map<string, Loaded>();
  readonly #changed = new Map<string, Changed>();
  /** Window → when its last cause happened that is not in memory, and from when on causes were in memory. */
  readonly #lastCounted = new Map<string, { readonly before: Instant; readonly at: Instant | undefined }>();

  constructor(sql: Sql, tables: WindowTables<Sql>) {
    this.#sql = sql;
    this.#tables = tables;
  }

  /** Reads what is missing of the members' causes from an instant on. */
  async load(wanted: readonly EntriesWanted[]): Promise<void> {
    const missing = earliest(wanted).filter(({ owner, from }) => from < (this.#loaded.get(owner)?.from ?? '~'));
    if (missing.length === 0) return;
    const found = new Map<string, Entry[]>(missing.map(({ owner }) => [owner, []]));
    for (const { owner, entry } of await this.#tables.entriesOf(this.#sql, missing, MAX_ENTRIES + 1))
      found.get(owner)?.push(entry);
    for (const { owner, from } of missing) {
      const entries = present(found.get(owner), 'entries of an owner');
      assert(
        entries.length <= MAX_ENTRIES,
        `${owner} has more than ${MAX_ENTRIES} orders and activities from ${from} on`,
      );
      const known = this.#loaded.get(owner);
      if (known === undefined) this.#loaded.set(owner, { history: new History(entries, new Totals()), from });
      else {
        known.history.extend(entries.filter((entry) => !this.#changed.has(keyOf(owner, entry))));
        known.from = from;
      }
    }
  }

  /** Reads totals that are not known yet; those that the members' loaded causes count in among them. */
  async loadTotals(wanted: ReadonlyMap<string, Iterable<string>>): Promise<void> {
    const missing: BucketPlace[] = [];
    for (const [owner, buckets] of wanted) {
      const { totals } = this.history(owner);
      for (const bucket of new Set(buckets)) if (!totals.has(bucket)) missing.push({ owner, bucket });
    }
    if (missing.length === 0) return;
    for (const { owner, bucket, total } of await this.#tables.totalsOf(this.#sql, missing))
      this.history(owner).totals.learn(bucket, total);
    for (const { owner, bucket } of missing) this.history(owner).totals.learn(bucket, undefined);
  }

  history(owner: string): History {
    return present(this.#loaded.get(owner), `windows of ${owner}`).history;
  }

  isLoaded(owner: string): boolean {
    return this.#loaded.has(owner);
  }

  /** Takes a cause out before it is rated again: what it used is not before itself. */
  async remove(owner: string, entry: Entry): Promise<void> {
    await this.loadTotals(new Map([[owner, bucketsOf(entry)]]));
    this.history(owner).remove(entry);
    this.#changed.set(keyOf(owner, entry), { owner, place: placeOf(entry), entry: undefined });
  }

  async insert(owner: string, entry: Entry): Promise<void> {
    if (isEmpty(entry.part)) return;
    await this.loadTotals(new Map([[owner, bucketsOf(entry)]]));
    this.history(owner).insert(entry);
    this.#changed.set(keyOf(owner, entry), { owner, place: placeOf(entry), entry });
  }

  /** When the last cause that counts in a window happened. */
  async lastCounted(owner: string, bucket: string): Promise<Instant | undefined> {
    const { history, from } = present(this.#loaded.get(owner), `windows of ${owner}`);
    const inMemory = history.lastIn(bucket);
    if (inMemory !== undefined) return inMemory;
    if (this.#lastCounted.get(`${owner}/${bucket}`)?.before !== from) await this.loadLastCounted([{ owner, bucket }]);
    return this.#lastCounted.get(`${owner}/${bucket}`)?.at;
  }

  /** Reads when the last causes happened that count in windows and are not in memory. */
  async loadLastCounted(places: readonly BucketPlace[]): Promise<void> {
    if (places.length === 0) return;
    const wanted = places.map(({ owner, bucket }) => {
      const before = present(this.#loaded.get(owner), `windows of ${owner}`).from;
      return { owner, bucket, before };
    });
    const found = new Map<string, Instant>();
    for (const { owner, bucket, at } of await this.#tables.lastCounted(this.#sql, wanted))
      found.set(`${owner}/${bucket}`, at);
    for (const { owner, bucket, before } of wanted) {
      const key = `${owner}/${bucket}`;
      this.#lastCounted.set(key, { before, at: found.get(key) });
    }
  }

  async save(): Promise<void> {
    const totals = [...this.#loaded].flatMap(([owner, { history }]) =>
      history.totals.changes().map(([bucket, total]) => ({ owner, bucket, total })),
    );
    if (this.#changed.size + totals.length === 0) return;
    const entries: OwnedEntry[] = [];
    const removed: { owner: string; place: Place }[] = [];
    for (const { owner, place, entry } of this.#changed.values()) {
      if (entry === undefined) removed.push({ owner, place });
      else entries.push({ owner, entry });
    }
    await this.#tables.saveWindows(this.#sql, { removed, entries, totals });
  }
}

const placeOf = ({ at, source, kind, id }: Place): Place => ({ at, source, kind, id });
const keyOf = (owner: string, { at, source, kind, id }: Place): string => [owner, at, source, kind, id].join('/');

/** One wish a member: the earliest. */
function earliest(wanted: readonly EntriesWanted[]): readonly EntriesWanted[] {
  const least = new Map<string, EntriesWanted>();
  for (const wish of wanted) if (wish.from < (least.get(wish.owner)?.from ?? '~')) least.set(wish.owner, wish);
  return [...least.values()];
}
