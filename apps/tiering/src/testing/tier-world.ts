import type { LedgerEntry, Problem, ProgramPublished, RecordedOrder } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate, type PostgresEventStore } from '@jifen/event-store-postgres';
import { instant, memberKey, partitionOf, type Instant, type Outcome } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Consumer, type Message } from '@jifen/messaging';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { createTieringConsumer } from '../adapters/consumer.ts';
import { TIERING_MIGRATIONS } from '../adapters/migrations.ts';
import { tables } from '../adapters/tables.ts';
import { assignTier, type Assigned } from '../application/assign-tier.ts';
import { collectOrders } from '../application/collect-orders.ts';
import { recomputeAll } from '../application/recompute.ts';
import { readStandings, type StandingsPage, type StandingsQuery } from '../application/read-standings.ts';
import { readTier, type TierView } from '../application/read-tier.ts';
import { reviewSome } from '../application/review.ts';

export const PARTITIONS = 4;
export const PROGRAM = 'demo';
export const NOW = Date.UTC(2026, 5, 1);

export interface PostingGiven {
  readonly award: string;
  readonly granted: number;
  readonly earnedAt?: string;
  readonly type?: string;
  readonly reason?: string;
  readonly origin?: { readonly partition: number; readonly position: number };
  readonly entry?: Partial<LedgerEntry>;
}

/** A tiering service without its host: real tables, messages as the ledger and rules would publish them. */
export class TierWorld {
  private readonly heads = new Map<string, number>();
  private epochs = new Map<number, number>();

  private constructor(
    private readonly postgres: RunningPostgres,
    readonly admin: Pool,
    readonly pool: Pool,
    readonly store: PostgresEventStore,
    readonly consumer: Consumer,
    private readonly time: { now: number },
  ) {}

  static async start(): Promise<TierWorld> {
    const postgres = await startPostgres({ fsync: false });
    const admin = createPool(postgres.url);
    await migrate(admin, { schema: 'tiering', role: 'jifen_tiering', migrations: TIERING_MIGRATIONS });
    const pool = createPool(postgres.url, { schema: 'tiering', role: 'jifen_tiering' });
    const time = { now: NOW };
    const store = createPostgresEventStore({
      pool,
      schema: 'tiering',
      log: 'tier',
      partitions: PARTITIONS,
      clock: () => time.now,
    });
    const world = new TierWorld(postgres, admin, pool, store, createTieringConsumer({ store, tables }), time);
    await world.claim();
    return world;
  }

  /** Sets the service's clock. */
  itIs(at: string): void {
    this.time.now = Date.parse(at);
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.admin.end();
    await this.postgres.stop();
  }

  async claim(): Promise<void> {
    const claims = await this.consumer.claim(Array.from({ length: PARTITIONS }, (_, partition) => partition));
    this.epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
  }

  /** Every batch is handled twice, as a bus may. */
  async deliver(...messages: readonly Message[]): Promise<void> {
    await this.deliverOnly(...messages);
    if (messages.some(({ topic }) => topic === TOPIC_OF_LOG.program)) await this.collect();
  }

  /** As `deliver`, and nothing happens besides. */
  async deliverOnly(...messages: readonly Message[]): Promise<void> {
    for (let time = 0; time < 2; time++) await this.consumer.handle({ messages, epochs: this.epochs });
  }

  /** Makes rows of orders that a new ladder counts, and answers how many. */
  collect(signal = new AbortController().signal): Promise<number> {
    const { store } = this;
    return collectOrders({ store, tables }, this.pool, signal);
  }

  posting(member: string, given: PostingGiven): Message {
    const { award, granted, earnedAt = '2026-03-01T08:00:00.000Z', type = 'points.earned', reason = 'earn' } = given;
    const entry: LedgerEntry = {
      program: PROGRAM,
      member,
      currency: 'points',
      points: granted,
      lots: [],
      reason,
      award: `${member}~${award}`,
      granted,
      balance: { available: 0, pending: 0, held: 0, debt: 0 },
      earnedAt,
      ...(given.origin === undefined ? {} : { origin: given.origin }),
      ...given.entry,
    };
    return this.message('ledger', memberKey(PROGRAM, member), type, JSON.stringify(entry), earnedAt);
  }

