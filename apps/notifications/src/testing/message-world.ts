import { randomUUID } from 'node:crypto';
import { EXAMPLES, type LedgerEntry, type MemberStanding } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate } from '@jifen/event-store-postgres';
import { instantFromMillis, memberKey, partitionOf, present } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Consumer, type Message } from '@jifen/messaging';
import { DEFAULT_SETTINGS, type RetrySchedule, type Settings } from '@jifen/notifications';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { inboxChannel } from '../adapters/channels/inbox.ts';
import { deliveryTable } from '../adapters/delivery-table.ts';
import { endpointTable } from '../adapters/endpoint-table.ts';
import { createEventConsumer } from '../adapters/event-consumer.ts';
import { createRenderer } from '../adapters/liquid.ts';
import { messageLanes, sendBy } from '../adapters/message-lanes.ts';
import { messageTables } from '../adapters/message-tables.ts';
import { NOTIFICATION_MIGRATIONS } from '../adapters/migrations.ts';
import { inTransactionOf, type Queryable } from '../adapters/queryable.ts';
import { Deliverer } from '../application/deliver.ts';
import { saveSettings, type SettingsParts } from '../application/manage-settings.ts';
import { readLedger } from '../application/read-ledger.ts';
import { remindMembers } from '../application/remind.ts';
import type { Channel, HeadMessage, Message as Told } from '../application/message-ports.ts';
import { valueOf } from './webhook-world.ts';

const PARTITIONS = 4;
export const NOON_IN_SHANGHAI = Date.parse('2026-11-28T04:00:00.000Z');
export const PROGRAM = 'demo';
const DAY = 86_400_000;
export const REMEMBERED_MS = 30 * DAY;
const NAMES = { schema: 'notifications', role: 'jifen_notifications' };

type Version = { readonly program: string; readonly document: Readonly<Record<string, unknown>> };

/** Messages to members without a host: real tables and a clock that specs turn. Time begins on 28 November 2026. */
export class MessageWorld {
  now = NOON_IN_SHANGHAI;
  readonly tables = messageTables;
  readonly render = createRenderer();
  readonly faults: unknown[] = [];
  readonly channels = new Map<string, Channel>([['inbox', inboxChannel]]);
  readonly consumer: Consumer;
  readonly inTransaction;
  readonly manage: SettingsParts<Queryable>;
  readonly readings;
  private readonly published: Message[] = [];
  private readonly ledger: StoredEvent[] = [];
  private readonly heads = new Map<string, number>();
  private epochs = new Map<number, number>();

  private constructor(
    private readonly postgres: RunningPostgres,
    readonly admin: Pool,
    readonly pool: Pool,
  ) {
    const clock = (): number => this.now;
    this.inTransaction = inTransactionOf(pool);
    const store = createPostgresEventStore({
      ...{ pool, schema: NAMES.schema, log: 'notification', partitions: PARTITIONS, clock },
    });
    this.readings = {
      ...messageTables,
      ...{ sql: pool, store, log: { partitions: PARTITIONS, readLog: this.readLog } },
      onBroken: (posting: Message): void => void this.faults.push(posting),
    };
    this.consumer = createEventConsumer({
      store,
      tables: { endpoints: endpointTable, deliveries: deliveryTable },
      messageTables,
      rememberedMs: { messages: REMEMBERED_MS, deliveries: REMEMBERED_MS },
    });
    this.manage = {
      ...{ sql: pool, inTransaction: this.inTransaction, render: this.render, clock },
      ...{ settings: messageTables.settings, readings: messageTables.readings },
      absenceOf: (name) => (this.channels.has(name) ? undefined : `there is no channel ${name}`),
    };
  }

  static async start(): Promise<MessageWorld> {
    const postgres = await startPostgres({ fsync: false });
    const admin = createPool(postgres.url);
    await migrate(admin, { ...NAMES, migrations: NOTIFICATION_MIGRATIONS });
    const world = new MessageWorld(postgres, admin, createPool(postgres.url, { ...NAMES, max: 20 }));
    await world.reclaim();
    return world;
  }

  async reclaim(): Promise<void> {
    const claims = await this.consumer.claim(Array.from({ length: PARTITIONS }, (_, partition) => partition));
    this.epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.admin.end();
    await this.postgres.stop();
  }

  async settings(change: Partial<Settings> = {}): Promise<void> {
    const settings = { ...DEFAULT_SETTINGS, enabled: true, ...change };
    valueOf(await saveSettings(this.manage, { program: PROGRAM, settings, revision: undefined, by: 'spec' }));
    await this.readLedger();
  }

  /** As the service does when settings were saved. */
  async readLedger(page?: number, signal: Pick<AbortSignal, 'aborted'> = { aborted: false }): Promise<void> {
    await readLedger({ ...this.readings, ...(page === undefined ? {} : { page }) }, signal);
  }

  private readonly readLog = (partition: number, position: number, limit: number): Promise<StoredEvent[]> =>
    Promise.resolve(
      this.ledger.filter((event) => event.partition === partition && event.position > position).slice(0, limit),
    );

  /** Every batch is handled twice, as a bus may. */
  async deliver(...messages: readonly Message[]): Promise<void> {
    for (let time = 0; time < 2; time++) await this.consumer.handle({ messages, epochs: this.epochs });
  }

