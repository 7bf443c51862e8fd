import {
  ConcurrencyError,
  FencedError,
  TransactionDraft,
  UnknownOutcomeError,
  type CommittedListener,
  type EventStore,
  type ParkedKey,
  type Shard,
  type StoredDeadLetter,
  type StoredEvent,
  type Transaction,
  type TransactionRequest,
} from '@jifen/event-store';
import { assert, present } from '@jifen/kernel';
import pg, { type Pool, type PoolClient } from 'pg';
import { EVENT_TYPES, eventOfRow, type EventRow } from './event-rows.ts';
import { flush } from './flush.ts';
import { landed } from './landed.ts';
import { checkName } from './pool.ts';
import { listDeadLettersSql, listParkedSql, storedDeadLetterOfRow, type DeadLetterRow } from './poison-sql.ts';
import { LAST_CHARACTER, lastOfPrefixSql, readLogSql, readStreamSql } from './read-sql.ts';
import { beginWithShards, claimShards, ensureShards, readShards, SERVER_NOW, type LogPlace } from './shard-rows.ts';
import { PostgresTransaction } from './transaction.ts';
import { WakeUp } from './wake-up.ts';

export interface PostgresEventStoreOptions {
  readonly pool: Pool;
  /** Schema that holds the log: a service's own, or another's that this role may read. */
  readonly schema: string;
  readonly log: string;
  readonly partitions: number;
  /** Milliseconds since 1970; PostgreSQL's clock when left out, which is one for all processes. */
  readonly clock?: (() => number) | undefined;
  /** Wake readers in other processes after a commit, and be woken by them. Without it they poll. */
  readonly notify?: boolean;
  /** Failures of the wake-up, which only costs time. */
  readonly onError?: (error: Error) => void;
}

export type PostgresEventStore = EventStore<PoolClient>;

export function createPostgresEventStore(options: PostgresEventStoreOptions): PostgresEventStore {
  return new Store(options);
}

const UNIQUE_VIOLATION = '23505';
/** Deadlock and serialisation failure: rolled back by the server in favour of somebody else. */
const GAVE_WAY = new Set(['40P01', '40001']);

/** Connection, resources, shutdown, system and internal errors: after them a COMMIT may have landed or not. */
const DYING = /^(08|53|57P|58|XX)/;

class Store implements PostgresEventStore {
  readonly log: string;
  readonly partitions: number;
  readonly #pool: Pool;
  readonly #place: LogPlace;
  readonly #clock: (() => number) | undefined;
  readonly #listeners = new Set<CommittedListener>();
  readonly #wakeUp: WakeUp | undefined;
  #ensured: Promise<void> | undefined;

