import { instantFromMillis } from '@jifen/kernel';
import { NO_PREFERENCES, type Preferences } from '@jifen/notifications';
import type { RecipientTable, Standing } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const FIND = 'SELECT email, preferences, standing FROM recipient WHERE program = $1 AND member = $2';
const SET_EMAIL = `
  INSERT INTO recipient (program, member, email, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, member) DO UPDATE SET email = EXCLUDED.email, changed_at = EXCLUDED.changed_at`;
const ERASE_CONTACT = 'UPDATE recipient SET email = NULL WHERE program = $1 AND member = $2';
const SET_PREFERENCES = `
  INSERT INTO recipient (program, member, preferences, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, member) DO UPDATE SET preferences = EXCLUDED.preferences, changed_at = EXCLUDED.changed_at`;

const SET_STANDING = `
  INSERT INTO recipient (program, member, standing, changed_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, member) DO UPDATE SET standing = EXCLUDED.standing, changed_at = EXCLUDED.changed_at`;
const FORGET = [
  'UPDATE recipient SET email = NULL, preferences = NULL WHERE program = $1 AND member = $2',
  'DELETE FROM message WHERE program = $1 AND member = $2',
  'DELETE FROM reminded WHERE program = $1 AND member = $2',
  'DELETE FROM nudge WHERE program = $1 AND member = $2',
];

interface RecipientRow {
  readonly email: string | null;
  readonly preferences: Preferences | null;
  readonly standing: Standing | null;
}

export const recipientTable: RecipientTable<Queryable> = {
  find: async (sql, { program, member }) => {
    const { rows } = await sql.query<RecipientRow>(FIND, [program, member]);
    if (rows[0] === undefined) return undefined;
    const { email, preferences, standing } = rows[0];
    return {
      ...(email === null ? {} : { email }),
      preferences: preferences ?? NO_PREFERENCES,
      ...(standing === null ? {} : { standing }),
    };
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

  setStanding: async (sql, { program, member }, standing, now) => {
    const kept = standing === 'active' ? null : standing;
    await sql.query(SET_STANDING, [program, member, kept, instantFromMillis(now)]);
  },

  forget: async (sql, { program, member }) => {
    for (const text of FORGET) await sql.query(text, [program, member]);
  },
};
