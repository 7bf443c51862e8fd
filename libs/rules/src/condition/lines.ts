import { ruleMoney } from '../rule-money.ts';
import { compileLineTest, type LineCheck } from '../order/line-test.ts';
import type { SettledLine } from '../order/basis.ts';
import { keptAmount, keptQuantity } from '../order/kept.ts';
import type { Run } from '../run.ts';
import { violation } from '../violation.ts';
import { moneyBounds, moneyViolations } from './bounds.ts';
import type { ConditionKind } from './condition.ts';
import { allOf, compileTest, type Check } from './test.ts';

/** About the lines of an order that are left: products, bundles, quantities (E21, E26). */
export const lines: ConditionKind<'lines'> = {
  violations: ({ where, amount }, { document, rule }, pointer) => {
    if (!('order' in rule.when)) return [violation(pointer, 'needs an order: when must be {"order": …}')];
    const currency = ruleMoney(document, rule);
    return [
      ...moneyViolations(amount, currency, `${pointer}/amount`),
      ...moneyViolations(where?.amount, currency, `${pointer}/where/amount`),
    ];
  },

  compile: ({ where, match, count, quantity, amount }, { use, money }) => {
    const passes: LineCheck = compileLineTest(where, use, money);
    const kept = (run: Run): SettledLine[] => run.order().lines.filter(({ keep }) => keep > 0);
    const sum = (run: Run, of: (line: SettledLine) => number): number =>
      kept(run).reduce((total, line) => (passes(line, run) ? total + of(line) : total), 0);
    const matching = (run: Run): number => sum(run, () => 1);
    const checks: Check[] = [];
    if (match === 'all')
      checks.push(compileTest('lines-others', undefined, { is: 0 }, (run) => kept(run).length - matching(run)));
    if (count !== undefined) checks.push(compileTest('lines-count', undefined, count, matching));
    if (quantity !== undefined) {
      use.quantity = true;
      checks.push(compileTest('lines-quantity', undefined, quantity, (run) => sum(run, keptQuantity)));
    }
    if (amount !== undefined) {
      const bounds = moneyBounds(amount, money);
      const read = (run: Run): number => run.convert(sum(run, keptAmount), money);
      checks.push(compileTest('lines-amount', undefined, bounds, read));
    }
    if (count === undefined) checks.push(compileTest('lines-count', undefined, { atLeast: 1 }, matching));
    return allOf(checks);
  },
};
