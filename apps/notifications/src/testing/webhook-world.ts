import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredEvent } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate, type PostgresEventStore } from '@jifen/event-store-postgres';
import { instant, instantFromMillis, memberKey, partitionOf, present, type Instant, type Outcome } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Consumer, type Message } from '@jifen/messaging';
import type { RetrySchedule } from '@jifen/notifications';
import { Nudge } from '@jifen/service-host';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool, PoolClient } from 'pg';
import { faultOfUrl } from '../adapters/address-guard.ts';
import { deliveryLanes } from '../adapters/delivery-lanes.ts';
import { deliveryTable } from '../adapters/delivery-table.ts';
import { deliveryTask } from '../adapters/delivery-task.ts';
import { endpointTable } from '../adapters/endpoint-table.ts';
import { createEventConsumer } from '../adapters/event-consumer.ts';
import { createHttpSender } from '../adapters/http-sender.ts';
import { messageTables } from '../adapters/message-tables.ts';
import { NOTIFICATION_MIGRATIONS } from '../adapters/migrations.ts';
import { inTransactionOf, type Queryable } from '../adapters/queryable.ts';
import { createSecretBox } from '../adapters/secret-box.ts';
import { verifierOf } from '../adapters/sign.ts';
import { createEndpoint, type EndpointWithSecret, type ManageParts } from '../application/manage-endpoints.ts';
import type { Delivery, Send } from '../application/ports.ts';

export const PARTITIONS = 4;
export const PROGRAM = 'demo';
export const REMEMBERED_MS = 30 * 86_400_000;
const SECRET_KEY = 'a key of at least thirty-two characters';

export const valueOf = <T, R>(outcome: Outcome<T, R>): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
  return outcome.value;
};

export interface SendingOptions {
  readonly schedule?: RetrySchedule;
  readonly timeoutMs?: number;
  readonly leaseMs?: number;
  readonly places?: number;
  /** Instead of the real one, which is handed over. */
  readonly send?: (real: Send) => Send;
}

/** Of the event that a message brings, which its deliveries are named by. */
export const idOf = (message: Message): string => message.headers['ce_id'] ?? '';

/** A notifications service without its host: real tables, real HTTP, messages as the logs would publish them. */
export class WebhookWorld {
  readonly box = createSecretBox(SECRET_KEY);
  readonly manage: ManageParts<Queryable>;
  readonly consumer: Consumer;
  readonly store: PostgresEventStore;
  readonly faults: unknown[] = [];
  private readonly heads = new Map<string, number>();
  private epochs = new Map<number, number>();
  private readonly nudge = new Nudge();
  private readonly stops: (() => Promise<void>)[] = [];

  private constructor(
    private readonly postgres: RunningPostgres,
    readonly admin: Pool,
    readonly pool: Pool,
  ) {
    const clock = Date.now;
    const options = { pool, schema: 'notifications', log: 'notification', partitions: PARTITIONS, clock };
    this.store = createPostgresEventStore(options);
    const tables = { endpoints: endpointTable, deliveries: deliveryTable };
    this.consumer = createEventConsumer({
      ...{
        store: this.store,
        tables,
        messageTables,
        rememberedMs: { messages: REMEMBERED_MS, deliveries: REMEMBERED_MS },
      },
      onQueued: () => this.nudge.nudge(),
    });
    this.manage = {
      ...tables,
      sql: pool,
      inTransaction: inTransactionOf(pool),
      box: this.box,
      faultOfUrl: (url) => faultOfUrl(url, { allowPrivate: true }),
      clock,
      newId: () => `we_${randomBytes(12).toString('hex')}`,
      newSecret: () => randomBytes(32),
      verifierOf,
    };
  }

  static async start(): Promise<WebhookWorld> {
    const postgres = await startPostgres({ fsync: false });
    const admin = createPool(postgres.url);
    const names = { schema: 'notifications', role: 'jifen_notifications' };
    await migrate(admin, { ...names, migrations: NOTIFICATION_MIGRATIONS });
    const world = new WebhookWorld(postgres, admin, createPool(postgres.url, { ...names, max: 20 }));
    await world.claim();
    return world;
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.admin.end();
    await this.postgres.stop();
  }