  constructor(options: PostgresEventStoreOptions) {
    this.log = checkName(options.log);
    this.partitions = options.partitions;
    this.#pool = options.pool;
    this.#place = { schema: checkName(options.schema), log: this.log, partitions: options.partitions };
    this.#clock = options.clock;
    if (options.notify === true) {
      this.#wakeUp = new WakeUp({
        pool: options.pool,
        channel: `${options.schema}_${options.log}`,
        onWake: () => void this.#tell([], true),
        onError: options.onError ?? ((): void => undefined),
      });
    }
  }

  async transact<T>(request: TransactionRequest, work: (tx: Transaction<PoolClient>) => Promise<T>): Promise<T> {
    await this.#ensure();
    const { result, events } = await this.#attempt(request, work);
    if (events.length > 0) this.#wakeUp?.tell();
    const room = this.#tell(events, false);
    if (request.patient === true) await room;
    return result;
  }

  async #attempt<T>(
    request: TransactionRequest,
    work: (tx: Transaction<PoolClient>) => Promise<T>,
  ): Promise<{ result: T; events: readonly StoredEvent[] }> {
    const client = await this.#pool.connect();
    let usable = true;
    try {
      return await this.#run(client, request, work);
    } catch (error) {
      usable = !(error instanceof UnknownOutcomeError) && (await rolledBack(client));
      throw classified(error);
    } finally {
      client.release(!usable);
    }
  }

  async #run<T>(
    client: PoolClient,
    request: TransactionRequest,
    work: (tx: Transaction<PoolClient>) => Promise<T>,
  ): Promise<{ result: T; events: readonly StoredEvent[] }> {
    const partitions = [...new Set(request.partitions)];
    for (const partition of partitions) this.#checkPartition(partition);
    const { shards, anyParked, serverNow } = await beginWithShards(client, this.#place, partitions);
    assert(shards.length === partitions.length, `${this.log}: shard rows are missing`);
    checkEpochs(request, shards);
    const now = this.#clock?.() ?? serverNow;
    const draft = new TransactionDraft(this.log, now, shards);
    const { schema } = this.#place;
    let result: T;
    try {
      result = await work(new PostgresTransaction({ client, schema, log: this.log, now, draft, anyParked }));
    } catch (error) {
      await landed(draft.sent);
      throw error;
    } finally {
      draft.end();
    }
    await flush(client, this.#place, draft);
    await commit(client);
    return { result, events: draft.events };
  }

  async claim(partitions: readonly number[]): Promise<readonly Shard[]> {
    await this.#ensure();
    for (const partition of partitions) this.#checkPartition(partition);
    return claimShards(this.#pool, this.#place, partitions);
  }

  async shards(): Promise<readonly Shard[]> {
    await this.#ensure();
    return readShards(this.#pool, this.#place);
  }

  async now(): Promise<number> {
    if (this.#clock !== undefined) return this.#clock();
    const { rows } = await this.#pool.query<{ now: number }>({ text: `SELECT ${SERVER_NOW}`, types: EVENT_TYPES });
    return present(rows[0], 'the time').now;
  }

  async heads(): Promise<readonly number[]> {
    const heads = new Array<number>(this.partitions).fill(0);
    // A reader may be up before the owner has made the rows, and may not make them itself.
    for (const shard of await readShards(this.#pool, this.#place)) {
      this.#checkPartition(shard.partition);
      heads[shard.partition] = shard.position;
    }
    return heads;
  }

  async readLog(partition: number, position: number, limit: number): Promise<readonly StoredEvent[]> {
    this.#checkPartition(partition);
    return this.#events('read-log', readLogSql(this.#place.schema), [partition, position, limit]);
  }

  async readStream(stream: string, afterVersion: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#events('read-stream', readStreamSql(this.#place.schema), [stream, afterVersion, limit]);
  }

  async readStreams(prefix: string, limit: number, after = ''): Promise<readonly StoredEvent[]> {
    const values = [prefix, after, prefix + LAST_CHARACTER, limit];
    return this.#events('last-of-prefix', lastOfPrefixSql(this.#place.schema), values);
  }

  async listDeadLetters(page: { limit: number; after?: number }): Promise<readonly StoredDeadLetter[]> {
    const rows = await this.#pool.query<DeadLetterRow>({
      text: listDeadLettersSql(this.#place.schema),
      values: [this.log, page.after ?? 0, page.limit],
      types: EVENT_TYPES,
    });
    return rows.rows.map(storedDeadLetterOfRow);
  }

  async listParked(page: { limit: number; after?: string }): Promise<readonly ParkedKey[]> {
    const rows = await this.#pool.query<ParkedKey>({
      text: listParkedSql(this.#place.schema),
      values: [this.log, page.after ?? '', page.limit],
      types: EVENT_TYPES,
    });
    return rows.rows;
  }

  async published(partition: number): Promise<number> {
    await this.#ensure();
    this.#checkPartition(partition);
    const rows = await this.#pool.query<{ published: number }>({
      text: `SELECT published FROM ${this.#place.schema}.shard WHERE log = $1 AND partition = $2`,
      values: [this.log, partition],
      types: EVENT_TYPES,
    });
    return rows.rows[0]?.published ?? 0;
  }

  async movePublished(partition: number, position: number): Promise<void> {
    this.#checkPartition(partition);
    assert(Number.isSafeInteger(position) && position >= 0, `no position: ${position}`);
    // Not worth a wait for the disk: whoever publishes does so at least once. SET LOCAL ends with the implicit transaction.
    await this.#pool.query(`SET LOCAL synchronous_commit = off;
UPDATE ${this.#place.schema}.shard SET published = ${position}
WHERE log = '${this.log}' AND partition = ${partition} AND published < ${position}`);
  }

  onCommitted(listener: CommittedListener): () => void {
    this.#listeners.add(listener);
    this.#wakeUp?.listen();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#wakeUp?.close();
  }

  async #tell(events: readonly StoredEvent[], elsewhere: boolean): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener(events, elsewhere)));
  }

  async #events(name: string, text: string, values: readonly unknown[]): Promise<readonly StoredEvent[]> {
    const query = { name: `${this.#place.schema}-${name}`, text, values: [this.log, ...values], types: EVENT_TYPES };
    return (await this.#pool.query<EventRow>(query)).rows.map((row) => eventOfRow(this.log, row));
  }

  /** Once; a failure is tried again by the next caller. */
  #ensure(): Promise<void> {
    this.#ensured ??= ensureShards(this.#pool, this.#place).catch((error: unknown) => {
      this.#ensured = undefined;
      throw error;
    });
    return this.#ensured;
  }

  #checkPartition(partition: number): void {
    const known = Number.isInteger(partition) && partition >= 0 && partition < this.partitions;
    assert(known, `${this.log} has no partition ${partition}`);
  }
}

function checkEpochs(request: TransactionRequest, shards: readonly Shard[]): void {
  for (const { partition, epoch } of shards) {
    const expected = request.epochs?.get(partition);
    if (expected !== undefined && expected !== epoch) throw new FencedError(partition, expected, epoch);
  }
}

async function commit(client: PoolClient): Promise<void> {
  let tag: string;
  try {
    tag = (await client.query('COMMIT')).command;
  } catch (error) {
    // An ordinary error is the server's word that it rolled back. A lost connection or a dying server says nothing.
    if (error instanceof pg.DatabaseError && error.code !== undefined && !DYING.test(error.code)) throw error;
    throw new UnknownOutcomeError('COMMIT failed, it may or may not have landed', { cause: error });
  }
  // The server answers COMMIT of a failed transaction with ROLLBACK, without an error: somebody swallowed one in between.
  assert(tag === 'COMMIT', 'a statement of the transaction failed unnoticed: rolled back');
}

/** Whether the connection can be used again. */
async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

function classified(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === UNIQUE_VIOLATION && error.constraint === 'event_stream_version') {
    return new ConcurrencyError(error.detail ?? error.message, { cause: error });
  }
  if (GAVE_WAY.has(error.code ?? '')) return new ConcurrencyError(error.message, { cause: error });
  return error;
}
