import {
  createPool,
  createPostgresEventStore,
  grantLogReading,
  migrate,
  type PostgresEventStore,
} from '@jifen/event-store-postgres';
import { errorText } from '@jifen/kernel';
import { SERVICE_OF_LOG, TOPIC_OF_LOG, type LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { migrateAccess } from '../access/schema.ts';
import { SERVICE_NAMES, type ServiceDefinition, type ServiceName } from '../service.ts';
import type { HostConfig } from './config.ts';
import { UnreachableError, waitFor } from './wait-for.ts';

export const roleOf = (service: string): string => `jifen_${service}`;

/** Log by the topic that carries it. */
export const LOG_OF_TOPIC: ReadonlyMap<string, LogName> = new Map(
  Object.entries(TOPIC_OF_LOG).map(([log, topic]) => [topic, log as LogName]),
);

/**
 * Schemas whose logs a service reads besides the topics that it consumes, whatever the bus: simulations rate activities
 * again, and a program that begins to remind of expiry looks for the lots that there are.
 */
const READS_BESIDES: Readonly<Partial<Record<ServiceName, readonly ServiceName[]>>> = {
  rules: ['ingestion'],
  notifications: ['ledger'],
};

const PRODUCERS: readonly string[] = [...new Set(Object.values(SERVICE_OF_LOG))];

const ADMIN_CONNECTIONS = 2;

/** Brings every schema up to date, as the owner. Readers of other services' logs are granted them, where those exist. */
export async function migrateAll(
  config: HostConfig,
  definitions: readonly ServiceDefinition[],
  logger: Logger,
): Promise<void> {
  const admin = createPool(config.databaseUrl, { max: ADMIN_CONNECTIONS, applicationName: 'jifen-migrate' });
  const { startWaitMs: forMillis } = config;
  try {
    await waitFor({ what: 'the database', forMillis, isAway: isDatabaseAway, logger }, () => firstContact(admin));
    for (const { name, migrations } of definitions) {
      const applied = await migrate(admin, { schema: name, role: roleOf(name), migrations });
      if (applied.length > 0) logger.info({ schema: name, applied }, 'migrated');
    }
    await migrateAccess(
      admin,
      definitions.map(({ name }) => roleOf(name)),
    );
    await grantReaders(
      admin,
      config.kafkaBrokers.length === 0 ? readersOnBus(definitions) : readersBesides(definitions),
    );
  } finally {
    await admin.end();
  }
}

/** No connection, or a server that is starting or stopping; a wrong password or name is none of them. */
/** A wrong password (SQLSTATE 28…) or name of a database (3D…) is for the operator to mend. */
async function firstContact(admin: Pool): Promise<void> {
  try {
    await admin.query('SELECT 1');
  } catch (error) {
    if (!/^(28|3D)/.test(codeOf(error))) throw error;
    throw new UnreachableError(`the database of DATABASE_URL refuses: ${errorText(error)}`, { cause: error });
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code)) return true;
  if (/^(57P|08|53)/.test(code)) return true;
  return /timeout|terminated unexpectedly/i.test(String(error));
}

interface Reader {
  /** Whose role reads. */
  readonly name: ServiceName;
  readonly schema: string;
}

/** On the embedded bus a consumer reads the producer's log itself. */
const readersOnBus = (definitions: readonly ServiceDefinition[]): readonly Reader[] =>
  definitions.flatMap(({ name }) => PRODUCERS.flatMap((schema) => (schema === name ? [] : [{ name, schema }])));

/** On Kafka services start in any order: whichever of reader and read one comes second finds the other there. */
const readersBesides = (definitions: readonly ServiceDefinition[]): readonly Reader[] =>
  SERVICE_NAMES.flatMap((name) => (READS_BESIDES[name] ?? []).map((schema) => ({ name, schema }))).filter((reader) =>
    definitions.some(({ name }) => name === reader.name || name === reader.schema),
  );

const HERE = `
  SELECT reader, schema
    FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (reader, role, schema)
   WHERE to_regclass(quote_ident(schema) || '.event') IS NOT NULL AND to_regrole(quote_ident(role)) IS NOT NULL`;

/** Grants what is there: a log that is not, and a role that is not, come with their own service. */
async function grantReaders(admin: Pool, readers: readonly Reader[]): Promise<void> {
  const { rows } = await admin.query<{ reader: string; schema: string }>(HERE, [
    readers.map(({ name }) => name),
    readers.map(({ name }) => roleOf(name)),
    readers.map(({ schema }) => schema),
  ]);
  for (const { reader, schema } of rows) await grantLogReading(admin, { schema, role: roleOf(reader) });
}

/** A service's connections and its stores, made when they are first asked for. */
export class ServiceDatabase {
  readonly pool: Pool;
  readonly #stores = new Map<string, PostgresEventStore>();
  #closing = false;

  constructor(
    readonly service: ServiceName,
    private readonly config: HostConfig,
    private readonly clock: (() => number) | undefined,
    private readonly logger: Logger,
  ) {
    this.pool = createPool(config.databaseUrl, {
      role: roleOf(service),
      schema: service,
      max: config.poolSize,
      applicationName: roleOf(service),
      onError: (error) => {
        if (!this.#closing) logger.warn({ err: error }, 'an idle connection was lost');
      },
    });
  }

  /** The service's own log, or another service's to read. */
  store(log: LogName): PostgresEventStore {
    const existing = this.#stores.get(log);
    if (existing !== undefined) return existing;
    const store = createPostgresEventStore({
      pool: this.pool,
      schema: SERVICE_OF_LOG[log],
      log,
      partitions: this.config.partitions,
      clock: this.clock,
      notify: true,
      onError: (error) => this.logger.warn({ err: error, log }, 'the wake-up failed, readers poll'),
    });
    this.#stores.set(log, store);
    return store;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#stores.values()].map((store) => store.close()));
    await this.pool.end();
  }
}
