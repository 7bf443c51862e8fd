import { eventHash, GENESIS_HASH } from '@jifen/event-store';
import { assert } from '@jifen/kernel';
import type { Pool } from 'pg';
import { EVENT_COLUMNS, EVENT_TYPES, type EventRow } from './event-rows.ts';
import { checkName } from './pool.ts';

export interface VerifyOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
  /** Only this one; by default all. */
  readonly partition?: number;
}

/** After each page: how far the partition was walked, of how much. */
export interface VerifyProgress {
  readonly partition: number;
  readonly position: number;
  readonly of: number;
}

/** The first row of a partition that is not as it was written. */
export interface BrokenRow {
  readonly log: string;
  readonly partition: number;
  readonly position: number;
  readonly what: string;
}

export type Verification =
  | { readonly ok: true; readonly events: number }
  | { readonly ok: false; readonly events: number; readonly broken: BrokenRow };

/** Rows in memory at a time. */
const PAGE = 250;

interface Head {
  readonly partition: number;
  readonly position: number;
  readonly headHash: Buffer;
  readonly first: number | null;
  readonly last: number | null;
}

/** One statement, so that row and events are of one moment while writes go on. */
const headsSql = (schema: string): string => `
SELECT s.partition, s.position, s.head_hash AS "headHash",
  (SELECT min(e.position) FROM ${schema}.event e WHERE e.log = s.log AND e.partition = s.partition) AS first,
  (SELECT max(e.position) FROM ${schema}.event e WHERE e.log = s.log AND e.partition = s.partition) AS last
FROM ${schema}.shard s WHERE s.log = $1 ORDER BY s.partition`;

/** Two ranges of the primary key, however long the log is. */
const strayRowsSql = (schema: string): string => `
(SELECT e.partition, e.position FROM ${schema}.event e WHERE e.log = $1 AND e.partition < 0
 ORDER BY e.partition, e.position LIMIT 1)
UNION ALL
(SELECT e.partition, e.position FROM ${schema}.event e WHERE e.log = $1 AND e.partition >= $2
 ORDER BY e.partition, e.position LIMIT 1)`;

const pageSql = (schema: string): string => `
SELECT ${EVENT_COLUMNS}, CASE WHEN e.version = 1 OR EXISTS (
  SELECT FROM ${schema}.event p WHERE p.log = e.log AND p.stream = e.stream AND p.version = e.version - 1)
  THEN 1 ELSE 0 END AS follows
FROM ${schema}.event e WHERE e.log = $1 AND e.partition = $2 AND e.position > $3 AND e.position <= $4
ORDER BY e.position LIMIT ${PAGE}`;

/**
 * Walks the hash chain of a log and says which row is the first that was changed, removed or added behind the store's back.
 * Reads in pages, blocks nobody; what is appended after the walk began is not part of it.
 */
export async function verifyLog(
  options: VerifyOptions,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<Verification> {
  const { pool, log } = options;
  const schema = checkName(options.schema);
  const heads = await pool.query<Head>({ text: headsSql(schema), values: [log], types: EVENT_TYPES });
  let events = 0;
  for (const head of heads.rows) {
    if (options.partition !== undefined && options.partition !== head.partition) continue;
    const walk = await verifyPartition(pool, schema, log, head, onProgress);
    events += walk.events;
    if (walk.broken !== undefined) return { ok: false, events, broken: walk.broken };
  }
  if (options.partition !== undefined) return { ok: true, events };
  const stray = await pool.query<{ partition: number; position: number }>({
    text: strayRowsSql(schema),
    values: [log, heads.rows.length],
    types: EVENT_TYPES,
  });
  const [row] = stray.rows;
  if (row === undefined) return { ok: true, events };
  return { ok: false, events, broken: { log, ...row, what: 'the log has no such partition' } };
}

async function verifyPartition(
  pool: Pool,
  schema: string,
  log: string,
  head: Head,
  onProgress: (progress: VerifyProgress) => void,
): Promise<{ events: number; broken?: BrokenRow }> {
  const { partition } = head;
  const broken = (position: number, what: string): BrokenRow => ({ log, partition, position, what });
  if (head.first !== null && head.first < 1) return { events: 0, broken: broken(head.first, 'a position below 1') };
  let previous: Uint8Array = GENESIS_HASH;
  let position = 0;
  while (position < head.position) {
    const page = await pool.query<EventRow & { follows: number }>({
      text: pageSql(schema),
      values: [log, partition, position, head.position],
      types: EVENT_TYPES,
    });
    if (page.rows.length === 0) return { events: position, broken: broken(position + 1, 'the event is missing') };
    for (const row of page.rows) {
      const what = whatIsBroken(log, position, previous, row);
      if (what !== undefined) return { events: position, broken: broken(position + 1, what) };
      previous = row.hash;
      position = row.position;
    }
    onProgress({ partition, position, of: head.position });
  }
  if (Buffer.compare(previous, head.headHash) !== 0) {
    return { events: position, broken: broken(position, 'its hash is not the head hash in the shard row') };
  }
  if (head.last !== null && head.last > head.position) {
    return { events: position, broken: broken(head.position + 1, 'an event behind the head of the shard row') };
  }
  assert(position === head.position, 'the walk ends at the head');
  return { events: position };
}

function whatIsBroken(
  log: string,
  position: number,
  previous: Uint8Array,
  row: EventRow & { readonly follows: number },
): string | undefined {
  if (row.position !== position + 1) return 'the event is missing';
  if (!eventHash(previous, { ...row, log }).equals(row.hash)) return 'its content and its hash do not match';
  // Numbers come as text where the driver was given no type for them.
  return Number(row.follows) === 1 ? undefined : `version ${row.version - 1} of its stream is missing`;
}
