import {
  createPool,
  createPostgresEventStore,
  grantLogReading,
  migrate,
  type PostgresEventStore,
} from '@jifen/event-store-postgres';
import { SERVICE_OF_LOG, TOPIC_OF_LOG, type LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { migrateAccess } from '../access/schema.ts';
import type { ServiceDefinition, ServiceName } from '../service.ts';
import type { HostConfig } from './config.ts';
import { waitFor } from './wait-for.ts';

export const roleOf = (service: string): string => `jifen_${service}`;

/** Log by the topic that carries it. */
export const LOG_OF_TOPIC: ReadonlyMap<string, LogName> = new Map(
  Object.entries(TOPIC_OF_LOG).map(([log, topic]) => [topic, log as LogName]),
);

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
    await waitFor({ what: 'the database', forMillis, isAway: isDatabaseAway, logger }, () => admin.query('SELECT 1'));
    for (const { name, migrations } of definitions) {
      const applied = await migrate(admin, { schema: name, role: roleOf(name), migrations });
      if (applied.length > 0) logger.info({ schema: name, applied }, 'migrated');
    }
    await migrateAccess(
      admin,
      definitions.map(({ name }) => roleOf(name)),
    );
    if (config.kafkaBrokers.length === 0) await grantReaders(admin, definitions);
  } finally {
    await admin.end();
  }
}

/** No connection, or a server that is starting or stopping; a wrong password or name is none of them. */
function isDatabaseAway(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code)) return true;
  if (/^(57P|08|53)/.test(code)) return true;
  return /timeout|terminated unexpectedly/i.test(String(error));
}

/** On the embedded bus a consumer reads the producer's log itself. */
async function grantReaders(admin: Pool, definitions: readonly ServiceDefinition[]): Promise<void> {
  const { rows } = await admin.query<{ nspname: string }>(
    "SELECT nspname FROM pg_namespace WHERE nspname = ANY($1) AND to_regclass(quote_ident(nspname) || '.event') IS NOT NULL",
    [[...new Set(Object.values(SERVICE_OF_LOG))]],
  );
  for (const { nspname: schema } of rows) {
    for (const { name } of definitions) {
      if (name !== schema) await grantLogReading(admin, { schema, role: roleOf(name) });
    }
  }
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
