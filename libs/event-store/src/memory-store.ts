import { assert, instantFromMillis } from '@jifen/kernel';
import { storableText } from './check-event.ts';
import { compareBytes, TransactionDraft } from './draft.ts';
import { ConcurrencyError, FencedError } from './errors.ts';
import type { StoredEvent } from './event.ts';
import { GENESIS_HASH } from './hash.ts';
import { createMemoryDatabase, type MemoryDatabase, type MemorySql } from './memory-database.ts';
import type {
  CommittedListener,
  DeadLetter,
  EventStore,
  ParkedKey,
  Shard,
  StoredDeadLetter,
  Transaction,
  TransactionRequest,
} from './store.ts';

export interface MemoryEventStoreOptions {
  readonly log: string;
  readonly partitions: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Shared by the stores of one service; by default one of its own. */
  readonly database?: MemoryDatabase;
}

interface ParkedEntry {
  readonly reason: string;
  readonly since: number;
  readonly messages: readonly DeadLetter[];
}

/** The twin for specs: the same contract as on PostgreSQL, in this process, gone with it. One transaction at a time. */
export function createMemoryEventStore(options: MemoryEventStoreOptions): EventStore<MemorySql> {
  return new MemoryStore(options);
}

class MemoryStore implements EventStore<MemorySql> {
  readonly log: string;
  readonly partitions: number;
  readonly #clock: () => number;
  readonly #database: MemoryDatabase;
  readonly #listeners = new Set<CommittedListener>();
  readonly #shards: Shard[];
  readonly #published: number[];
  readonly #events: StoredEvent[][];
  readonly #streams = new Map<string, StoredEvent[]>();
  #deadLetters: readonly StoredDeadLetter[] = [];
  #lastDeadLetter = 0;
  #parked: ReadonlyMap<string, ParkedEntry> = new Map();

