import { streamBoundary, type StreamRange } from '@jifen/event-store-postgres';
import type { ClientBase } from 'pg';
import { BOOKS } from './books.ts';
import { behind, ownerOf } from './member-range.ts';
import { PLACE } from './session.ts';

/** Events, or rows of a table, of a range but for the rest of its last member: what is in memory and in one snapshot. */
const RANGE_SIZE = 2_000;

/** Ranges that cover every member that there is or could be, whether the log or a table has it. */
export async function* rangesOfAll(client: ClientBase): AsyncGenerator<StreamRange> {
  for (let after = ''; ;) {
    const stream = await streamBoundary(client, PLACE, after, RANGE_SIZE);
    const ends = stream === undefined ? [] : [behind(ownerOf(stream))];
    for (const { name } of BOOKS) ends.push(...(await boundaryOf(client, name, after)));
    const [end] = ends.sort(byBytes);
    if (end === undefined) return yield { after };
    yield { after, upTo: end };
    after = end;
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

async function boundaryOf(client: ClientBase, table: string, after: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ owner: string }>(
    `SELECT owner FROM ${PLACE.schema}.${table} WHERE owner > $1 ORDER BY owner OFFSET ${RANGE_SIZE} LIMIT 1`,
    [after],
  );
  return rows.map(({ owner }) => behind(owner));
}
