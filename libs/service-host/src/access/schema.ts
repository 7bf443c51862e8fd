import { withClient } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';

/** Advisory lock of the migration: two hosts may start at once. */
const MIGRATION_LOCK = 7_214_001;

const TABLES = `
  CREATE SCHEMA IF NOT EXISTS access;
  CREATE TABLE IF NOT EXISTS access.api_key (
    id           text PRIMARY KEY,
    program      text NOT NULL,
    name         text NOT NULL,
    scopes       text[] NOT NULL,
    secret_hash  bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    revoked_at   timestamptz,
    last_used_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS api_key_program ON access.api_key (program);

  -- A scope that was cut out of another is given once to the keys that had it.
  CREATE TABLE IF NOT EXISTS access.scope_split (scope text PRIMARY KEY);
  WITH split AS (INSERT INTO access.scope_split VALUES ('program:publish') ON CONFLICT DO NOTHING RETURNING scope)
  UPDATE access.api_key SET scopes = scopes || split.scope FROM split
   WHERE 'program:write' = ANY (scopes) AND NOT split.scope = ANY (scopes);`;

/** Runs as the owner; the services' roles may then read keys and note their last use, nothing else. */
export async function migrateAccess(admin: Pool, roles: readonly string[]): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(TABLES);
    for (const role of roles) {
      const name = client.escapeIdentifier(role);
      await client.query(`GRANT USAGE ON SCHEMA access TO ${name}`);
      await client.query(`GRANT SELECT, UPDATE (last_used_at) ON access.api_key TO ${name}`);
    }
    await client.query('COMMIT');
  });
}
