import {
  SCHEMAS,
  validateProgramDocument,
  type EarnRule,
  type ProgramDocument,
  type Violation,
} from '@jifen/contracts';
import { createCalendar, parseDecimal, parseMoney, powerOfTen } from '@jifen/kernel';
import { policyViolations } from './validate-policies.ts';
import { sharedLimitViolations, windowViolations } from './window/validate-window.ts';

/** Bounds of a program document; they are also in its schema. */
export const LIMITS = {
  rules: SCHEMAS.program.properties.rules.maxItems,
  currencies: SCHEMAS.program.properties.currencies.maxItems,
  tiers: SCHEMAS.program.$defs.ladder.properties.tiers.maxItems,
} as const;

const SHORTEST_MONTH = 28;

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
    ...document.rules.flatMap((rule, index) => ruleViolations(document, rule, `/rules/${index}`)),
    ...policyViolations(document),
  ];
  return violations.length === 0 ? { ok: true, document } : { ok: false, violations };
}

const violation = (pointer: string, message: string): Violation => ({ pointer, message });

function repeated(values: readonly string[], pointer: (index: number) => string): Violation[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [violation(pointer(index), `"${value}" is used already; each must be unique`)],
  );
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

function atLeastOne(text: string, pointer: string): Violation[] {
  const factor = parseDecimal(text);
  const enough = factor !== undefined && factor.units >= powerOfTen(factor.scale);
  return enough ? [] : [violation(pointer, 'must be a decimal number of at least 1')];
}

function ruleViolations(document: ProgramDocument, rule: EarnRule, pointer: string): Violation[] {
  return [
    ...currencyKnown(document, rule.currency, `${pointer}/currency`),
    ...earnViolations(document, rule, `${pointer}/earn`),
    ...lifetime(rule, pointer),
    ...windowViolations(document, rule, pointer),
  ];
}

function earnViolations(document: ProgramDocument, rule: EarnRule, pointer: string): Violation[] {
  const { earn } = rule;
  switch (earn.form) {
    case 'rate': {
      const currency = rule.moneyCurrency ?? document.moneyCurrency;
      const per = parseMoney(earn.per, currency);
      const units = parseDecimal(earn.points)?.units ?? 0n;
      return [
        ...('order' in rule.when ? [] : [violation(pointer, 'a rate needs an order: when must be {"order": …}')]),
        ...(units > 0n ? [] : [violation(`${pointer}/points`, 'must be greater than 0')]),
        ...(per.ok && per.value > 0
          ? []
          : [
              violation(
                `${pointer}/per`,
                `must be an amount greater than 0 with no more decimals than ${currency} has`,
              ),
            ]),
      ];
    }
    case 'fixed':
      return earn.once === true && 'order' in rule.when
        ? [violation(`${pointer}/once`, 'must be false or absent for orders: once is only for activities')]
        : [];
    case 'multiplier':
      return [
        ...earn.of.flatMap((id, index) => multiplied(document, rule, id, `${pointer}/of/${index}`)),
        ...(earn.by === 'tier'
          ? document.ladder === undefined
            ? [violation(`${pointer}/by`, 'must be a number: the program has no ladder')]
            : []
          : atLeastOne(earn.by, `${pointer}/by`)),
      ];
    case 'streak':
    case 'target':
      return [];
  }
}

function multiplied(document: ProgramDocument, rule: EarnRule, id: string, pointer: string): Violation[] {
  const target = document.rules.find((other) => other.id === id);
  if (target === undefined) return [violation(pointer, `"${id}" is no rule of this program`)];
  if (target.earn.form === 'multiplier')
    return [violation(pointer, `"${id}" is a multiplier; only rate and fixed rules can be multiplied`)];
  if (target.earn.form === 'fixed' && target.earn.once === true)
    return [violation(pointer, `"${id}" pays once per member; it cannot be multiplied`)];
  if (target.earn.form === 'target') return [violation(pointer, `"${id}" is a target; it cannot be multiplied`)];
  if (target.currency !== rule.currency)
    return [violation(pointer, `"${id}" earns ${target.currency}; it must earn ${rule.currency}`)];
  return [];
}

function lifetime(rule: EarnRule, pointer: string): Violation[] {
  const { expiry, availability } = rule;
  if (expiry === undefined || expiry === 'never') return [];
  const wait = availability === undefined || availability === 'at-once' ? 0 : availability.after.days;
  const shortest = 'days' in expiry ? expiry.days : expiry.months * SHORTEST_MONTH;
  if ('months' in expiry && expiry.months === 0 && expiry.endOf === undefined)
    return [violation(`${pointer}/expiry/months`, 'must be at least 1, or endOf must say the end of what')];
  return shortest > wait || (wait === 0 && 'months' in expiry)
    ? []
    : [violation(`${pointer}/expiry`, `must be later than the availability after ${wait} days`)];
}
