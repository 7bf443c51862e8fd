import { instantFromMillis } from '@jifen/kernel';
import type { BalanceTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = `
  INSERT INTO balance AS b (program, member, currency, available, position)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
             AS new (program, member, currency, available, position)
   ORDER BY program, member, currency
      ON CONFLICT (program, member, currency) DO UPDATE
     SET available = EXCLUDED.available, position = EXCLUDED.position
   WHERE b.position < EXCLUDED.position`;
/** Also before the posting is read that says what there is. */
const TOLD = `
  INSERT INTO balance (program, member, currency, available, position, told_at)
  SELECT DISTINCT program, member, currency, 0, 0, $4::timestamptz
    FROM unnest($1::text[], $2::text[], $3::text[]) AS told (program, member, currency)
   ORDER BY program, member, currency
      ON CONFLICT (program, member, currency) DO UPDATE SET told_at = EXCLUDED.told_at`;
const ENOUGH = `
  SELECT member FROM balance
   WHERE program = $1 AND currency = $2 AND available >= $3 AND (told_at IS NULL OR told_at < $4) AND member > $5
   ORDER BY member LIMIT $6`;
const TELL = `
  UPDATE balance SET told_at = $5
   WHERE program = $1 AND currency = $2 AND member = ANY ($3::text[]) AND (told_at IS NULL OR told_at < $4)
  RETURNING member, available`;

export const balanceTable: BalanceTable<Queryable> = {
  save: async (sql, postings) => {
    await sql.query({
      name: 'save-balances',
      text: SAVE,
      values: [
        postings.map(({ entry }) => entry.program),
        postings.map(({ entry }) => entry.member),
        postings.map(({ entry }) => entry.currency),
        postings.map(({ entry }) => entry.balance.available),
        postings.map(({ position }) => position),
      ],
    });
  },

  told: async (sql, accounts, now) => {
    await sql.query(TOLD, [
      accounts.map(({ program }) => program),
      accounts.map(({ member }) => member),
      accounts.map(({ currency }) => currency),
      instantFromMillis(now),
    ]);
  },

  enough: async (sql, { program, currency, least, toldBefore, after, limit }) =>
    (await sql.query<{ readonly member: string }>(ENOUGH, [program, currency, least, toldBefore, after, limit])).rows,

  tell: async (sql, { program, currency, members, toldBefore, now }) => {
    const values = [program, currency, members, toldBefore, instantFromMillis(now)];
    return (await sql.query<{ readonly member: string; readonly available: number }>(TELL, values)).rows;
  },
};