  event(
    log: 'ledger' | 'tier' | 'program' | 'member',
    type: string,
    content: object & { program: string; member?: string },
  ): Message {
    const { program, member } = content;
    const key = member === undefined ? program : memberKey(program, member);
    const partition = partitionOf(key, PARTITIONS);
    const place = `${log} ${partition}`;
    const position = (this.heads.get(place) ?? 0) + 1;
    this.heads.set(place, position);
    const at = instantFromMillis(this.now);
    const stored: StoredEvent = {
      ...{ log, partition, position, key, type, stream: key, version: position, schemaVersion: 1 },
      ...{ data: JSON.stringify(content), meta: {}, occurredAt: at, effectiveAt: at, recordedAt: at },
      hash: new Uint8Array(32),
    };
    if (log === 'ledger') this.ledger.push(stored);
    const message = messageOfEvent(stored, TOPIC_OF_LOG[log]);
    this.published.push(message);
    return message;
  }

  /** The logs from their beginning. */
  everything(): readonly Message[] {
    return [...this.published];
  }

  posting(member: string, type = 'points.earned', change: Partial<LedgerEntry> = {}): Message {
    const entry: LedgerEntry = {
      ...{ program: PROGRAM, member, currency: 'points', points: 100, lots: [], reason: 'earn' },
      balance: { available: 480, pending: 0, held: 0, debt: 0 },
      ...change,
    };
    return this.event('ledger', type, entry);
  }

  tier(member: string, tier: string, previous?: string): Message {
    const since = instantFromMillis(this.now);
    const standing = { program: PROGRAM, member, tier, since, lifetimePoints: 1, programVersion: 1, timeline: [] };
    return this.event('tier', 'tier.changed', { ...standing, ...(previous === undefined ? {} : { previous }) });
  }

  standing(member: string, standing: MemberStanding['standing']): Message {
    const at = instantFromMillis(this.now);
    const content: MemberStanding = { program: PROGRAM, member, standing, reason: 'request', actor: 'li.wei', at };
    return this.event('member', `member.${standing}`, content);
  }

  /** The reference program, in Shanghai. */
  program(change: Readonly<Record<string, unknown>> = {}): Message {
    const example = present(
      EXAMPLES.find(({ type }) => type === 'program.published'),
      'the example',
    ).value as Version;
    const document = { ...example.document, ...change };
    const effectiveFrom = instantFromMillis(this.now);
    const published = { ...example, program: PROGRAM, effectiveFrom, document };
    return this.event('program', 'program.published', published);
  }

  /** Sends all that is due. */
  async send(schedule: RetrySchedule = [60_000, 300_000], chance = 0): Promise<void> {
    let free = (): void => undefined;
    const deliverer = new Deliverer<Channel, HeadMessage>({
      receivers: {
        due: async (now) => {
          const due = await messageTables.messages.dueChannels(this.pool, [...this.channels.keys()], now);
          return due.flatMap((id) => this.channels.get(id) ?? []);
        },
      },
      lanes: messageLanes({
        ...messageTables,
        ...{ sql: this.pool, inTransaction: this.inTransaction },
        ...{ channels: this.channels, render: this.render, clock: () => this.now },
      }),
      send: sendBy,
      schedule,
      limits: { places: 8, placesOfEndpoint: 4, laneBurst: 5, leaseMs: 10_000, endpointsOfRound: 10 },
      pause: { afterFailures: 1_000, firstMillis: 1, longestMillis: 1 },
      clock: () => this.now,
      chance: () => chance,
      newClaim: randomUUID,
      onFault: (error) => this.faults.push(error),
      onPlace: () => free(),
    });
    while ((await deliverer.round()) > 0 || deliverer.underWay > 0) {
      if (deliverer.underWay > 0) await new Promise<void>((resolve) => (free = resolve));
    }
    await deliverer.stop();
  }

  remind(): Promise<number> {
    const parts = { ...messageTables, sql: this.pool, inTransaction: this.inTransaction, clock: () => this.now };
    return remindMembers(parts, new AbortController().signal);
  }

  told(filter: { member?: string; channel?: string } = {}): Promise<readonly Told[]> {
    const all = { member: undefined, channel: undefined, state: undefined, trigger: undefined };
    return messageTables.messages.list(this.pool, PROGRAM, { ...all, ...filter }, { before: undefined, limit: 1_000 });
  }

  async titles(member: string): Promise<readonly string[]> {
    const page = { before: undefined, limit: 100 };
    const rows = await messageTables.messages.inbox(this.pool, { program: PROGRAM, member }, page);
    return rows.map(({ content }) => content?.title ?? '').reverse();
  }

  /** Also the ledger's log up to here: the next spec begins with its own. */
  async forgetAll(): Promise<void> {
    this.ledger.length = 0;
    await this.pool.query('DELETE FROM message; DELETE FROM lane; DELETE FROM setting; DELETE FROM standing');
    await this.pool.query(
      'DELETE FROM recipient; DELETE FROM program_words; DELETE FROM lot; DELETE FROM reminded; DELETE FROM nudge; DELETE FROM reminder_run; DELETE FROM ledger_reading; DELETE FROM balance',
    );
  }
}
