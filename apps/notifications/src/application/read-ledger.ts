import { validateLedgerEntry, type Violation } from '@jifen/contracts';
import type { LogReader, Shard, Transaction, TransactionRequest } from '@jifen/event-store';
import { contentOf, messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { memberOfKey } from '@jifen/notifications';
import type { Posting } from './fold-lots.ts';
import type { KeptSettings, LedgerReading, LedgerReadingTable, SettingTable } from './message-ports.ts';
import { isWatched, watch, type WatchTables } from './watch.ts';

/** Postings read in one transaction, which holds up what is consumed of their partition meanwhile. */
const PAGE = 1_000;
const TOPIC = TOPIC_OF_LOG.ledger;

type Held<Sql> = Pick<Transaction<Sql>, 'sql' | 'shard'>;

export interface ReadLedgerParts<Sql> extends WatchTables<Sql> {
  readonly sql: Sql;
  /** The ledger's. */
  readonly log: Pick<LogReader, 'partitions' | 'readLog'>;
  /** Its shard rows hold how far each partition of the ledger's topic was consumed. */
  readonly store: {
    shards(): Promise<readonly Shard[]>;
    transact<T>(request: TransactionRequest, work: (tx: Held<Sql>) => Promise<T>): Promise<T>;
  };
  readonly settings: Pick<SettingTable<Sql>, 'all' | 'of'>;
  readonly readings: LedgerReadingTable<Sql>;
  /** Postings of a transaction. */
  readonly page?: number;
  /** A posting that breaks its schema tells nothing of points. */
  readonly onBroken: (posting: Message, violations: readonly Violation[]) => void;
}

/**
 * Reads what there is of programs that have begun to remind out of the ledger's log, from its beginning up to where it was
 * consumed; from there on the consumer goes on. Both hold the shard row, so that a posting is folded by one of them, in the
 * order of the log; and a lot knows the last posting that touched it, so that none counts twice. Broken off, it goes on
 * where it was. Answers whether anything was read to its end.
 */
export async function readLedger<Sql>(
  parts: ReadLedgerParts<Sql>,
  signal: Pick<AbortSignal, 'aborted'>,
): Promise<boolean> {
  const { sql, log, settings, readings } = parts;
  const reminding = (await settings.all(sql)).filter(isWatched);
  if (reminding.length === 0) return false;
  await readings.open(sql, reminding, log.partitions);
  let done = false;
  for (const partition of await readings.partitionsBehind(sql)) {
    let more = true;
    while (more && !signal.aborted) more = await readPage(parts, partition);
    done ||= !more;
  }
  return done;
}

const consumedOf = (shard: Shard | undefined): number => shard?.cursors[TOPIC]?.sequence ?? 0;
const startOf = (behind: readonly LedgerReading[]): number => Math.min(...behind.map(({ position }) => position));

/** `false`: nobody is behind in the partition any more. */
async function readPage<Sql>(parts: ReadLedgerParts<Sql>, partition: number): Promise<boolean> {
  const { sql, log, store, readings, settings, page: limit = PAGE } = parts;
  const seen = await readings.behind(sql, partition);
  if (seen.length === 0) return false;
  const start = startOf(seen);
  const before = consumedOf((await store.shards()).find((shard) => shard.partition === partition));
  const events = await log.readLog(partition, start, limit);
  // Where the log has no more, nothing that was consumed before it was asked is to come: its beginning may be gone.
  const least = events.length < limit ? before : start;
  return store.transact({ partitions: [partition] }, async (tx) => {
    const behind = await readings.behind(tx.sql, partition, 'locked');
    if (behind.length === 0) return false;
    // Somebody else read on, or another program has begun.
    if (startOf(behind) !== start) return true;
    const consumed = consumedOf(tx.shard(partition));
    const page = events.filter(({ position }) => position <= consumed);
    const programs = behind.map(({ program }) => program);
    const wanted = new Map((await settings.of(tx.sql, programs)).map((kept) => [kept.program, kept]));
    const messages = page.map((event) => messageOfEvent(event, TOPIC));
    const postings = messages.flatMap((message) => postingOf(parts, message, wanted));
    await watch(tx.sql, parts, wanted, postings);
    const position = Math.max(least, page.at(-1)?.position ?? start);
    await readings.advance(tx.sql, partition, programs, { position, live: position >= consumed });
    return position < consumed;
  });
}

function postingOf<Sql>(
  { onBroken }: ReadLedgerParts<Sql>,
  message: Message,
  wanted: ReadonlyMap<string, KeptSettings>,
): readonly Posting[] {
  const program = memberOfKey(message.key)?.program;
  if (program === undefined || !wanted.has(program)) return [];
  const entry = contentOf(message, validateLedgerEntry);
  if (entry.ok) return [{ entry: entry.value, position: message.offset }];
  onBroken(message, entry.violations);
  return [];
}
