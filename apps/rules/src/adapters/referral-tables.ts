import { instantFromMillis } from '@jifen/kernel';
import type { ReferralMessage, ReferralState, ReferralTables } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = `
  INSERT INTO referral (owner, state) SELECT * FROM unnest($1::text[], $2::text[])
      ON CONFLICT (owner) DO UPDATE SET state = EXCLUDED.state`;

const SEND = `
  INSERT INTO referral_message (owner, id, revision, due, message)
  SELECT owner, id, revision, $5::timestamptz, message
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS sent (owner, id, revision, message)
      ON CONFLICT (owner, id)
      DO UPDATE SET revision = EXCLUDED.revision, due = EXCLUDED.due, message = EXCLUDED.message`;

/** Rows that another process takes, or a flush replaces, in this moment are left to it: nobody waits, and nobody can wait in a circle. */
const TAKE = `
  UPDATE referral_message AS m SET due = $2::timestamptz
   WHERE (owner, id) IN (
           SELECT owner, id FROM referral_message
            WHERE due <= $1::timestamptz ORDER BY due, owner, id LIMIT $3 FOR UPDATE SKIP LOCKED
         )
  RETURNING message`;

const SETTLE = `
  DELETE FROM referral_message
   WHERE (owner, id) IN (
           SELECT m.owner, m.id
             FROM referral_message AS m
             JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS told (owner, id, revision) USING (owner, id, revision)
              FOR UPDATE OF m SKIP LOCKED
         )`;

const keys = (messages: readonly ReferralMessage[]): unknown[] => [
  messages.map(({ owner }) => owner),
  messages.map(({ event }) => event.id),
  messages.map(({ revision }) => revision),
];

export const referralTables: ReferralTables<Queryable> = {
  referralsOf: async (sql, owners) => {
    const { rows } = await sql.query<{ owner: string; state: string }>(
      'SELECT owner, state FROM referral WHERE owner = ANY ($1::text[])',
      [owners],
    );
    return new Map(rows.map(({ owner, state }) => [owner, JSON.parse(state) as ReferralState]));
  },
  saveReferrals: async (sql, rows) => {
    await sql.query(SAVE, [[...rows.keys()], [...rows.values()].map((state) => JSON.stringify(state))]);
  },
  sendReferrals: async (sql, messages, now) => {
    const texts = messages.map((message) => JSON.stringify(message));
    await sql.query(SEND, [...keys(messages), texts, instantFromMillis(now)]);
  },
  takeReferrals: async (sql, now, leaseMs, limit) => {
    const values = [instantFromMillis(now), instantFromMillis(now + leaseMs), limit];
    const { rows } = await sql.query<{ message: string }>(TAKE, values);
    return rows.map(({ message }) => JSON.parse(message) as ReferralMessage);
  },
  settleReferrals: async (sql, messages) => {
    await sql.query(SETTLE, keys(messages));
  },
};
