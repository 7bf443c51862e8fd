import { validateActivity, validateOrder, type Problem, type ProgramDocument, type Violation } from '@jifen/contracts';
import { accept, instant, InvariantError, refuse, type Instant, type Outcome } from '@jifen/kernel';
import {
  compileProgram,
  dueOf,
  orderRevenue,
  rate,
  ratedOrder,
  validateProgram,
  waitingOf,
  type CompiledProgram,
  type RatedAward,
  type RatingInput,
  type Trace,
} from '@jifen/rules';
import { rulesInWords, type TraceInWords } from './explain-award.ts';
import type { RulesTables } from './ports.ts';
import type { ProgramCatalog } from './program-catalog.ts';
import type { Standing } from './simulation/member-outcome.ts';
import { Tally, type Totals } from './simulation/tally.ts';

export interface SimulateParts<Sql> {
  readonly tables: RulesTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

export interface Sample {
  readonly program: string;
  /** One of the two. */
  readonly order?: unknown;
  readonly activity?: unknown;
  /** The tier to assume; the first of the ladder when absent. */
  readonly tier?: string | undefined;
  /** A document as it is typed in, the draft, a version, or (default) the one in force when the sample happened. */
  readonly document?: unknown;
  readonly draft?: boolean | undefined;
  readonly version?: number | undefined;
  /** Rules that are tried; all of them when absent. */
  readonly rules?: readonly string[] | undefined;
}

export interface Simulation {
  /** 0 for what is not published. */
  readonly programVersion: number;
  readonly awards: readonly RatedAward[];
  /** Points by currency. */
  readonly totals: Readonly<Record<string, number>>;
  /** Points by currency that would wait for approval; absent where none would. */
  readonly waiting?: Readonly<Record<string, number>>;
  readonly explanation: TraceInWords;
  readonly trace: Trace;
  /** Cost in money, and what changes by rule and by tier against the version in force then; absent where none was. */
  readonly comparison?: Totals & { readonly baseline: string };
}

const MEMBER = 'sample';

/** Rates a typed-in order or activity; writes nothing. */
export async function simulate<Sql>(parts: SimulateParts<Sql>, sample: Sample): Promise<Outcome<Simulation, Problem>> {
  const read = readSample(sample);
  if (!read.ok) return read;
  const { at, inputOf } = read.value;
  const program = await programOf(parts, sample, at);
  if (!program.ok) return program;
  const compiled = program.value;
  const input = inputOf(sample.tier ?? compiled.baseTier);
  const rating = rate(compiled, input);
  const totals: Record<string, number> = {};
  const waiting: Record<string, number> = {};
  for (const { currency, target, approval } of rating.awards) {
    totals[currency] = (totals[currency] ?? 0) + target;
    if (approval !== undefined) waiting[currency] = (waiting[currency] ?? 0) + waitingOf(approval);
  }
  return accept({
    programVersion: compiled.version,
    awards: rating.awards,
    totals,
    ...(Object.keys(waiting).length === 0 ? {} : { waiting }),
    explanation: rulesInWords(compiled, rating.trace),
    trace: rating.trace,
    ...(await comparedWith(parts, sample, at, { compiled, input, awards: rating.awards })),
  });
}

interface Candidate {
  readonly compiled: CompiledProgram;
  readonly input: RatingInput;
  readonly awards: readonly RatedAward[];
}

async function comparedWith<Sql>(
  { catalog, sql }: SimulateParts<Sql>,
  { program, tier }: Sample,
  at: Instant,
  { compiled, input, awards }: Candidate,
): Promise<Pick<Simulation, 'comparison'>> {
  await catalog.refresh(sql);
  const inForce = await catalog.at(sql, program, at);
  if (inForce === undefined) return {};
  const before = { ...input, tier: tier ?? inForce.baseTier };
  const tally = new Tally(compiled.document, inForce.document);
  tally.add({
    member: input.member,
    candidate: standingOf(awards, input.tier),
    baseline: standingOf(rate(inForce, before).awards, before.tier),
    causes: 1,
    revenue: input.kind === 'order' ? orderRevenue(input.order, compiled.document.moneyCurrency) : 0,
  });
  return { comparison: { baseline: `version ${inForce.version}`, ...tally.report() } };
}

const standingOf = (awards: readonly RatedAward[], tier: string | undefined): Standing => ({
  awards: awards.map((award) => ({ rule: award.ruleId, currency: award.currency, tier, target: dueOf(award) })),
});

interface ReadSample {
  /** Finds the version. */
  readonly at: Instant;
  readonly inputOf: (tier: string | undefined) => RatingInput;
}

const invalid = (field: string, violations: readonly Violation[]): Outcome<never, Problem> =>
  refuse({
    code: 'invalid_request',
    detail: `the ${field} is not valid`,
    errors: violations.map(({ pointer, message }) => ({ pointer: `/${field}${pointer}`, message })),
  });

function readSample({ order, activity }: Sample): Outcome<ReadSample, Problem> {
  if ((order === undefined) === (activity === undefined))
    return refuse({ code: 'invalid_request', detail: 'give either an order or an activity' });
  if (activity !== undefined) {
    const validation = validateActivity(activity);
    if (!validation.ok) return invalid('activity', validation.violations);
    const { source, id, type, member = MEMBER, occurredAt, data } = validation.value;
    const at = instant(occurredAt);
    return accept({ at, inputOf: (tier) => ({ kind: 'activity', member, source, id, type, at, tier, data }) });
  }
  const validation = validateOrder(order);
  if (!validation.ok) return invalid('order', validation.violations);
  const { source, orderId: id, member = MEMBER, placedAt } = validation.value;
  try {
    const rated = ratedOrder(validation.value);
    return accept({
      at: instant(placedAt),
      inputOf: (tier) => ({ kind: 'order', member, source, id, tier, order: rated }),
    });
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    return refuse({ code: 'invalid_order', detail: error.message });
  }
}

async function programOf<Sql>(
  parts: SimulateParts<Sql>,
  sample: Sample,
  at: Instant,
): Promise<Outcome<CompiledProgram, Problem>> {
  const { tables, catalog, sql } = parts;
  const { program, document, draft, version, rules } = sample;
  if ([document, draft === true ? draft : undefined, version].filter((each) => each !== undefined).length > 1)
    return refuse({ code: 'invalid_request', detail: 'give one of document, draft and version' });
  if (document === undefined && draft !== true) {
    await catalog.refresh(sql);
    const published = catalog.placesOf(program).some((place) => place.version === version);
    if (version !== undefined && !published)
      return refuse({ code: 'not_found', detail: `there is no version ${version}` });
    const found =
      version === undefined ? await catalog.at(sql, program, at) : await catalog.version(sql, program, version);
    if (found === undefined) return refuse({ code: 'not_found', detail: `no version was in force at ${at}` });
    return rules === undefined ? accept(found) : compiledOf(found.document, rules, found.version);
  }
  const text = document ?? (await tables.draft(sql, program))?.document;
  return text === undefined ? refuse({ code: 'not_found', detail: 'there is no draft' }) : compiledOf(text, rules, 0);
}

/** What is left of a document with some of its rules must be valid, too: a multiplier needs what it multiplies. */
function compiledOf(
  text: unknown,
  rules: readonly string[] | undefined,
  version: number,
): Outcome<CompiledProgram, Problem> {
  const whole = validateProgram(text);
  if (!whole.ok) return invalidProgram('the program is not valid', whole.violations);
  if (rules === undefined) return accept(compileProgram(whole.document, version));
  const known = new Set(whole.document.rules.map(({ id }) => id));
  const unknown = rules.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/rules/${index}`, message: `the program has no rule "${id}"` }],
  );
  if (unknown.length > 0)
    return refuse({ code: 'invalid_request', detail: 'the program has not all of the rules', errors: unknown });
  const part = validateProgram(withRules(whole.document, new Set(rules)));
  return part.ok
    ? accept(compileProgram(part.document, version))
    : invalidProgram('the rules do not work without others', part.violations);
}

const invalidProgram = (detail: string, errors: readonly Violation[]): Outcome<never, Problem> =>
  refuse({ code: 'invalid_program', detail, errors });

/** Limits and budgets of several rules are those of the rules that are left. */
function withRules({ limits, budgets, ...document }: ProgramDocument, chosen: ReadonlySet<string>): ProgramDocument {
  const shared = <T extends { rules?: string[] }>(all: readonly T[] | undefined): T[] =>
    (all ?? []).flatMap((each) => {
      if (each.rules === undefined) return [each];
      const left = each.rules.filter((id) => chosen.has(id));
      return left.length === 0 ? [] : [{ ...each, rules: left }];
    });
  const [someLimits, someBudgets] = [shared(limits), shared(budgets)];
  return {
    ...document,
    rules: document.rules.filter(({ id }) => chosen.has(id)),
    ...(someLimits.length === 0 ? {} : { limits: someLimits }),
    ...(someBudgets.length === 0 ? {} : { budgets: someBudgets }),
  };
}
