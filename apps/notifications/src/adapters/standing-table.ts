import { memberKey } from '@jifen/kernel';
import type { MemberKey, StandingTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const OF = `
  SELECT program, member, tier FROM standing
    JOIN unnest($1::text[], $2::text[]) AS wanted (program, member) USING (program, member)`;
const SAVE = `
  INSERT INTO standing AS known (program, member, tier)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS new (program, member, tier) ORDER BY program, member
      ON CONFLICT (program, member) DO UPDATE SET tier = EXCLUDED.tier WHERE known.tier <> EXCLUDED.tier`;

const columns = (keys: readonly MemberKey[]): readonly [readonly string[], readonly string[]] => [
  keys.map(({ program }) => program),
  keys.map(({ member }) => member),
];

export const standingTable: StandingTable<Queryable> = {
  of: async (sql, keys) => {
    const { rows } = await sql.query<MemberKey & { readonly tier: string }>(OF, [...columns(keys)]);
    return new Map(rows.map(({ program, member, tier }) => [memberKey(program, member), tier]));
  },

  save: async (sql, tiers) => {
    await sql.query(SAVE, [...columns(tiers), tiers.map(({ tier }) => tier)]);
  },
};
