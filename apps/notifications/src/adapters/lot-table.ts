import { instantFromMillis } from '@jifen/kernel';
import type { OpenLot } from '@jifen/notifications';
import type { ExpiringPoints, LotKey, LotTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const KEYS = 'unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS wanted (program, member, currency, lot)';
const OF = `
  SELECT program, member, currency, lot, points, expires_at, position
    FROM lot JOIN ${KEYS} USING (program, member, currency, lot)`;
const SAVE = `
  INSERT INTO lot (program, member, currency, lot, points, expires_at, position)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bigint[])
             AS new (program, member, currency, lot, points, expires_at, position)
   ORDER BY program, member, currency, lot
      ON CONFLICT (program, member, currency, lot) DO UPDATE
     SET points = EXCLUDED.points, expires_at = EXCLUDED.expires_at, position = EXCLUDED.position`;

/** A page of the accounts with points that end in a span of time, in order of member and currency. */
const EXPIRING = `
  SELECT member, currency, sum(points)::bigint AS points FROM lot
   WHERE program = $1 AND expires_at > $2 AND expires_at <= $3 AND points > 0 AND (member, currency) > ($4, $5)
   GROUP BY member, currency ORDER BY member, currency LIMIT $6`;
const REMEMBER = `
  INSERT INTO reminded (program, member, currency, last_day, days_before)
  SELECT $1, member, currency, $4, $5 FROM unnest($2::text[], $3::text[]) AS new (member, currency) ORDER BY member, currency
      ON CONFLICT DO NOTHING
  RETURNING member, currency`;
const FINISHED = 'SELECT day::text FROM reminder_run WHERE program = $1';
const FINISH = `
  INSERT INTO reminder_run AS run (program, day) VALUES ($1, $2)
      ON CONFLICT (program) DO UPDATE SET day = GREATEST(run.day, EXCLUDED.day)`;
/** While a program's lots are read from the log it may still come that one was put off. */
const FORGET = `
  DELETE FROM lot WHERE (program, member, currency, lot) IN (
    SELECT program, member, currency, lot FROM lot
     WHERE expires_at < $1
       AND NOT EXISTS (SELECT FROM ledger_reading AS behind WHERE behind.program = lot.program AND NOT behind.live)
     ORDER BY expires_at LIMIT $2)`;
const FORGET_REMINDED = 'DELETE FROM reminded WHERE last_day < $1';

interface LotRow extends LotKey {
  readonly points: number;
  readonly expires_at: Date | null;
  readonly position: number;
}

const nameOf = ({ program, member, currency, lot }: LotKey): string => `${program}/${member}/${currency}/${lot}`;

const columns = (keys: readonly LotKey[]): readonly (readonly string[])[] => [
  keys.map(({ program }) => program),
  keys.map(({ member }) => member),
  keys.map(({ currency }) => currency),
  keys.map(({ lot }) => lot),
];

export const lotTable: LotTable<Queryable> = {
  nameOf,

  of: async (sql, keys) => {
    const { rows } = await sql.query<LotRow>(OF, [...columns(keys)]);
    return new Map(
      rows.map(({ points, position, expires_at, ...key }): [string, OpenLot] => [
        nameOf(key),
        { points, position, ...(expires_at === null ? {} : { expiresAt: expires_at.toISOString() }) },
      ]),
    );
  },

  save: async (sql, lots) => {
    await sql.query({
      name: 'save-lots',
      text: SAVE,
      values: [
        ...columns(lots.map(({ key }) => key)),
        lots.map(({ lot }) => lot.points),
        lots.map(({ lot }) => lot.expiresAt ?? null),
        lots.map(({ lot }) => lot.position),
      ],
    });
  },

  expiring: async (sql, program, { from, to }, after, limit) =>
    (await sql.query<ExpiringPoints>(EXPIRING, [program, from, to, after.member, after.currency, limit])).rows,

  remember: async (sql, program, { lastDay, daysBefore }, accounts) => {
    const [members, currencies] = [accounts.map(({ member }) => member), accounts.map(({ currency }) => currency)];
    const values = [program, members, currencies, lastDay, daysBefore];
    const { rows } = await sql.query<{ readonly member: string; readonly currency: string }>(REMEMBER, values);
    return rows;
  },

  finishedDay: async (sql, program) => (await sql.query<{ readonly day: string }>(FINISHED, [program])).rows[0]?.day,

  finishDay: async (sql, program, day) => {
    await sql.query(FINISH, [program, day]);
  },

  forget: async (sql, before, limit) => {
    const at = instantFromMillis(before);
    await sql.query(FORGET_REMINDED, [at.slice(0, 10)]);
    return (await sql.query(FORGET, [at, limit])).rowCount ?? 0;
  },
};
