import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Migration } from './migration.ts';
import { checkName } from './pool.ts';
import { STORE_MIGRATIONS } from './store-migrations.ts';
import { withClient } from './with-client.ts';

/** The schema's history and the code's disagree. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface MigrateOptions {
  readonly schema: string;
  readonly role: string;
  /** The service's own steps; the store's tables come first by themselves. */
  readonly migrations: readonly Migration[];
}

/** One migration at a time in a database; the number is "jifen" in ASCII. */
const MIGRATION_LOCK = 0x6a6966656e;
const MIGRATION_MILLIS = 600_000;

/**
 * Brings a service's schema and role up to date, as the owner; answers the ids that ran now. A step that ran and was
 * edited since is a `MigrationError`; a step that fails leaves nothing of itself.
 */
export async function migrate(adminPool: Pool, options: MigrateOptions): Promise<readonly string[]> {
  const schema = checkName(options.schema);
  const role = checkName(options.role);
  return withClient(adminPool, async (client) => {
    await client.query(`SET statement_timeout = ${MIGRATION_MILLIS}`);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await prepare(client, schema, role);
    const applied = await run(client, schema, role, [...STORE_MIGRATIONS, ...options.migrations]);
    await grant(client, schema, role);
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await client.query('RESET statement_timeout; RESET search_path');
    return applied;
  });
}

/** Lets another service's role read the logs of a schema: the events and how far they go. */
export async function grantLogReading(
  adminPool: Pool,
  options: { readonly schema: string; readonly role: string },
): Promise<void> {
  const schema = checkName(options.schema);
  const role = checkName(options.role);
  // One transaction, in turn with migrations: two that grant on the same thing at once fail.
  await adminPool.query(`SET LOCAL statement_timeout = ${MIGRATION_MILLIS};
SELECT pg_advisory_xact_lock(${MIGRATION_LOCK});
GRANT USAGE ON SCHEMA ${schema} TO ${role};
GRANT SELECT ON ${schema}.event, ${schema}.shard TO ${role}`);
}

async function prepare(client: PoolClient, schema: string, role: string): Promise<void> {
  // Roles belong to the whole server, so another database's migration may be making the same one.
  await client.query(`
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`);
  await client.query(`
DO $$ BEGIN
  IF NOT pg_has_role(current_user, '${role}', 'SET') THEN EXECUTE 'GRANT ${role} TO ' || quote_ident(current_user); END IF;
END $$`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(`SET search_path = ${schema}`);
  await client.query(`
CREATE TABLE IF NOT EXISTS migration (
  id text COLLATE "C" PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)`);
}

async function run(
  client: PoolClient,
  schema: string,
  role: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const rows = await client.query<{ id: string; checksum: string }>('SELECT id, checksum FROM migration');
  const done = new Map(rows.rows.map((row) => [row.id, row.checksum]));
  const applied: string[] = [];
  for (const migration of migrations) {
    const checksum = createHash('sha256').update(migration.sql).digest('hex');
    const recorded = done.get(migration.id);
    if (recorded === checksum) continue;
    if (recorded !== undefined) {
      throw new MigrationError(`${schema}: step ${migration.id} was edited after it ran; add a new step instead`);
    }
    await step(client, schema, migration, checksum, role);
    applied.push(migration.id);
    done.set(migration.id, checksum);
  }
  return applied;
}

async function step(
  client: PoolClient,
  schema: string,
  migration: Migration,
  checksum: string,
  role: string,
): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql.replaceAll(':role', role));
    await client.query('INSERT INTO migration (id, checksum) VALUES ($1, $2)', [migration.id, checksum]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new MigrationError(`${schema}: step ${migration.id} failed: ${String(cause)}`, { cause });
  }
}

/** Everything of the service's own but its history: events are inserted and read, steps only read. */
async function grant(client: PoolClient, schema: string, role: string): Promise<void> {
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
  // A projection that is rebuilt is a table that the owner makes later.
  await client.query(
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`,
  );
  await client.query(`REVOKE ALL ON ${schema}.event, ${schema}.migration FROM ${role}`);
  await client.query(`GRANT SELECT, INSERT ON ${schema}.event TO ${role}`);
  await client.query(`GRANT SELECT ON ${schema}.migration TO ${role}`);
}
