import { SCHEMAS, validateProgramDocument, type ProgramDocument, type Violation } from '@jifen/contracts';
import { expiryViolations } from './award/expiry.ts';
import { createCalendar } from '@jifen/kernel';
import { earnViolations } from './earn/index.ts';
import { policyViolations } from './validate-policies.ts';
import { sharedLimitViolations, windowViolations } from './window/validate-window.ts';
import { atLeastOne, repeated, violation, type RulePlace } from './violation.ts';

/** Bounds of a program document; they are also in its schema. */
export const LIMITS = {
  rules: SCHEMAS.program.properties.rules.maxItems,
  currencies: SCHEMAS.program.properties.currencies.maxItems,
  tiers: SCHEMAS.program.$defs.ladder.properties.tiers.maxItems,
} as const;

export type ProgramValidation =
  | { readonly ok: true; readonly document: ProgramDocument }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** Whether a value is a program that can be published: its schema, then what the schema cannot say. */
export function validateProgram(value: unknown): ProgramValidation {
  const shape = validateProgramDocument(value);
  if (!shape.ok) return { ok: false, violations: shape.violations };
  const document = shape.value;
  const violations = [
    ...zone(document),
    ...repeated(
      document.currencies.map(({ code }) => code),
      (index) => `/currencies/${index}/code`,
    ),
    ...ladder(document),
    ...repeated(
      document.rules.map(({ id }) => id),
      (index) => `/rules/${index}/id`,
    ),
    ...repeated(
      (document.limits ?? []).map(({ id }) => id),
      (index) => `/limits/${index}/id`,
    ),
    ...(document.limits ?? []).flatMap((limit, index) => sharedLimitViolations(document, limit, `/limits/${index}`)),
    ...document.rules.flatMap((rule, index) => ruleViolations({ document, rule, index, pointer: `/rules/${index}` })),
    ...policyViolations(document),
  ];
  return violations.length === 0 ? { ok: true, document } : { ok: false, violations };
}

const zone = ({ timeZone }: ProgramDocument): Violation[] =>
  createCalendar(timeZone) === undefined
    ? [violation('/timeZone', 'must be a time zone of the IANA database, e.g. Asia/Shanghai')]
    : [];

const currencyKnown = (document: ProgramDocument, code: string, pointer: string): Violation[] => {
  const codes = document.currencies.map((currency) => currency.code);
  return codes.includes(code) ? [] : [violation(pointer, `must be one of the currencies: ${codes.join(', ')}`)];
};

function ladder(document: ProgramDocument): Violation[] {
  const { ladder: found } = document;
  if (found === undefined) return [];
  const violations = currencyKnown(document, found.currency, '/ladder/currency');
  violations.push(
    ...repeated(
      found.tiers.map(({ code }) => code),
      (index) => `/ladder/tiers/${index}/code`,
    ),
  );
  let below = -1;
  found.tiers.forEach(({ threshold, multiplier }, index) => {
    const pointer = `/ladder/tiers/${index}`;
    if (index === 0 && threshold !== 0)
      violations.push(violation(`${pointer}/threshold`, 'the first tier must have threshold 0'));
    else if (threshold <= below) violations.push(violation(`${pointer}/threshold`, `must be greater than ${below}`));
    below = threshold;
    violations.push(...atLeastOne(multiplier, `${pointer}/multiplier`));
  });
  return violations;
}

function ruleViolations(place: RulePlace): readonly Violation[] {
  const { document, rule, pointer } = place;
  return [
    ...currencyKnown(document, rule.currency, `${pointer}/currency`),
    ...earnViolations(rule.earn, place, `${pointer}/earn`),
    ...expiryViolations(rule, pointer),
    ...windowViolations(rule, pointer),
  ];
}
