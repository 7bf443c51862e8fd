import type { LedgerReading, LedgerReadingTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

/** The settings' rows are held: whoever turns reminders off meanwhile waits, and then takes away what was opened. */
const OPEN = `
  INSERT INTO ledger_reading (program, partition)
  SELECT begun.program, generate_series(0, $3::integer - 1)
    FROM (SELECT program FROM setting JOIN unnest($1::text[], $2::integer[]) AS reminding (program, revision)
                              USING (program, revision)
           WHERE NOT EXISTS (SELECT FROM ledger_reading WHERE ledger_reading.program = setting.program)
           ORDER BY program FOR SHARE OF setting) AS begun
      ON CONFLICT DO NOTHING`;
const CLOSE = 'DELETE FROM ledger_reading WHERE program = $1';
const PARTITIONS_BEHIND = 'SELECT DISTINCT partition FROM ledger_reading WHERE NOT live ORDER BY partition';
const BEHIND = 'SELECT program, position FROM ledger_reading WHERE partition = $1 AND NOT live ORDER BY program';
const BEHIND_LOCKED = `${BEHIND} FOR UPDATE`;
const ADVANCE = `
  UPDATE ledger_reading SET position = GREATEST(position, $3), live = $4 WHERE partition = $1 AND program = ANY ($2::text[])`;
const LIVE = 'SELECT program, partition FROM ledger_reading WHERE live AND program = ANY ($1::text[])';
const IS_COMPLETE = 'SELECT coalesce(bool_and(live), false) AS complete FROM ledger_reading WHERE program = $1';

export const ledgerReadingTable: LedgerReadingTable<Queryable> = {
  open: async (sql, programs, partitions) => {
    const [names, revisions] = [programs.map(({ program }) => program), programs.map(({ revision }) => revision)];
    await sql.query(OPEN, [names, revisions, partitions]);
  },

  close: async (sql, program) => {
    await sql.query(CLOSE, [program]);
  },

  partitionsBehind: async (sql) =>
    (await sql.query<{ readonly partition: number }>(PARTITIONS_BEHIND)).rows.map(({ partition }) => partition),

  behind: async (sql, partition, lock) =>
    (await sql.query<LedgerReading>(lock === 'locked' ? BEHIND_LOCKED : BEHIND, [partition])).rows,

  advance: async (sql, partition, programs, { position, live }) => {
    await sql.query(ADVANCE, [partition, programs, position, live]);
  },

  live: async (sql, programs) => {
    const { rows } = await sql.query<{ readonly program: string; readonly partition: number }>(LIVE, [programs]);
    return new Set(rows.map(({ program, partition }) => `${program} ${partition}`));
  },

  isComplete: async (sql, program) =>
    (await sql.query<{ readonly complete: boolean }>(IS_COMPLETE, [program])).rows[0]?.complete ?? false,
};
