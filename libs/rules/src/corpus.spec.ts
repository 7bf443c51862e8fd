import type { ProgramDocument } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { readdirSync, readFileSync } from 'node:fs';
import { compileProgram } from './compile.ts';
import { explain } from './explain/explain.ts';
import { unpackOrder, type PackedActivity, type PackedOrder } from './inputs.ts';
import { rate, type RatingInput } from './rate.ts';
import { traceText } from './trace.ts';
import { validateProgram } from './validate-program.ts';

/** Ratings as they were stored, with the trace that they had: every form of program that was ever published, kept for good. */
interface Corpus {
  readonly programs: readonly ProgramDocument[];
  readonly ratings: readonly StoredRating[];
}

interface StoredRating {
  readonly program: number;
  readonly kind: RatingInput['kind'];
  readonly member: string;
  readonly source: string;
  readonly id: string;
  readonly at: string;
  readonly tier?: string;
  readonly inputs?: object;
  readonly trace: string;
  readonly awards: readonly object[];
}

const folder = new URL('../corpus/', import.meta.url);
const files = readdirSync(folder);
const corpusOf = (file: string): Corpus => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Corpus;

describe.each(files)('the ratings of %s', (file) => {
  const { programs, ratings } = corpusOf(file);
  const compiled = programs.map((document, index) => {
    const validation = validateProgram(document);
    if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
    return compileProgram(validation.document, index + 1);
  });

  it.each(ratings.map((stored, index) => [index, stored] as const))(
    'number %d runs again to the same bytes',
    (_, stored) => {
      const program = compiled[stored.program];
      if (program === undefined) throw new Error('the corpus names a program that it has not');
      const { member, source, id, tier, at, kind, inputs = {} } = stored;
      const cause = { member, source, id, tier };
      const activity = inputs as PackedActivity;
      const input: RatingInput =
        kind === 'member'
          ? { ...cause, kind }
          : kind === 'order'
            ? { ...cause, kind, order: unpackOrder(program, inputs as PackedOrder, instant(at)) }
            : { ...cause, kind: 'activity', type: activity.a, at: instant(at), once: activity.o };
      const rating = rate(program, input);
      expect(traceText(rating.trace)).toBe(stored.trace);
      expect(rating.awards).toEqual(stored.awards);
      expect(explain(rating.trace, 'zh').rules).toHaveLength(rating.trace.rules.length);
    },
  );
});
