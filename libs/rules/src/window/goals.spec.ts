import type { EarnRule, StreakEarn } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { compileProgram } from '../compile.ts';
import { goalsOf } from './goals.ts';
import { History } from './history.ts';
import { dayNumber } from './period.ts';
import { Totals } from './totals.ts';

const AT = instant('2026-11-10T04:00:00.000Z');

const programOf = (earn: StreakEarn) => {
  const rule: EarnRule = { id: 'sign-in', when: { activity: 'check-in' }, earn, currency: 'points' };
  return compileProgram(
    {
      name: { en: 'Test', zh: '测试' },
      timeZone: 'Asia/Shanghai',
      moneyCurrency: 'CNY',
      currencies: [{ code: 'points', decimals: 0 }],
      rules: [rule],
    },
    1,
  );
};

describe('E08: the next bonus of a run', () => {
  const bonuses = [
    { day: 7, points: 50 },
    { day: 3, points: 10 },
  ];

  it.each([
    ['nothing yet', { bonuses, cycle: 7 }, 0, { goal: 3, missing: 3, gives: 15 }],
    ['before the first bonus', { bonuses, cycle: 7 }, 2, { goal: 3, missing: 1, gives: 15 }],
    ['on a day with a bonus: the next one', { bonuses, cycle: 7 }, 3, { goal: 7, missing: 4, gives: 55 }],
    ['at the end of the cycle: the first of the next', { bonuses, cycle: 7 }, 7, { goal: 10, missing: 3, gives: 15 }],
    ['in the second cycle', { bonuses, cycle: 7 }, 12, { goal: 14, missing: 2, gives: 55 }],
    ['a cycle that ends after its last bonus', { bonuses, cycle: 10 }, 8, { goal: 13, missing: 5, gives: 15 }],
    ['no cycle, and no bonus left: the next day', { bonuses }, 7, { goal: 8, missing: 1, gives: 5 }],
    ['no bonuses: the next day', {}, 4, { goal: 5, missing: 1, gives: 5 }],
  ] as const)('%s', (_, more, length, expected) => {
    const { cycle, bonuses: days } = { cycle: undefined, bonuses: undefined, ...more };
    const program = programOf({
      form: 'streak',
      points: 5,
      ...(days === undefined ? {} : { bonuses: [...days] }),
      ...(cycle === undefined ? {} : { cycle }),
    });
    const part = { run: { 'sign-in': [dayNumber(program.calendar, AT), length] as const } };
    const entry = { at: AT, source: 'app', kind: 'activity', id: 'D', part } as const;
    const history = new History(length === 0 ? [] : [entry], new Totals());
    expect(goalsOf(program, history, AT, new Map())).toMatchObject([{ reached: length, ...expected }]);
  });
});
