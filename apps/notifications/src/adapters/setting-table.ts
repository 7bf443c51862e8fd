import type { Settings } from '@jifen/notifications';
import type { KeptSettings, SettingTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

interface SettingRow {
  readonly program: string;
  readonly revision: number;
  readonly document: Settings;
  readonly notify_from: Date;
  readonly changed_by: string;
  readonly changed_at: Date;
}

const ALL = 'SELECT program, revision, document, notify_from, changed_by, changed_at FROM setting ORDER BY program';
const OF = `
  SELECT program, revision, document, notify_from, changed_by, changed_at FROM setting WHERE program = ANY ($1::text[])`;

const SAVE = `
  INSERT INTO setting AS kept (program, revision, document, notify_from, changed_by, changed_at)
  SELECT $1::text, $2::integer, $3::json, $4::timestamptz, $5::text, $6::timestamptz
   WHERE $2 = 1 OR EXISTS (SELECT FROM setting WHERE program = $1)
      ON CONFLICT (program) DO UPDATE
     SET revision = EXCLUDED.revision, document = EXCLUDED.document, notify_from = EXCLUDED.notify_from,
         changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at
   WHERE kept.revision = EXCLUDED.revision - 1`;

const keptOf = (row: SettingRow): KeptSettings => ({
  program: row.program,
  revision: row.revision,
  settings: row.document,
  notifyFrom: row.notify_from.toISOString(),
  changedBy: row.changed_by,
  changedAt: row.changed_at.toISOString(),
});

export const settingTable: SettingTable<Queryable> = {
  of: async (sql, programs) => (await sql.query<SettingRow>(OF, [programs])).rows.map(keptOf),

  all: async (sql) => (await sql.query<SettingRow>(ALL)).rows.map(keptOf),

  save: async (sql, { program, revision, settings, notifyFrom, changedBy, changedAt }) => {
    const values = [program, revision, JSON.stringify(settings), notifyFrom, changedBy, changedAt];
    return (await sql.query(SAVE, values)).rowCount === 1;
  },
};
