import type { HashedEvent } from '@jifen/event-store';
import type { Instant } from '@jifen/kernel';
import type { CustomTypesConfig, Pool } from 'pg';
import { instantsOnce } from '../event-rows.ts';

/** An event as it lies there, read without trusting that its columns hold what they should. */
export interface ChainRow {
  readonly event: HashedEvent;
  /** 64 hexadecimal digits, if it is the hash of an event. */
  readonly hash: string;
  /** A column without a value, which no event has. */
  readonly empty?: string;
}

/** Positions of a page, and pages read ahead: so many rows are in memory at a time. */
const PAGE = 1_000;
const AHEAD = 2;

const COLUMNS = [
  ['position', 'e.position'],
  ['hash', 'e.hash'],
  ['stream', 'e.stream'],
  ['version', 'e.version'],
  ['key', 'e.key'],
  ['type', 'e.type'],
  ['schema_version', 'e.schema_version'],
  ['data', 'e.data'],
  ['meta', 'e.meta'],
  ['occurred_at', "e.occurred_at AT TIME ZONE 'UTC'"],
  ['recorded_at', "e.recorded_at AT TIME ZONE 'UTC'"],
  ['effective_at', "e.effective_at AT TIME ZONE 'UTC'"],
] as const;

const chainPageSql = (schema: string): string => `
SELECT ${COLUMNS.map(([, sql]) => sql).join(', ')} FROM ${schema}.event e
WHERE e.log = $1 AND e.partition = $2 AND e.position > $3 AND e.position <= $4 ORDER BY e.position`;

/** Everything as the server writes it: the fastest way, and what is odd stays visible. */
const AS_TEXT: CustomTypesConfig = {
  getTypeParser: (() => (text: string) => text) as CustomTypesConfig['getTypeParser'],
};

type Texts = readonly [string, string, string, string, string, string, string, string, string, string, string, string];

export interface ChainPlace {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
  readonly partition: number;
}

/** Pages of a partition from its first event up to `head`; the next ones are read while the caller works on one. */
export async function* chainPages(place: ChainPlace, head: number): AsyncGenerator<readonly ChainRow[]> {
  const reading: Promise<readonly ChainRow[]>[] = [];
  for (let after = 0; after < head || reading.length > 0;) {
    while (after < head && reading.length <= AHEAD) {
      const page = readPage(place, after, Math.min(head, after + PAGE));
      // A failure is met where the page is awaited; a caller that stops before need not hear of it.
      page.catch(() => undefined);
      reading.push(page);
      after += PAGE;
    }
    const page = await reading.shift();
    if (page !== undefined) yield page;
  }
}

async function readPage(place: ChainPlace, after: number, upTo: number): Promise<readonly ChainRow[]> {
  const { pool, schema, log, partition } = place;
  const found = await pool.query<Texts & string[]>({
    name: `${schema}-chain`,
    text: chainPageSql(schema),
    values: [log, partition, after, upTo],
    rowMode: 'array',
    types: AS_TEXT,
  });
  const instantOf = instantsOnce();
  return found.rows.map((row) => chainRow(place, row, instantOf));
}

function chainRow({ log, partition }: ChainPlace, row: Texts, instantOf: (text: string) => Instant): ChainRow {
  const [position, hash, stream, version, key, type, schemaVersion, data, meta, occurred, recorded, effective] = row;
  const nothing = (row as readonly (string | null)[]).indexOf(null);
  if (nothing >= 0) {
    const empty = COLUMNS[nothing]?.[0] ?? 'a column';
    return { event: { ...NOTHING, log, partition, position: Number(position) }, hash: '', empty };
  }
  const event = {
    log,
    partition,
    position: Number(position),
    stream,
    version: Number(version),
    key,
    type,
    schemaVersion: Number(schemaVersion),
    data,
    meta,
    occurredAt: instantOf(occurred),
    recordedAt: instantOf(recorded),
    effectiveAt: instantOf(effective),
  };
  return { event, hash: hash.slice(2) };
}

const NOTHING = {
  stream: '',
  version: 0,
  key: '',
  type: '',
  schemaVersion: 0,
  data: '',
  meta: '',
  occurredAt: '' as Instant,
  recordedAt: '' as Instant,
  effectiveAt: '' as Instant,
};
