import type { BalanceStated, LedgerEntry } from '@jifen/contracts';
import { BALANCE_TOPIC, type Mirror, type MirrorPlaces } from '@jifen/messaging';
import type { Pool } from 'pg';

interface PlaceRow {
  readonly position: string;
  readonly end: string;
}

function placesIn(pool: Pool): MirrorPlaces {
  return {
    read: async (partition) => {
      const { rows } = await pool.query<PlaceRow>(
        'SELECT position::text, topic_end::text AS "end" FROM mirrored WHERE partition = $1',
        [partition],
      );
      const [row] = rows;
      return row === undefined ? undefined : { position: Number(row.position), end: Number(row.end) };
    },
    write: async (places) => {
      const partitions = [...places.keys()];
      const of = (part: 'position' | 'end'): readonly number[] => [...places.values()].map((place) => place[part]);
      await pool.query(
        `INSERT INTO mirrored (partition, position, topic_end)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[])
ON CONFLICT (partition) DO UPDATE SET position = excluded.position, topic_end = excluded.topic_end`,
        [partitions, of('position'), of('end')],
      );
    },
  };
}

/** `jifen.balance.v1`: what each posting says of the account after it. */
export const balanceMirror = (pool: Pool): Mirror => ({
  topic: BALANCE_TOPIC,
  log: 'ledger',
  places: placesIn(pool),
  state: ({ stream, version, data }) => {
    const { program, member, currency, balance } = JSON.parse(data) as LedgerEntry;
    const stated: BalanceStated = { program, member, currency, ...balance, version };
    return { key: stream, type: 'balance.stated', data: JSON.stringify(stated) };
  },
});
