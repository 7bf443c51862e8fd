import { useData } from '../order/use.ts';
import { NONE, violation } from '../violation.ts';
import type { ConditionKind } from './condition.ts';
import { allOf, compileTest, type Check } from './test.ts';

/** What an activity said of itself: quality, place, product (E12, E13). */
export const activity: ConditionKind<'activity'> = {
  violations: (_, { rule }, pointer) =>
    'activity' in rule.when ? NONE : [violation(pointer, 'needs an activity: when must be {"activity": …}')],

  compile: ({ source, data = {} }, { use }) => {
    const checks: Check[] = [];
    if (source !== undefined) checks.push(compileTest('source', undefined, source, ({ input }) => input.source));
    for (const [key, test] of Object.entries(data)) {
      useData(use, key);
      checks.push(compileTest('data', key, test, (run) => run.data(key)));
    }
    return allOf(checks);
  },
};
