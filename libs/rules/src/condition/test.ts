import type { ListTest, MoneyBounds, NumberTest, TextTest, ValueTest } from './bounds.ts';
import { parseDecimal } from '@jifen/kernel';
import type { Scalar } from '../facts.ts';
import type { Run } from '../run.ts';
import type { Step } from '../trace.ts';
import type { Subject } from './words.ts';

/** Whether a condition holds for a cause. It tells in `steps` what decided it, and nothing else. */
export type Check = (run: Run, steps: Step[]) => boolean;

export type Value = Scalar | readonly string[] | undefined;

const OPERATORS = {
  is: (actual, bound) => actual === bound,
  isNot: (actual, bound) => actual !== bound,
  in: (actual, bound) => isList(bound) && isIn(bound, actual),
  notIn: (actual, bound) => isList(bound) && !isIn(bound, actual),
  atLeast: (actual, bound) => compare(actual, bound, (order) => order >= 0),
  moreThan: (actual, bound) => compare(actual, bound, (order) => order > 0),
  atMost: (actual, bound) => compare(actual, bound, (order) => order <= 0),
  lessThan: (actual, bound) => compare(actual, bound, (order) => order < 0),
  startsWith: (actual, bound) => typeof actual === 'string' && typeof bound === 'string' && actual.startsWith(bound),
  contains: (actual, bound) => isList(actual) && isIn(actual, bound),
  exists: (actual, bound) => (actual !== undefined) === bound,
  any: (actual, bound) => isList(actual) && isList(bound) && shares(actual, bound),
  all: (actual, bound) => isList(actual) && isList(bound) && bound.every((each) => isIn(actual, each)),
  none: (actual, bound) => !isList(actual) || !isList(bound) || !shares(actual, bound),
} satisfies Record<string, (actual: Value, bound: unknown) => boolean>;

export type Operator = keyof typeof OPERATORS | 'inDay' | 'inMonth';

export interface TestStep {
  readonly actual?: Value;
  readonly holds: boolean;
  readonly key?: string | undefined;
  readonly op: Operator;
  readonly step: 'test';
  readonly subject: Subject;
  readonly value: Value;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isIn = (list: readonly unknown[], value: unknown): boolean => list.includes(value);
const shares = (a: readonly unknown[], b: readonly unknown[]): boolean => b.some((each) => isIn(a, each));

function compare(actual: Value, bound: unknown, holds: (order: number) => boolean): boolean {
  if (typeof bound === 'number') {
    const number = typeof actual === 'string' && parseDecimal(actual) !== undefined ? Number(actual) : actual;
    return typeof number === 'number' && holds(number - bound);
  }
  if (typeof actual !== 'string' || typeof bound !== 'string') return false;
  return holds(actual < bound ? -1 : actual > bound ? 1 : 0);
}

type Bounds = TextTest | NumberTest | ValueTest | ListTest | MoneyBounds;

/** Every bound of a test about one subject; `read` finds what it is. */
export function compileTest(
  subject: Subject,
  key: string | undefined,
  bounds: Bounds,
  read: (run: Run) => Value,
): Check {
  const tests = Object.entries(bounds) as [keyof typeof OPERATORS, Scalar | readonly string[]][];
  return (run, steps) => {
    const actual = read(run);
    const mark = steps.length;
    for (const [op, value] of tests) {
      const holds = OPERATORS[op](actual, value);
      if (!holds) steps.length = mark;
      steps.push({ actual, holds, key, op, step: 'test', subject, value });
      if (!holds) return false;
    }
    return true;
  };
}

/** All of several: tells everything when they hold, else only the first that does not. */
export const allOf = (checks: readonly Check[]): Check => {
  const [only] = checks;
  if (checks.length === 1 && only !== undefined) return only;
  return (run, steps) => {
    const mark = steps.length;
    for (const check of checks) {
      const own = steps.length;
      if (check(run, steps)) continue;
      steps.splice(mark, own - mark);
      return false;
    }
    return true;
  };
};

/** Any of several: tells the first that holds, else all of them. */
export const anyOf =
  (checks: readonly Check[]): Check =>
  (run, steps) => {
    const mark = steps.length;
    for (const check of checks) {
      const own = steps.length;
      if (!check(run, steps)) continue;
      steps.splice(mark, own - mark);
      return true;
    }
    return false;
  };
