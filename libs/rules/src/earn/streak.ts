import { compileStreak } from '../window/compile-window.ts';
import { streakViolations } from '../window/validate-window.ts';
import { streakPoints } from '../window/window-run.ts';
import type { EarnForm } from './earn-form.ts';

/** Points for the first activity of each day, with more for days in a row (E08). */
export const streak: EarnForm<'streak'> = {
  violations: (earn, { rule }, pointer) => streakViolations(earn, rule, pointer),

  compile: (earn) => {
    const form = compileStreak(earn);
    return {
      form: 'streak',
      rank: 'base',
      evaluate: ({ window }, { id }) => {
        const length = window.streak(id);
        if (length === 0) return 'day-has-one';
        const { day, points } = streakPoints(form, length);
        const why = points === 0 ? 'rounds-to-nothing' : undefined;
        return { target: points, steps: [{ day, length, result: points, step: 'streak' }], why };
      },
    };
  },
};
