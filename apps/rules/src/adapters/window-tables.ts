import { instant } from '@jifen/kernel';
import type { Entry, Place, Total } from '@jifen/rules';
import type { WindowTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface EntryRow {
  readonly owner: string;
  readonly at: string;
  readonly source: string;
  readonly kind: 'order' | 'activity';
  readonly id: string;
  readonly part: string;
}

const entryOf = ({ at, source, kind, id, part }: EntryRow): Entry => ({
  at: instant(at),
  source,
  kind,
  id,
  part: JSON.parse(part) as Entry['part'],
});

/** Lateral, so that each member's part is one range of the primary key, however many the others have. */
const ENTRIES = `
  SELECT e.*
    FROM unnest($1::text[], $2::text[]) AS wanted (owner, since)
   CROSS JOIN LATERAL (
           (SELECT owner, at, source, kind, id, part FROM window_entry
             WHERE owner = wanted.owner AND at >= wanted.since ORDER BY at LIMIT $3)
           UNION ALL
           (SELECT owner, at, source, kind, id, part FROM window_entry
             WHERE owner = wanted.owner AND at < wanted.since ORDER BY at DESC, source DESC, kind DESC, id DESC LIMIT 1)
         ) AS e`;

const TOTALS = `
  SELECT owner, bucket, a, b
    FROM window_total JOIN unnest($1::text[], $2::text[]) AS wanted (owner, bucket) USING (owner, bucket)`;

const LAST_COUNTED = `
  SELECT wanted.owner, wanted.bucket, e.at
    FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (owner, bucket, before)
   CROSS JOIN LATERAL (
           SELECT at FROM window_entry
            WHERE owner = wanted.owner AND at < wanted.before AND wanted.bucket = ANY (buckets)
            ORDER BY at DESC LIMIT 1
         ) AS e`;

const REMOVE = `
  DELETE FROM window_entry AS e
   USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS gone (owner, at, source, kind, id)
   WHERE e.owner = gone.owner AND e.at = gone.at AND e.source = gone.source AND e.kind = gone.kind AND e.id = gone.id`;

const SAVE_ENTRIES = `
  INSERT INTO window_entry (owner, at, source, kind, id, buckets, part)
  SELECT owner, at, source, kind, id, ARRAY(SELECT json_array_elements_text(buckets::json)), part
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
      AS made (owner, at, source, kind, id, buckets, part)
      ON CONFLICT (owner, at, source, kind, id) DO UPDATE SET buckets = EXCLUDED.buckets, part = EXCLUDED.part`;

const SAVE_TOTALS = `
  INSERT INTO window_total (owner, bucket, a, b) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
      ON CONFLICT (owner, bucket) DO UPDATE SET a = EXCLUDED.a, b = EXCLUDED.b`;

const places = (rows: readonly { readonly owner: string; readonly place: Place }[]): readonly string[][] => [
  rows.map(({ owner }) => owner),
  rows.map(({ place }) => place.at),
  rows.map(({ place }) => place.source),
  rows.map(({ place }) => place.kind),
  rows.map(({ place }) => place.id),
];

export const windowTables: WindowTables<Queryable> = {
  entriesOf: async (sql, wanted, limit) => {
    const values = [wanted.map(({ owner }) => owner), wanted.map(({ from }) => from), limit];
    const { rows } = await sql.query<EntryRow>(ENTRIES, values);
    return rows.map((row) => ({ owner: row.owner, entry: entryOf(row) }));
  },
  totalsOf: async (sql, wanted) => {
    const values = [wanted.map(({ owner }) => owner), wanted.map(({ bucket }) => bucket)];
    const { rows } = await sql.query<{ owner: string; bucket: string; a: string | number; b: string | number }>(
      TOTALS,
      values,
    );
    return rows.map(({ owner, bucket, a, b }) => ({ owner, bucket, total: [Number(a), Number(b)] satisfies Total }));
  },
  lastCounted: async (sql, places) => {
    const { rows } = await sql.query<{ owner: string; bucket: string; at: string }>(LAST_COUNTED, [
      places.map(({ owner }) => owner),
      places.map(({ bucket }) => bucket),
      places.map(({ before }) => before),
    ]);
    return rows.map((row) => ({ ...row, at: instant(row.at) }));
  },
  saveWindows: async (sql, { removed, entries, totals }) => {
    if (removed.length > 0) await sql.query(REMOVE, [...places(removed)]);
    if (entries.length > 0)
      await sql.query({
        name: 'save-window-entries',
        text: SAVE_ENTRIES,
        values: [
          ...places(entries.map(({ owner, entry }) => ({ owner, place: entry }))),
          entries.map(({ entry }) => JSON.stringify(Object.keys(entry.part.counts ?? {}))),
          entries.map(({ entry }) => JSON.stringify(entry.part)),
        ],
      });
    if (totals.length > 0)
      await sql.query({
        name: 'save-window-totals',
        text: SAVE_TOTALS,
        values: [
          totals.map(({ owner }) => owner),
          totals.map(({ bucket }) => bucket),
          totals.map(({ total }) => total[0]),
          totals.map(({ total }) => total[1]),
        ],
      });
  },
};
