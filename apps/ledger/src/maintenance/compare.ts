import { textArray, type Difference, type StreamRange } from '@jifen/event-store-postgres';
import type { ClientBase } from 'pg';
import { NULL_NUMBER, PROJECTIONS, type Projection } from '../adapters/projections.ts';
import type { AccountFolder } from './fold-accounts.ts';
import { SCHEMA } from './session.ts';

export interface Comparison {
  /** Rows that the log gives, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** How many rows differ. */
  readonly count: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** Differences that are listed a table and range. */
const LISTED = 100;

const ARRAY_TYPES = {
  text: 'text',
  'text or null': 'text',
  int4: 'int4',
  int8: 'int8',
  'int8 or null': 'int8',
  boolean: 'int4',
  'boolean or null': 'int4',
  timestamptz: 'timestamptz',
} as const;

/**
 * `given`: the rows that the arrays, parameters from `first` on, stand for. Texts are unnested; what has a fixed length is taken by its
 * place, which costs a fraction of one more array to unnest.
 */
function givenSql({ columns }: Projection, first: number, uses = 1): string {
  const all = columns.map(({ name, kind }, index) => ({
    name,
    kind,
    array: `$${index + first}::${ARRAY_TYPES[kind]}[]`,
    isText: ARRAY_TYPES[kind] === 'text',
  }));
  const values = all.map(({ name, kind, array, isText }) => {
    const value = isText ? name : `(${array})[at::integer]`;
    if (kind === 'boolean or null') return `nullif(${value} <> 0, false) AS ${name}`;
    if (kind === 'text or null') return `nullif(${value}, '') COLLATE "C" AS ${name}`;
    if (kind === 'boolean') return `${value} <> 0 AS ${name}`;
    // The tables' own order of texts: without it the two sides cannot be compared.
    if (kind === 'text') return `${value} COLLATE "C" AS ${name}`;
    return kind === 'int8 or null' ? `nullif(${value}, ${NULL_NUMBER}) AS ${name}` : `${value} AS ${name}`;
  });
  const texts = all.filter(({ isText }) => isText);
  const unnested = `unnest(${texts.map(({ array }) => array).join(', ')}) WITH ORDINALITY`;
  const names = [...texts.map(({ name }) => name), 'at'].join(', ');
  return `given AS ${uses > 1 ? 'MATERIALIZED' : 'NOT MATERIALIZED'} (SELECT ${values.join(', ')} FROM ${unnested} AS t (${names}))`;
}

function intoSql({ table, columns }: Projection, schema: string): string {
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${schema}.${table} (${names}) SELECT ${names} FROM given`;
}

export const insertSql = (projection: Projection, schema: string): string =>
  `WITH ${givenSql(projection, 1)} ${intoSql(projection, schema)}`;

/**
 * Live rows of the range against those that the log gives, in one statement; with `into` the latter are also written to a
 * table of that schema. `$1` after, `$2` up to, `$3` the partition,
 * `$4` accounts whose events do not fold and of which nothing can be said.
 */
function compareSql(projection: Projection, into: string | undefined): string {
  const { table, account, key, columns, free } = projection;
  const told = columns.filter(({ name }) => !free.includes(name));
  const compared = told.map(({ name }) => name).join(', ');
  // Not every table orders its texts alike, and rows are compared in one order.
  const live = told
    .map(({ name, kind }) => (kind.startsWith('text') ? `${name} COLLATE "C" AS ${name}` : name))
    .join(', ');
  const written = into === undefined ? '' : `,\nwritten AS (${intoSql(projection, into)})`;
  // Column by column: to compare rows as such takes the server longer.
  const differs = told
    .filter(({ name }) => !key.includes(name))
    .map(({ name }) => ` OR l.${name} IS DISTINCT FROM r.${name}`)
    .join('');
  const rest = key.filter((name) => name !== account);
  const row = rest.length === 0 ? 'NULL' : rest.map((name) => `coalesce(l.${name}, r.${name})`).join(` || '#' || `);
  return `
WITH ${givenSql(projection, 5, into === undefined ? 1 : 2)},
rebuilt AS (SELECT ${compared} FROM given),
live AS (SELECT ${live} FROM ${SCHEMA}.${table}
  WHERE ${account} > $1 AND ($2::text IS NULL OR ${account} <= $2) 
    AND ($3::integer IS NULL OR partition = $3) AND NOT ${account} = ANY ($4::text[]))${written}
SELECT coalesce(l.${account}, r.${account}) AS account, ${row} AS row, to_jsonb(l) AS live, to_jsonb(r) AS rebuilt,
  count(*) OVER () AS total
FROM live l FULL JOIN rebuilt r ON ${key.map((name) => `l.${name} = r.${name}`).join(' AND ')}
WHERE l.${account} IS NULL OR r.${account} IS NULL${differs}
LIMIT ${LISTED}`;
}

interface Row {
  readonly account: string;
  readonly row: string | null;
  readonly live: unknown;
  readonly rebuilt: unknown;
  readonly total: number | string;
}

/** Inside the transaction in whose snapshot the range was folded: same moment, no false drift. */
export async function compareRange(
  client: ClientBase,
  range: StreamRange,
  { folded, broken }: Pick<AccountFolder, 'folded' | 'broken'>,
  into?: string,
): Promise<Comparison> {
  const rows: Record<string, number> = {};
  const differences: Difference[] = [];
  let count = 0;
  const unknown = textArray(broken.map(({ account }) => account));
  for (const projection of PROJECTIONS) {
    const { table } = projection;
    const { arrays, length } = projection.arrays(folded);
    rows[table] = length;
    const found = await client.query<Row>({
      name: `compare-${table}-${into ?? ''}`,
      text: compareSql(projection, into),
      values: [range.after, range.upTo ?? null, range.partition ?? null, unknown, ...arrays],
    });
    count += Number(found.rows[0]?.total ?? 0);
    for (const { account, row, live, rebuilt } of found.rows) {
      differences.push({ table, account, ...(row === null ? {} : { row }), live, rebuilt });
    }
  }
  return { rows, count, differences };
}
