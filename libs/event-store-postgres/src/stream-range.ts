import type { StoredEvent } from '@jifen/event-store';
import type { Instant } from '@jifen/kernel';
import type { ClientBase } from 'pg';
import { EVENT_TYPES } from './event-rows.ts';
import { LAST_CHARACTER } from './read-sql.ts';

/** Streams by the bytes of their names, `after` exclusive, `upTo` inclusive; without it to the last. */
export interface StreamRange {
  readonly after: string;
  readonly upTo?: string;
  /** Only those of this partition. */
  readonly partition?: number;
}

export interface LogName {
  readonly schema: string;
  readonly log: string;
}

/** What a fold needs of an event. */
export type FoldedEvent = Omit<StoredEvent, 'meta' | 'hash' | 'key'>;

/** Events in memory at a time. */
const PAGE = 5_000;

const boundarySql = (schema: string): string => `
SELECT stream FROM ${schema}.event WHERE log = $1 AND stream > $2 ORDER BY stream, version OFFSET $3 LIMIT 1`;

/** The stream in which the n-th event after `after` is; none when there are fewer. Read from the index alone. */
export async function streamBoundary(
  client: ClientBase,
  { schema, log }: LogName,
  after: string,
  events: number,
): Promise<string | undefined> {
  const values = [log, after, events];
  const found = await client.query<{ stream: string }>({ text: boundarySql(schema), values });
  return found.rows[0]?.stream;
}

const rangeSql = (schema: string): string => `
SELECT e.partition, e.position, e.stream, e.version, e.type, e.schema_version, e.data, e.occurred_at AT TIME ZONE 'UTC',
  e.recorded_at AT TIME ZONE 'UTC', e.effective_at AT TIME ZONE 'UTC'
FROM ${schema}.event e
WHERE e.log = $1 AND (e.stream, e.version) > ($2, $3) AND e.stream <= $4
  AND ($5::integer IS NULL OR e.partition = $5)
ORDER BY e.stream, e.version LIMIT ${PAGE}`;

type Row = [number, number, string, number, string, number, string, Instant, Instant, Instant];

function eventOf(log: string, row: Row): FoldedEvent {
  const [partition, position, stream, version, type, schemaVersion, data, occurredAt, recordedAt, effectiveAt] = row;
  return {
    log,
    partition,
    position,
    stream,
    version,
    type,
    schemaVersion,
    data,
    occurredAt,
    recordedAt,
    effectiveAt,
  };
}

/** The events of the streams, stream by stream, each in its order. What is seen together is up to the caller's transaction. */
export const eventsOfStreams = (client: ClientBase, log: LogName, range: StreamRange) =>
  pagesFrom(client, log, [range.after, Number.MAX_SAFE_INTEGER], range);

export const eventsOfStream = (client: ClientBase, log: LogName, stream: string) =>
  pagesFrom(client, log, [stream, 0], { upTo: stream });

async function* pagesFrom(
  client: ClientBase,
  { schema, log }: LogName,
  from: readonly [stream: string, version: number],
  { upTo, partition }: Omit<StreamRange, 'after'>,
): AsyncGenerator<readonly FoldedEvent[]> {
  for (let place = from; ;) {
    const found = await client.query<Row>({
      name: `${schema}-stream-range`,
      text: rangeSql(schema),
      values: [log, ...place, upTo ?? LAST_CHARACTER, partition ?? null],
      rowMode: 'array',
      types: EVENT_TYPES,
    });
    const page = found.rows.map((row) => eventOf(log, row));
    const last = page.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || page.length < PAGE) return;
    place = [last.stream, last.version];
  }
}
