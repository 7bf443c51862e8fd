import { instantFromMillis } from '@jifen/kernel';
import { NO_PREFERENCES, type Preferences } from '@jifen/notifications';
import type { RecipientTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const FIND = 'SELECT email, preferences FROM recipient WHERE program = $1 AND member = $2';
const SET_EMAIL = `
  INSERT INTO recipient (program, member, email, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, member) DO UPDATE SET email = EXCLUDED.email, changed_at = EXCLUDED.changed_at`;
const ERASE_CONTACT = 'UPDATE recipient SET email = NULL WHERE program = $1 AND member = $2';
const SET_PREFERENCES = `
  INSERT INTO recipient (program, member, preferences, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, member) DO UPDATE SET preferences = EXCLUDED.preferences, changed_at = EXCLUDED.changed_at`;

interface RecipientRow {
  readonly email: string | null;
  readonly preferences: Preferences | null;
}

export const recipientTable: RecipientTable<Queryable> = {
  find: async (sql, { program, member }) => {
    const { rows } = await sql.query<RecipientRow>(FIND, [program, member]);
    if (rows[0] === undefined) return undefined;
    const { email, preferences } = rows[0];
    return { ...(email === null ? {} : { email }), preferences: preferences ?? NO_PREFERENCES };
  },

  setEmail: async (sql, { program, member }, email, now) => {
    await sql.query(SET_EMAIL, [program, member, email ?? null, instantFromMillis(now)]);
  },

  eraseContact: async (sql, { program, member }) => {
    await sql.query(ERASE_CONTACT, [program, member]);
  },

  setPreferences: async (sql, { program, member }, preferences, now) => {
    await sql.query(SET_PREFERENCES, [program, member, JSON.stringify(preferences), instantFromMillis(now)]);
  },
};
