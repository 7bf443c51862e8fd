import type { Condition, Violation } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import { violation, type RulePlace } from '../violation.ts';
import { activity } from './activity.ts';
import { cel } from './cel.ts';
import type { ConditionKind, KindName, PartOf } from './condition.ts';
import { lines } from './lines.ts';
import { member } from './member.ts';
import { order } from './order.ts';
import { allOf, anyOf, type Check } from './test.ts';

/** Conditions of a rule, and how deep they may stand in each other. */
const MAX_CONDITIONS = 200;
const MAX_DEPTH = 8;

/** Every kind of condition; what a condition names must all hold. */
const CONDITION_KINDS: { readonly [Kind in KindName]-?: ConditionKind<Kind> } = {
  all: {
    violations: (parts, place, pointer) => nested(parts, place, pointer),
    compile: (parts, context) => allOf(parts.map((part) => compileCondition(part, context))),
  },
  any: {
    violations: (parts, place, pointer) => nested(parts, place, pointer),
    compile: (parts, context) => anyOf(parts.map((part) => compileCondition(part, context))),
  },
  not: {
    violations: (part, place, pointer) => within(part, place, pointer),
    compile: (part, context) => {
      const check = compileCondition(part, context);
      return (run, steps) => !check(run, steps);
    },
  },
  activity,
  order,
  lines,
  member,
  cel,
};

const KINDS = Object.keys(CONDITION_KINDS) as readonly KindName[];

const compilePart = <Kind extends KindName>(kind: Kind, part: PartOf<Kind>, context: RuleContext): Check =>
  (CONDITION_KINDS[kind] as ConditionKind<Kind>).compile(part, context);

const partViolations = <Kind extends KindName>(
  kind: Kind,
  part: PartOf<Kind>,
  place: RulePlace,
  pointer: string,
): readonly Violation[] => (CONDITION_KINDS[kind] as ConditionKind<Kind>).violations(part, place, pointer);

export const compileCondition = (condition: Condition, context: RuleContext): Check =>
  allOf(
    KINDS.flatMap((kind) => {
      const part = condition[kind];
      return part === undefined ? [] : [compilePart(kind, part, context)];
    }),
  );

export function conditionViolations(place: RulePlace): readonly Violation[] {
  const { rule, pointer } = place;
  if (rule.if === undefined) return [];
  const { count, depth } = sizeOf(rule.if);
  if (depth > MAX_DEPTH) return [violation(`${pointer}/if`, `must not be nested deeper than ${MAX_DEPTH}`)];
  if (count > MAX_CONDITIONS)
    return [violation(`${pointer}/if`, `must not have more than ${MAX_CONDITIONS} conditions`)];
  return within(rule.if, place, `${pointer}/if`);
}

const within = (condition: Condition, place: RulePlace, pointer: string): readonly Violation[] =>
  KINDS.flatMap((kind) => {
    const part = condition[kind];
    return part === undefined ? [] : partViolations(kind, part, place, `${pointer}/${kind}`);
  });

const nested = (parts: readonly Condition[], place: RulePlace, pointer: string): readonly Violation[] =>
  parts.flatMap((part, index) => within(part, place, `${pointer}/${index}`));

function sizeOf({ all = [], any = [], not }: Condition): { readonly count: number; readonly depth: number } {
  let [count, depth] = [1, 0];
  for (const part of [...all, ...any, ...(not === undefined ? [] : [not])]) {
    const inner = sizeOf(part);
    count += inner.count;
    depth = Math.max(depth, inner.depth);
  }
  return { count, depth: depth + 1 };
}
