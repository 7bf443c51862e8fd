import type { PoolClient } from 'pg';
import { PROJECTIONS } from '../adapters/projections.ts';
import { SUMS } from './compare-sums.ts';
import { inTransaction, ROLE, SCHEMA } from './session.ts';

/** Where tables are built, and where replaced ones are kept: the same names in a schema of their own. */
export const NEXT_SCHEMA = `${SCHEMA}_next`;
export const OLD_SCHEMA = `${SCHEMA}_old`;

/** All that follows from the log: folds of it, and what sums those. */
export const TABLES: readonly string[] = [...PROJECTIONS.map(({ table }) => table), SUMS];

/** The tables of the two schemas have not the same columns: a migration came in between. */
export class ShapeChangedError extends Error {
  override readonly name = 'ShapeChangedError';
}

interface Named {
  readonly name: string;
  readonly definition: string;
}

/**
 * Empty tables like the live ones, without keys and indexes: rows are written fastest without them. Everything is taken from the
 * catalogue, so that whatever a migration made of the live tables is there.
 */
export async function createShadow(client: PoolClient): Promise<void> {
  await inTransaction(client, 'READ COMMITTED', async () => {
    await client.query(`DROP SCHEMA IF EXISTS ${NEXT_SCHEMA} CASCADE; CREATE SCHEMA ${NEXT_SCHEMA}`);
    for (const table of TABLES) {
      const found = await client.query<{ options: string | null }>(
        "SELECT array_to_string(reloptions, ', ') AS options FROM pg_class WHERE oid = $1::regclass",
        [`${SCHEMA}.${table}`],
      );
      const options = found.rows[0]?.options ?? '';
      await client.query(`
CREATE TABLE ${NEXT_SCHEMA}.${table} (
  LIKE ${SCHEMA}.${table} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS) ${options === '' ? '' : `WITH (${options})`};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${NEXT_SCHEMA}.${table} TO ${ROLE}`);
    }
  });
}

/** Keys and indexes of the live table, under the same names, once its rows are there. */
export async function indexShadow(client: PoolClient, table: string): Promise<void> {
  const live = `${SCHEMA}.${table}`;
  const next = `${NEXT_SCHEMA}.${table}`;
  const constraints = await client.query<Named>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'x') ORDER BY conname`,
    [live],
  );
  const indexes = await client.query<Named>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = $1::regclass AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE conrelid = indrelid)
     ORDER BY 1`,
    [live],
  );
  await inTransaction(client, 'READ COMMITTED', async () => {
    await client.query("SET LOCAL maintenance_work_mem = '256MB'");
    for (const { name, definition } of constraints.rows) {
      await client.query(`ALTER TABLE ${next} ADD CONSTRAINT ${name} ${definition}`);
    }
    for (const { definition } of indexes.rows) {
      await client.query(definition.replace(` ON ${live} `, ` ON ${next} `));
    }
    await client.query(`ANALYZE ${next}`);
  });
}

export async function dropSchema(client: PoolClient, schema: string): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
}

/** Columns, checks, keys and indexes. */
const SHAPE = `
SELECT attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END AS part
FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = $1::regclass
UNION ALL SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass
ORDER BY 1`;

/** Throws ShapeChangedError unless the tables of the schema are made as the live ones are. */
export async function checkShape(client: PoolClient, schema: string): Promise<void> {
  const shapeOf = async (table: string): Promise<string> =>
    (await client.query<{ part: string }>(SHAPE, [table])).rows.map(({ part }) => part).join('\n');
  for (const table of TABLES) {
    const found = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
      `${schema}.${table}`,
    ]);
    const same =
      found.rows[0]?.there === true && (await shapeOf(`${schema}.${table}`)) === (await shapeOf(`${SCHEMA}.${table}`));
    if (!same) throw new ShapeChangedError(`${schema}.${table} is not made as ${SCHEMA}.${table} is: a migration ran`);
  }
}
