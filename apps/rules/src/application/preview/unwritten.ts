import type { EventStore, NewEvent, StoredEvent, Transaction } from '@jifen/event-store';
import { instantFromMillis, InvariantError } from '@jifen/kernel';
import { comparePlaces } from '@jifen/rules';
import type { RateParts } from '../batch-session.ts';
import type { BudgetDesk, Slice } from '../budget/budget-desk.ts';
import type { OwnedEntry, ReferralMessage, RulesTables, TotalRow } from '../ports.ts';

export interface UnwrittenParts<Sql> extends RateParts<Sql> {
  /** The rating log. */
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'readStreams'>;
  readonly sql: Sql;
  readonly clock: () => number;
}

/** What is committed, read once for all worlds of a question. */
export interface Known<Sql> extends UnwrittenParts<Sql> {
  /** The member whose history counts: `program/member`; absent: nobody's. */
  readonly owner: string | undefined;
  readonly reads: Map<string, Promise<unknown>>;
}

export const known = <Sql>(parts: UnwrittenParts<Sql>, owner: string | undefined): Known<Sql> => ({
  ...parts,
  owner,
  reads: new Map(),
});

/**
 * A world on top of what is committed: the very code that rates live reads the member's real state in it, sees what it wrote
 * itself, and leaves nothing behind. No row is locked.
 */
export interface Unwritten<Sql> {
  readonly tx: Transaction<Sql>;
  readonly parts: RateParts<Sql>;
  /** The last rating that was made of each cause, by stream. */
  readonly made: ReadonlyMap<string, StoredEvent>;
}

const refused = (): never => {
  throw new InvariantError('a preview reads, and rates; nothing else');
};

function once<T>({ reads }: Known<unknown>, name: string, asked: unknown, read: () => Promise<T>): Promise<T> {
  const key = `${name} ${JSON.stringify(asked)}`;
  const before = reads.get(key) as Promise<T> | undefined;
  const answer = before ?? read();
  reads.set(key, answer);
  return answer;
}

export function unwritten<Sql>(source: Known<Sql>): Unwritten<Sql> {
  const made = new Map<string, StoredEvent>();
  const { catalog } = source;
  return {
    tx: unwrittenLog(source, made),
    parts: { tables: unwrittenTables(source), catalog, budgets: unwrittenBudgets(source) },
    made,
  };
}

function unwrittenLog<Sql>(source: Known<Sql>, made: Map<string, StoredEvent>): Transaction<Sql> {
  const { store, sql, owner, clock } = source;
  const now = clock();
  let position = 0;
  const committed = (prefix: string, limit: number, after?: string): Promise<readonly StoredEvent[]> =>
    owner === undefined
      ? Promise.resolve([])
      : once(source, 'streams', [prefix, limit, after], () => store.readStreams(prefix, limit, after));
  const lastOf = async (stream: string): Promise<StoredEvent | undefined> => {
    // The stream itself sorts before every longer name that begins like it.
    const event = made.get(stream) ?? (await committed(stream, 1))[0];
    return event?.stream === stream ? event : undefined;
  };
  const lastOfPrefix = async (prefix: string, limit: number, after?: string): Promise<readonly StoredEvent[]> => {
    const own = [...made.values()].filter(
      ({ stream }) => stream.startsWith(prefix) && (after === undefined || inBytes(stream, after) > 0),
    );
    const replaced = new Set(own.map(({ stream }) => stream));
    const others = (await committed(prefix, limit, after)).filter(({ stream }) => !replaced.has(stream));
    return [...others, ...own].sort((a, b) => inBytes(a.stream, b.stream)).slice(0, limit);
  };
  return {
    sql,
    now,
    sending: refused,
    shard: refused,
    lastOf: async (streams) => {
      const events = await Promise.all(streams.map(lastOf));
      return new Map(events.flatMap((event) => (event === undefined ? [] : [[event.stream, event] as const])));
    },
    lastOfPrefix,
    lastOfPrefixes: async (prefixes, limit) =>
      new Map(await Promise.all(prefixes.map(async (prefix) => [prefix, await lastOfPrefix(prefix, limit)] as const))),
    nextPosition: () => position + 1,
    append: (partition, event: NewEvent) => {
      position += 1;
      const place = { log: store.log, partition, position, recordedAt: instantFromMillis(now) };
      made.set(event.stream, { ...event, ...place, hash: new Uint8Array(32) });
      return { id: '', position };
    },
    advance: refused,
    deadLetter: refused,
    parkedAmong: refused,
    park: refused,
    takeParked: refused,
    takeDeadLetters: refused,
  };
}

const inBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Reads what is committed; of what is saved it keeps what is read again: the windows, and what the member itself is told. */
function unwrittenTables<Sql>(source: Known<Sql>): RulesTables<Sql> {
  const { tables, owner } = source;
  const nothing = (): Promise<void> => Promise.resolve();
  /** Nothing is known of nobody. */
  const read = <T, Empty extends T>(name: string, asked: unknown, empty: Empty, ask: () => Promise<T>): Promise<T> =>
    owner === undefined ? Promise.resolve(empty) : once(source, name, asked, ask);
  const entries = new Map<string, OwnedEntry>();
  const totals = new Map<string, TotalRow>();
  const told: ReferralMessage[] = [];
  return {
    ...tables,
    entriesOf: async (sql, wanted, limit) => {
      const before = await read('entries', [wanted, limit], [], () => tables.entriesOf(sql, wanted, limit));
      const others = before.filter((each) => !entries.has(placeOf(each)));
      return [...others, ...entries.values()].sort((a, b) => comparePlaces(a.entry, b.entry));
    },
    totalsOf: async (sql, places) => {
      const missing = places.filter(({ owner: whose, bucket }) => !totals.has(`${whose}/${bucket}`));
      const found = await read('totals', missing, [], () => tables.totalsOf(sql, missing));
      const own = places.flatMap(({ owner: whose, bucket }) => totals.get(`${whose}/${bucket}`) ?? []);
      return [...found, ...own];
    },
    lastCounted: (sql, places) => read('counted', places, [], () => tables.lastCounted(sql, places)),
    saveWindows: (_, changes) => {
      for (const each of changes.entries) entries.set(placeOf(each), each);
      for (const row of changes.totals) totals.set(`${row.owner}/${row.bucket}`, row);
      return Promise.resolve();
    },
    approvalsOf: (sql, places) => read('approvals', places, [], () => tables.approvalsOf(sql, places)),
    saveApprovals: nothing,
    referralsOf: (sql, owners) => read('referrals', owners, new Map(), () => tables.referralsOf(sql, owners)),
    saveReferrals: nothing,
    sendReferrals: (_, messages) => {
      told.push(...messages.filter((message) => message.owner === owner));
      return Promise.resolve();
    },
    takeReferrals: () => Promise.resolve(told.splice(0)),
    settleReferrals: nothing,
    timelinesOf: (sql, owners) => read('timelines', owners, new Map(), () => tables.timelinesOf(sql, owners)),
    factsOf: (sql, owners) => read('facts', owners, new Map(), () => tables.factsOf(sql, owners)),
    onceOf: (sql, owners) => read('once', owners, [], () => tables.onceOf(sql, owners)),
    saveTimelines: refused,
    saveFacts: refused,
    saveOnce: nothing,
    insertVersion: refused,
    saveDraft: refused,
  };
}

const placeOf = ({ owner, entry: { at, source, kind, id } }: OwnedEntry): string =>
  [owner, at, source, kind, id].join('/');

/** Slices as they are; what is drawn is only imagined. */
function unwrittenBudgets<Sql>(source: Known<Sql>): BudgetDesk<Sql> {
  const { budgets } = source;
  const drawn = new Map<string, Slice>();
  const keyOf = ({ bucket, partition }: Pick<Slice, 'bucket' | 'partition'>): string => `${partition}/${bucket}`;
  const slicesOf: BudgetDesk<Sql>['slicesOf'] = async (sql, places) => {
    const slices = await once(source, 'slices', places, () => budgets.slicesOf(sql, places));
    return slices.map((slice) => drawn.get(keyOf(slice)) ?? slice);
  };
  return {
    slicesOf,
    draw: async (sql, { need, planned: _, total, version, ...place }) => {
      const [slice] = await slicesOf(sql, [place]);
      if (slice === undefined) return refused();
      const before = slice.central ?? { total, version, free: total };
      const central = version > before.version ? { total, version, free: before.free + total - before.total } : before;
      const size = Math.max(0, Math.min(need, central.free + slice.elsewhere));
      const free = central.free - Math.min(size, Math.max(0, central.free));
      const elsewhere = slice.elsewhere - (size - (central.free - free));
      const now = { ...slice, quota: slice.quota + size, central: { ...central, free }, elsewhere };
      drawn.set(keyOf(now), now);
      return now;
    },
    save: () => Promise.resolve(true),
    bucketsIn: refused,
    statesOf: (sql, program, buckets) => budgets.statesOf(sql, program, buckets),
  };
}
