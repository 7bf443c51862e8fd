import { instantFromMillis } from '@jifen/kernel';
import type { ProgramWords } from '@jifen/notifications';
import type { WordsTable } from '../application/message-ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = `
  INSERT INTO program_words (program, version, effective_from, words) VALUES ($1, $2, $3, $4)
      ON CONFLICT (program, version) DO NOTHING`;
const IN_FORCE = `
  SELECT words FROM program_words WHERE program = $1 AND effective_from <= $2 ORDER BY version DESC LIMIT 1`;

export const wordsTable: WordsTable<Queryable> = {
  save: async (sql, { program, version, effectiveFrom, words }) => {
    await sql.query(SAVE, [program, version, effectiveFrom, JSON.stringify(words)]);
  },

  inForce: async (sql, program, now) =>
    (await sql.query<{ readonly words: ProgramWords }>(IN_FORCE, [program, instantFromMillis(now)])).rows[0]?.words,
};