  /** Sends nothing any more, and forgets all but the logs. */
  async clear(): Promise<void> {
    await Promise.all(this.stops.splice(0).map((stop) => stop()));
    await this.pool.query('DELETE FROM endpoint; DELETE FROM delivery; DELETE FROM lane; DELETE FROM recipient');
  }

  async claim(): Promise<void> {
    const claims = await this.consumer.claim(Array.from({ length: PARTITIONS }, (_, partition) => partition));
    this.epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
  }

  /** The statements that work runs on this world's pool. */
  async statementsOf(work: () => Promise<void>): Promise<readonly string[]> {
    const texts: string[] = [];
    const watched = new Set<PoolClient>();
    const onAcquire = (client: PoolClient): void => {
      if (watched.has(client)) return;
      watched.add(client);
      const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
      const watch = (...given: readonly unknown[]): unknown => {
        const [first] = given;
        texts.push(typeof first === 'string' ? first : String((first as { text?: unknown }).text));
        return query(...given);
      };
      Object.assign(client, { query: watch });
    };
    this.pool.on('acquire', onAcquire);
    await work();
    this.pool.off('acquire', onAcquire);
    for (const client of watched) Reflect.deleteProperty(client, 'query');
    return texts;
  }

  /** Every batch is handled twice, as a bus may. */
  async deliver(...messages: readonly Message[]): Promise<void> {
    for (let time = 0; time < 2; time++) await this.consumer.handle({ messages, epochs: this.epochs });
  }

  event(
    member: string,
    type = 'points.earned',
    data: object = { points: 100 },
    program = PROGRAM,
    recordedAt: Instant = instantFromMillis(Date.now()),
  ): Message {
    const log = type.startsWith('tier.') ? 'tier' : type.startsWith('member.') ? 'member' : 'ledger';
    const key = memberKey(program, member);
    const partition = partitionOf(key, PARTITIONS);
    const place = `${log} ${partition}`;
    const position = (this.heads.get(place) ?? 0) + 1;
    this.heads.set(place, position);
    const at = instant('2026-03-01T08:00:00.000Z');
    const stored: StoredEvent = {
      ...{ log, partition, position, key, type, stream: key, version: 1, schemaVersion: 1, data: JSON.stringify(data) },
      ...{ meta: {}, occurredAt: at, effectiveAt: at, recordedAt, hash: new Uint8Array(32) },
    };
    return messageOfEvent(stored, TOPIC_OF_LOG[log]);
  }

  /** One that shares a secret. */
  async endpoint(
    url: string,
    events: readonly string[] = ['*'],
    program = PROGRAM,
  ): Promise<EndpointWithSecret & { readonly secret: string }> {
    const created = valueOf(
      await createEndpoint(this.manage, { program, url, events, description: undefined, scheme: 'v1' }),
    );
    return { ...created, secret: present(created.secret, 'the secret') };
  }

  deliveries(endpoint: string): Promise<readonly Delivery[]> {
    return deliveryTable.list(this.pool, endpoint, { before: undefined, state: undefined, limit: 1_000 });
  }

  async states(endpoint: string): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const { state } of await this.deliveries(endpoint)) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Sends until the answered function is called, or all is cleared. */
  sending(options: SendingOptions = {}): () => Promise<void> {
    const { schedule = [50, 100], timeoutMs = 500, leaseMs = 2_000, places = 16, send = (real) => real } = options;
    const closing = new AbortController();
    const sender = createHttpSender({ box: this.box, clock: Date.now, allowPrivate: true, timeoutMs });
    const limits = { places, placesOfEndpoint: 4, laneBurst: 5, leaseMs, endpointsOfRound: 100 };
    const task = deliveryTask({
      name: 'deliver-webhooks',
      receivers: { due: (now, limit) => endpointTable.due(this.pool, now, limit) },
      lanes: deliveryLanes({ sql: this.pool, inTransaction: this.manage.inTransaction }),
      clock: Date.now,
      send: send(sender.send),
      schedule,
      limits,
      pause: { afterFailures: 3, firstMillis: 50, longestMillis: 200 },
      chance: () => 0,
      newClaim: randomUUID,
      onFault: (error) => this.faults.push(error),
      pollMs: 20,
      nudge: this.nudge,
      closeConnections: sender.close,
    });
    const running = task.run(closing.signal);
    const stop = async (): Promise<void> => {
      closing.abort();
      await running;
    };
    this.stops.push(stop);
    return stop;
  }
}
