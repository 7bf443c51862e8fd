import type { StoredEvent } from '@jifen/event-store';
import { InvariantError, type Instant } from '@jifen/kernel';
import type { ClientBase } from 'pg';
import { EVENT_TYPES, instantsOnce } from './event-rows.ts';
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

/**
 * Numbers, instants and at last the type of an event in one text: a column for each would cost more to take in than its
 * event to fold.
 */
const HEAD = `concat_ws(',', e.partition, e.position, e.version, e.schema_version, e.occurred_at AT TIME ZONE 'UTC',
  e.recorded_at AT TIME ZONE 'UTC', e.effective_at AT TIME ZONE 'UTC', e.type)`;
const HEAD_FIELDS = 8;

const rangeSql = (schema: string): string => `
SELECT e.stream, ${HEAD}, e.data
FROM ${schema}.event e
WHERE e.log = $1 AND (e.stream, e.version) > ($2, $3) AND e.stream <= $4
  AND ($5::integer IS NULL OR e.partition = $5)
ORDER BY e.stream, e.version LIMIT ${PAGE}`;

type Row = [stream: string, head: string, data: string];

function eventOf(log: string, [stream, head, data]: Row, instantOf: (text: string) => Instant): FoldedEvent {
  const fields = head.split(',');
  const [partition, position, version, schemaVersion, occurredAt, recordedAt, effectiveAt, type] = fields;
  // What has no value is left out by the server.
  if (occurredAt === undefined || recordedAt === undefined || effectiveAt === undefined || type === undefined)
    throw new InvariantError(`an event of ${stream} in ${log} lacks a column: ${head}`);
  return {
    log,
    partition: Number(partition),
    position: Number(position),
    stream,
    version: Number(version),
    type: fields.length === HEAD_FIELDS ? type : fields.slice(HEAD_FIELDS - 1).join(','),
    schemaVersion: Number(schemaVersion),
    data,
    occurredAt: instantOf(occurredAt),
    recordedAt: instantOf(recordedAt),
    effectiveAt: instantOf(effectiveAt),
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
    const instantOf = instantsOnce();
    const page = found.rows.map((row) => eventOf(log, row, instantOf));
    const last = page.at(-1);
    if (last !== undefined) yield page;
    if (last === undefined || page.length < PAGE) return;
    place = [last.stream, last.version];
  }
}
