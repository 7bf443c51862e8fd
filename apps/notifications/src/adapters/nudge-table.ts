import type { AccountKey, NudgeTable } from '../application/message-ports.ts';
import { accountName } from '../application/told-rewards.ts';
import type { Queryable } from './queryable.ts';

const OF = `
  SELECT program, member, currency, price FROM nudge
    JOIN unnest($1::text[], $2::text[], $3::text[]) AS wanted (program, member, currency) USING (program, member, currency)`;
const SAVE = `
  INSERT INTO nudge (program, member, currency, price)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS new (program, member, currency, price)
   ORDER BY program, member, currency
      ON CONFLICT (program, member, currency) DO UPDATE SET price = EXCLUDED.price`;
const FORGET = `
  DELETE FROM nudge USING unnest($1::text[], $2::text[], $3::text[]) AS spent (program, member, currency)
   WHERE nudge.program = spent.program AND nudge.member = spent.member AND nudge.currency = spent.currency`;

const columns = (keys: readonly AccountKey[]): string[][] => [
  keys.map(({ program }) => program),
  keys.map(({ member }) => member),
  keys.map(({ currency }) => currency),
];

export const nudgeTable: NudgeTable<Queryable> = {
  of: async (sql, accounts) => {
    const { rows } = await sql.query<AccountKey & { readonly price: number }>(OF, columns(accounts));
    return new Map(rows.map((row) => [accountName(row), row.price]));
  },

  save: async (sql, told) => {
    await sql.query(SAVE, [...columns(told), told.map(({ price }) => price)]);
  },

  forget: async (sql, accounts) => {
    await sql.query(FORGET, columns(accounts));
  },
};