  constructor(options: MemoryEventStoreOptions) {
    this.log = options.log;
    this.partitions = options.partitions;
    this.#clock = options.clock;
    this.#database = options.database ?? createMemoryDatabase();
    const numbers = [...Array(options.partitions).keys()];
    this.#shards = numbers.map((partition) => ({
      partition,
      epoch: 0,
      position: 0,
      headHash: GENESIS_HASH,
      cursors: {},
    }));
    this.#events = numbers.map(() => []);
    this.#published = numbers.map(() => 0);
  }

  async transact<T>(request: TransactionRequest, work: (tx: Transaction<MemorySql>) => Promise<T>): Promise<T> {
    const { result, events } = await this.#database.exclusive(async (sql) => {
      const shards = request.partitions.map((partition) => this.#shard(partition));
      for (const { partition, epoch } of shards) {
        const expected = request.epochs?.get(partition);
        if (expected !== undefined && expected !== epoch) throw new FencedError(partition, expected, epoch);
      }
      const now = this.#clock();
      const draft = new TransactionDraft(this.log, now, shards);
      const poison = { deadLetters: this.#deadLetters, parked: this.#parked };
      try {
        const answer = await work(this.#transaction(sql, now, draft, poison));
        draft.end();
        await Promise.all(draft.sent);
        this.#commit(draft, now, poison);
        return { result: answer, events: draft.events };
      } catch (error) {
        await Promise.all(draft.sent);
        throw error;
      } finally {
        draft.end();
      }
    });
    const room = Promise.all([...this.#listeners].map((listener) => listener(events, false)));
    if (request.patient === true) await room;
    return result;
  }

  #transaction(sql: MemorySql, now: number, draft: TransactionDraft, poison: Poison): Transaction<MemorySql> {
    return {
      sql,
      now,
      sending: (write) => draft.sending(write),
      shard: (partition) => draft.shard(partition),
      nextPosition: (partition) => draft.nextPosition(partition),
      append: (partition, event) => draft.append(partition, event),
      advance: (partition, input, cursor) => draft.advance(partition, input, cursor),
      deadLetter: (letter) => draft.deadLetter(letter),
      park: (key, reason, message) => draft.park(key, reason, message),
      lastOf: async (streams) => {
        draft.checkOpen();
        const found = draft.unknownAmong(streams).flatMap((stream) => this.#streams.get(stream)?.at(-1) ?? []);
        return draft.lastOf(streams, found);
      },
      lastOfPrefix: async (prefix, limit, after = '') => {
        draft.checkOpen();
        return draft.lastOfPrefix(await this.readStreams(prefix, limit, after), prefix, limit, after);
      },
      lastOfPrefixes: async (prefixes, limit) => {
        draft.checkOpen();
        const found = await Promise.all(prefixes.map((prefix) => this.readStreams(prefix, limit)));
        return draft.lastOfPrefixes(found.flat(), prefixes, limit);
      },
      parkedAmong: async (keys) => {
        const parked = draft.parkedHere(keys);
        for (const key of keys) if (poison.parked.has(key)) parked.add(key);
        return parked;
      },
      takeParked: async (key, limit) => takeParked(poison, key, limit),
      takeDeadLetters: async (ids) => {
        const taken = poison.deadLetters.filter((letter) => ids.includes(letter.id));
        poison.deadLetters = poison.deadLetters.filter((letter) => !ids.includes(letter.id));
        return taken;
      },
    };
  }

  #commit(draft: TransactionDraft, now: number, poison: Poison): void {
    const written = new Set<string>();
    for (const { stream, version } of draft.events) {
      const name = `${version}:${stream}`;
      const exists = this.#streams.get(stream)?.some((event) => event.version === version) === true;
      if (exists || written.has(name)) throw new ConcurrencyError(`${stream} has a version ${version} already`);
      written.add(name);
    }
    for (const event of draft.events) {
      this.#events[event.partition]?.push(event);
      this.#streams.set(event.stream, [...(this.#streams.get(event.stream) ?? []), event]);
    }
    for (const { partition, epoch, position, headHash, cursors } of draft.moved()) {
      this.#shards[partition] = { partition, epoch, position, headHash, cursors };
    }
    const recordedAt = instantFromMillis(now);
    const letters = draft.deadLetters.map((letter) => ({ ...kept(letter), id: ++this.#lastDeadLetter, recordedAt }));
    this.#deadLetters = [...poison.deadLetters, ...letters];
    const parked = new Map(poison.parked);
    for (const { key, reason, message } of draft.parkings) {
      const entry = parked.get(key) ?? { reason, since: now, messages: [] };
      parked.set(key, { ...entry, messages: [...entry.messages, { ...kept(message), key }] });
    }
    this.#parked = parked;
  }

  async claim(partitions: readonly number[]): Promise<readonly Shard[]> {
    return this.#database.exclusive(async () =>
      [...partitions]
        .sort((a, b) => a - b)
        .map((partition) => {
          const shard = this.#shard(partition);
          const claimed = { ...shard, epoch: shard.epoch + 1 };
          this.#shards[partition] = claimed;
          return claimed;
        }),
    );
  }

  async shards(): Promise<readonly Shard[]> {
    return [...this.#shards];
  }

  now(): Promise<number> {
    return Promise.resolve(this.#clock());
  }

  async heads(): Promise<readonly number[]> {
    return this.#shards.map((shard) => shard.position);
  }

  async readLog(partition: number, position: number, limit: number): Promise<readonly StoredEvent[]> {
    this.#shard(partition);
    return this.#events[partition]?.slice(position, position + limit) ?? [];
  }

  async readStream(stream: string, afterVersion: number, limit: number): Promise<readonly StoredEvent[]> {
    const events = (this.#streams.get(stream) ?? []).filter((event) => event.version > afterVersion);
    return events.sort((a, b) => a.version - b.version).slice(0, limit);
  }

  async readStreams(prefix: string, limit: number, after = ''): Promise<readonly StoredEvent[]> {
    return [...this.#streams]
      .filter(([stream]) => stream.startsWith(prefix) && compareBytes(stream, after) > 0)
      .sort(([a], [b]) => compareBytes(a, b))
      .slice(0, limit)
      .flatMap(([, events]) => events.at(-1) ?? []);
  }

  async listDeadLetters(page: { limit: number; after?: number }): Promise<readonly StoredDeadLetter[]> {
    return this.#deadLetters.filter((letter) => letter.id > (page.after ?? 0)).slice(0, page.limit);
  }

  async listParked(page: { limit: number; after?: string }): Promise<readonly ParkedKey[]> {
    return [...this.#parked]
      .filter(([key]) => compareBytes(key, page.after ?? '') > 0)
      .sort(([a], [b]) => compareBytes(a, b))
      .slice(0, page.limit)
      .map(([key, { reason, since, messages }]) => ({
        key,
        reason,
        since: instantFromMillis(since),
        messages: messages.length,
      }));
  }

  async published(partition: number): Promise<number> {
    this.#shard(partition);
    return this.#published[partition] ?? 0;
  }

  async movePublished(partition: number, position: number): Promise<void> {
    assert(
      position <= this.#shard(partition).position,
      `${this.log}: published beyond the end of partition ${partition}`,
    );
    this.#published[partition] = Math.max(this.#published[partition] ?? 0, position);
  }

  onCommitted(listener: CommittedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #shard(partition: number): Shard {
    const shard = this.#shards[partition];
    assert(shard !== undefined, `${this.log} has no partition ${partition}`);
    return shard;
  }
}

/** Dead letters and parked members as the transaction leaves them. */
interface Poison {
  deadLetters: readonly StoredDeadLetter[];
  parked: ReadonlyMap<string, ParkedEntry>;
}

function takeParked(poison: Poison, key: string, limit: number): readonly DeadLetter[] {
  const entry = poison.parked.get(key);
  if (entry === undefined) return [];
  const parked = new Map(poison.parked);
  const rest = entry.messages.slice(limit);
  if (rest.length === 0) parked.delete(key);
  else parked.set(key, { ...entry, messages: rest });
  poison.parked = parked;
  return entry.messages.slice(0, limit);
}

const kept = (letter: DeadLetter): DeadLetter => ({
  ...letter,
  topic: storableText(letter.topic),
  key: storableText(letter.key),
  reason: storableText(letter.reason),
  detail: storableText(letter.detail),
  value: new Uint8Array(letter.value),
});
