import type { Pool } from 'pg';
import { EVENT_COLUMNS, EVENT_TYPES, type EventRow } from '../event-rows.ts';

/** An event that has no place in its log: behind the head, below the first position, or in a partition or log that is none. */
export type StrayRow = EventRow & { readonly log: string; readonly why: string };

/** More than enough to tell where a missing event went. */
const MAX_STRAYS = 100;

/**
 * Steps from one (log, partition) of the table's key to the next, however many events each has, and looks beyond what
 * the shard row says. One statement: rows and events are of one moment.
 */
const straysSql = (schema: string): string => `
WITH RECURSIVE place (log, partition) AS (
  (SELECT e.log, e.partition FROM ${schema}.event e ORDER BY e.log, e.partition LIMIT 1)
  UNION ALL
  SELECT n.log, n.partition FROM place p CROSS JOIN LATERAL (
    SELECT e.log, e.partition FROM ${schema}.event e WHERE (e.log, e.partition) > (p.log, p.partition)
    ORDER BY e.log, e.partition LIMIT 1) n)
SELECT e.log, e.why, ${EVENT_COLUMNS}
FROM place p LEFT JOIN ${schema}.shard s ON s.log = p.log AND s.partition = p.partition
CROSS JOIN LATERAL (
  (SELECT CASE WHEN s.log IS NULL THEN 'the log has no such partition' ELSE 'an event behind the head of the shard row' END
     AS why, b.* FROM ${schema}.event b
   WHERE b.log = p.log AND b.partition = p.partition AND b.position > coalesce(s.position, 0)
   ORDER BY b.position LIMIT ${MAX_STRAYS})
  UNION ALL
  (SELECT 'a position below 1', b.* FROM ${schema}.event b
   WHERE b.log = p.log AND b.partition = p.partition AND b.position < 1 ORDER BY b.position LIMIT ${MAX_STRAYS})) e
WHERE p.log = $1 OR NOT EXISTS (SELECT FROM ${schema}.shard known WHERE known.log = p.log)
ORDER BY e.log, e.partition, e.position LIMIT ${MAX_STRAYS}`;

/** Strays of the log, and of logs that do not exist. */
export async function strays(pool: Pool, schema: string, log: string): Promise<readonly StrayRow[]> {
  const found = await pool.query<StrayRow>({ text: straysSql(schema), values: [log], types: EVENT_TYPES });
  return found.rows;
}
