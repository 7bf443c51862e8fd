import type { StreamRange } from '@jifen/event-store-postgres';
import { canonicalJson } from '@jifen/kernel';
import type { ClientBase } from 'pg';
import { within, withinValues } from './member-range.ts';

/** A table that the log gives again, row by row, each of one member. */
export interface Book {
  readonly name: string;
  /** Columns of the primary key; the first is `owner`. */
  readonly key: readonly string[];
  /** Columns whose text is JSON: what they say counts, not the order in which they say it. */
  readonly json: readonly string[];
  readonly instants: readonly string[];
  /** As good as no row. */
  readonly isNothing?: (row: BookRow) => boolean;
}

/** Column → value, as `to_json` has it: the same both ways. */
export type BookRow = Readonly<Record<string, unknown>> & { readonly owner: string };

export const BOOKS: readonly Book[] = [
  { name: 'member_facts', key: ['owner'], json: ['facts'], instants: [] },
  {
    name: 'tier_timeline',
    key: ['owner'],
    json: ['timeline'],
    instants: [],
    isNothing: ({ timeline }) => timeline === '[]',
  },
  { name: 'once_award', key: ['owner', 'rule'], json: ['award'], instants: [] },
  { name: 'award_approval', key: ['owner', 'award'], json: ['decision'], instants: ['occurred_at', 'since'] },
  { name: 'window_entry', key: ['owner', 'at', 'source', 'kind', 'id'], json: ['part'], instants: [] },
  {
    name: 'window_total',
    key: ['owner', 'bucket'],
    json: [],
    instants: [],
    isNothing: ({ a, b }) => a === 0 && b === 0,
  },
  { name: 'referral', key: ['owner'], json: ['state'], instants: [] },
];

/** Name of a row within its table; the owner first. */
export const keyOf = ({ key }: Book, row: BookRow): string => key.map((column) => String(row[column])).join(' ');

/** What a row says, whatever the order in which it says it; a JSON text that is none stands for itself. */
export function saying({ json, instants }: Book, row: BookRow): string {
  const said = Object.entries(row).map(([column, value]) => {
    if (typeof value !== 'string') return [column, value];
    if (json.includes(column)) return [column, parsed(value)];
    return [column, instants.includes(column) ? new Date(value).getTime() : value];
  });
  return canonicalJson(Object.fromEntries(said));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export async function rowsOf(client: ClientBase, { name }: Book, range: StreamRange): Promise<readonly BookRow[]> {
  const text = `SELECT to_json(t)::text AS row FROM ${name} t WHERE ${within('owner')}`;
  const { rows } = await client.query<{ row: string }>(text, [...withinValues(range)]);
  return rows.map(({ row }) => JSON.parse(row) as BookRow);
}

/** Puts a row in the place of another of its key, if there is any; without a new one the old one goes. */
export async function replaceRow(
  client: ClientBase,
  { name, key }: Book,
  before: BookRow | undefined,
  after: BookRow | undefined,
): Promise<void> {
  const old = before ?? after;
  if (old !== undefined) {
    const where = key.map((column, index) => `${column} = $${index + 1}`).join(' AND ');
    await client.query(
      `DELETE FROM ${name} WHERE ${where}`,
      key.map((column) => old[column]),
    );
  }
  if (after !== undefined)
    await client.query(`INSERT INTO ${name} SELECT * FROM json_populate_record(NULL::${name}, $1::json)`, [
      JSON.stringify(after),
    ]);
}
