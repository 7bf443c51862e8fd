import { SCHEMAS, validateProgramDocument, type ProgramDocument, type Violation } from '@jifen/contracts';
import { createCalendar, type Calendar } from '@jifen/kernel';
import { approvalViolations } from './award/approval.ts';
import { availabilityViolations } from './award/availability.ts';
import { expiryViolations } from './award/expiry.ts';
import { budgetViolations } from './budget/validate-budget.ts';
import { conditionViolations } from './condition/index.ts';
import { earnViolations } from './earn/index.ts';
import { audienceViolations, experimentViolations } from './gate/audience.ts';
import { exchangeViolations } from './gate/currency.ts';
import { scheduleViolations } from './gate/schedule.ts';
import { referralViolations } from './referral/referral-terms.ts';
import { groupViolations, stackingViolations } from './stacking.ts';
import { ladderViolations } from './validate-ladder.ts';
import { policyViolations } from './validate-policies.ts';
import { sharedLimitViolations, windowViolations } from './window/validate-window.ts';
import { NONE, repeated, violation, type RulePlace } from './violation.ts';

/** Bounds of a program document; they are also in its schema. */
export const LIMITS = {
  rules: SCHEMAS.program.properties.rules.maxItems,
  currencies: SCHEMAS.program.properties.currencies.maxItems,
  tiers: SCHEMAS.program.$defs.ladder.properties.tiers.maxItems,
} as const;

/** Values that stand in each other; a schema cannot bound it. */
const MAX_DEPTH = 64;

export type ProgramValidation =
  | { readonly ok: true; readonly document: ProgramDocument }
  | { readonly ok: false; readonly violations: readonly Violation[] };

/** Whether a value is a program that can be published: its schema, then what the schema cannot say. */
export function validateProgram(value: unknown): ProgramValidation {
  if (tooDeep(value)) return { ok: false, violations: [violation('', `must not be nested deeper than ${MAX_DEPTH}`)] };
  const shape = validateProgramDocument(value);
  if (!shape.ok) return { ok: false, violations: shape.violations };
  const document = shape.value;
  const calendar = createCalendar(document.timeZone);
  const violations = [
    ...zone(document),
    ...repeated(
      document.currencies.map(({ code }) => code),
      (index) => `/currencies/${index}/code`,
    ),
    ...ladderViolations(document),
    ...repeated(
      document.rules.map(({ id }) => id),
      (index) => `/rules/${index}/id`,
    ),
    ...repeated(
      (document.limits ?? []).map(({ id }) => id),
      (index) => `/limits/${index}/id`,
    ),
    ...(document.limits ?? []).flatMap((limit, index) => sharedLimitViolations(document, limit, `/limits/${index}`)),
    ...holidayViolations(document),
    ...experimentViolations(document),
    ...groupViolations(document),
    ...exchangeViolations(document),
    ...document.rules.flatMap((rule, index) =>
      ruleViolations({ document, rule, index, pointer: `/rules/${index}` }, calendar),
    ),
    ...referralViolations(document),
    ...budgetViolations(document),
    ...policyViolations(document),
  ];
  return violations.length === 0 ? { ok: true, document } : { ok: false, violations };
}

/** Level by level, so that no depth of a hostile document can exhaust the stack. */
function tooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

const holidayViolations = ({ holidays = [] }: ProgramDocument): readonly Violation[] =>
  repeated(
    holidays.map(({ id }) => id),
    (index) => `/holidays/${index}/id`,
  );

const zone = ({ timeZone }: ProgramDocument): Violation[] =>
  createCalendar(timeZone) === undefined
    ? [violation('/timeZone', 'must be a time zone of the IANA database, e.g. Asia/Shanghai')]
    : [];

const currencyKnown = (document: ProgramDocument, code: string, pointer: string): Violation[] => {
  const codes = document.currencies.map((currency) => currency.code);
  return codes.includes(code) ? [] : [violation(pointer, `must be one of the currencies: ${codes.join(', ')}`)];
};

function ruleViolations(place: RulePlace, calendar: Calendar | undefined): readonly Violation[] {
  const { document, rule, pointer } = place;
  return [
    ...currencyKnown(document, rule.currency, `${pointer}/currency`),
    ...earnViolations(rule.earn, place, `${pointer}/earn`),
    ...availabilityViolations(rule, pointer),
    ...approvalViolations(rule, pointer),
    ...(calendar === undefined ? NONE : expiryViolations(rule, calendar, pointer)),
    ...scheduleViolations(rule, document, pointer),
    ...audienceViolations(rule, document, pointer),
    ...conditionViolations(place),
    ...stackingViolations(rule, document, pointer),
    ...windowViolations(document, rule, pointer),
  ];
}