  order(member: string, orderId: string, amount: string, change: Partial<RecordedOrder> = {}): Message {
    const paidAt = change.paidAt ?? '2026-03-01T08:00:00.000Z';
    const order: RecordedOrder = {
      ...{ source: 'shop', orderId, revision: 1, status: 'paid', currency: 'CNY' },
      ...{ occurredAt: paidAt, placedAt: paidAt, paidAt },
      lines: [{ lineId: '1', sku: 'tea', quantity: 1, amount }],
      ...change,
    };
    const data = JSON.stringify({ program: PROGRAM, member, order });
    return this.message('activity', memberKey(PROGRAM, member), 'order.recorded', data, paidAt);
  }

  registered(member: string, occurredAt: string): Message {
    const activity = { source: 'app', id: 'registration', type: 'member.registered', occurredAt };
    const data = JSON.stringify({ program: PROGRAM, member, ...activity });
    return this.message('activity', memberKey(PROGRAM, member), 'activity.recorded', data, occurredAt);
  }

  published(version: number, document: object, effectiveFrom = '2026-01-01T00:00:00.000Z'): Message {
    const data = { program: PROGRAM, version, effectiveFrom, publishedBy: 'operator', document };
    const published: ProgramPublished = { ...data, document: { ...document } };
    return this.message('program', PROGRAM, 'program.published', JSON.stringify(published), effectiveFrom);
  }

  message(log: 'ledger' | 'program' | 'activity', key: string, type: string, data: string, at: string): Message {
    const partition = partitionOf(key, PARTITIONS);
    const place = `${log} ${partition}`;
    const position = (this.heads.get(place) ?? 0) + 1;
    this.heads.set(place, position);
    const occurredAt = instant(at);
    const event: StoredEvent = {
      log,
      partition,
      position,
      stream: key,
      version: 1,
      key,
      type,
      schemaVersion: 1,
      data,
      meta: { correlationId: `activity-${partition}-1` },
      occurredAt,
      effectiveAt: occurredAt,
      recordedAt: occurredAt,
      hash: new Uint8Array(32),
    };
    return messageOfEvent(event, TOPIC_OF_LOG[log]);
  }

  async tier(member: string, now = this.time.now, asOf?: Instant): Promise<TierView> {
    const outcome = await readTier(tables, this.pool, { program: PROGRAM, member, now, asOf });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    return outcome.value;
  }

  async standings(query: Omit<StandingsQuery, 'program' | 'now'>): Promise<StandingsPage> {
    const outcome = await readStandings(tables, this.pool, { program: PROGRAM, now: this.time.now, ...query });
    if (!outcome.ok) throw new Error(outcome.refusal.detail);
    return outcome.value;
  }

  /** The member's tier events, oldest first. */
  async told(member: string): Promise<readonly StoredEvent[]> {
    return this.store.readStream(memberKey(PROGRAM, member), 0, 100);
  }

  recompute(now = this.time.now, signal = new AbortController().signal): Promise<number> {
    const { store } = this;
    return recomputeAll({ store, tables }, this.pool, now, signal);
  }

  /** Gives a tier by hand, or takes it back. */
  assign(
    member: string,
    tier: string | undefined,
    until?: string,
    reason = 'goodwill',
  ): Promise<Outcome<Assigned, Problem>> {
    const { store } = this;
    const end = until === undefined ? undefined : instant(until);
    return assignTier({ store, tables }, { program: PROGRAM, member, tier, until: end, reason, actor: 'key:k-1' });
  }

  /** Holds what is due, page by page, and answers how many members were looked at. */
  async review(pages = Infinity): Promise<number> {
    const { store, pool } = this;
    let members = 0;
    for (let page = 0; page < pages; page++) {
      const [partition] = await tables.partitionsDue(pool, PARTITIONS, this.time.now);
      if (partition === undefined) break;
      members += await reviewSome({ store, tables }, partition);
    }
    return members;
  }
}
