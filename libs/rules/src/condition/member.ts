import type { Anniversary, Birthday, MemberTest, ProgramDocument, Violation } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import { textsOf } from '../facts.ts';
import { useFact } from '../order/use.ts';
import type { Run } from '../run.ts';
import { NONE, violation } from '../violation.ts';
import type { ConditionKind } from './condition.ts';
import { allOf, compileTest, type Check } from './test.ts';
import { fallsOn, yearsSince } from './yearly.ts';

/** About the member, as it was known when the cause happened (E18, E19, E26). */
export const member: ConditionKind<'member'> = {
  violations: (test, { document }, pointer) => memberViolations(test, document, pointer),
  compile: compileMember,
};

export function compileMember(test: MemberTest, context: RuleContext): Check {
  const { use } = context;
  const checks: Check[] = [];
  if (test.birthday !== undefined) checks.push(birthdayCheck(test.birthday, context));
  if (test.anniversary !== undefined) checks.push(anniversaryCheck(test.anniversary, context));
  for (const [key, value] of Object.entries(test.facts ?? {})) {
    useFact(use, key);
    checks.push(compileTest('fact', key, value, (run) => run.fact(key)));
  }
  for (const list of ['tags', 'segments'] as const) {
    const bounds = test[list];
    if (bounds === undefined) continue;
    useFact(use, list);
    checks.push(compileTest(list, undefined, bounds, (run) => textsOf(run.fact(list))));
  }
  if (test.tier !== undefined) {
    use.tier = true;
    checks.push(compileTest('tier', undefined, test.tier, ({ input }) => input.tier));
  }
  if (test.benefits !== undefined) {
    use.tier = true;
    checks.push(compileTest('benefits', undefined, test.benefits, benefitsOf));
  }
  return allOf(checks);
}

/** Codes of what the member's tier gives (T05), by the ladder of the program that rates. */
export const benefitsOf = ({ input, program }: Run): readonly string[] =>
  (input.tier === undefined ? undefined : program.tierBenefits.get(input.tier)) ?? [];

export const memberViolations = (test: MemberTest, document: ProgramDocument, pointer: string): Violation[] => [
  ...tierViolations(test, document, pointer),
  ...benefitViolations(test, document, pointer),
];

function benefitViolations({ benefits }: MemberTest, { ladder }: ProgramDocument, pointer: string): Violation[] {
  const known = new Set(ladder?.tiers.flatMap((tier) => (tier.benefits ?? []).map(({ code }) => code)));
  const named = [...(benefits?.any ?? []), ...(benefits?.all ?? []), ...(benefits?.none ?? [])];
  return named.flatMap((code) =>
    known.has(code) ? NONE : [violation(`${pointer}/benefits`, `no tier of the ladder gives "${code}"`)],
  );
}

function tierViolations({ tier }: MemberTest, document: ProgramDocument, pointer: string): Violation[] {
  if (tier === undefined) return [];
  const known = new Set(document.ladder?.tiers.map(({ code }) => code));
  if (known.size === 0) return [violation(`${pointer}/tier`, 'must be absent: the program has no ladder')];
  const named = [tier.is, tier.isNot, ...(tier.in ?? []), ...(tier.notIn ?? [])].filter((code) => code !== undefined);
  return named.flatMap((code) =>
    known.has(code)
      ? NONE
      : [violation(`${pointer}/tier`, `"${code}" is no tier of the ladder; it has ${[...known].join(', ')}`)],
  );
}

function birthdayCheck({ fact: key = 'birthday', in: span }: Birthday, { calendar, use }: RuleContext): Check {
  useFact(use, key);
  return (run, steps) => {
    const [fact] = textsOf(run.fact(key));
    const date = calendar.dateOf(run.at());
    const holds = fact !== undefined && fallsOn(fact, date, span);
    const op = span === 'day' ? 'inDay' : 'inMonth';
    steps.push({ actual: fact, holds, key, op, step: 'test', subject: 'fact', value: date });
    return holds;
  };
}

function anniversaryCheck(
  { fact: key = 'joinedAt', in: span, years = { atLeast: 1 } }: Anniversary,
  { calendar, use }: RuleContext,
): Check {
  useFact(use, key);
  const since = (run: Run): number | undefined => {
    const [fact] = textsOf(run.fact(key));
    return fact === undefined ? undefined : yearsSince(fact, calendar.dateOf(run.at()));
  };
  const first = compileTest('anniversary', key, { atLeast: 1, ...years }, since);
  return (run, steps) => {
    const [fact] = textsOf(run.fact(key));
    const date = calendar.dateOf(run.at());
    const holds = fact !== undefined && fallsOn(fact, date, span);
    const op = span === 'day' ? 'inDay' : 'inMonth';
    steps.push({ actual: fact, holds, key, op, step: 'test', subject: 'fact', value: date });
    return holds && first(run, steps);
  };
}
