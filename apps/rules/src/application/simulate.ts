import { validateActivity, validateOrder, type Problem, type Violation } from '@jifen/contracts';
import { accept, instant, InvariantError, refuse, type Instant, type Outcome } from '@jifen/kernel';
import {
  compileProgram,
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
  /** A document as it is typed in, the draft, or (default) the version in force when the sample happened. */
  readonly document?: unknown;
  readonly draft?: boolean | undefined;
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
  const rating = rate(compiled, inputOf(sample.tier ?? compiled.baseTier));
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
  });
}

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
  { tables, catalog, sql }: SimulateParts<Sql>,
  { program, document, draft }: Sample,
  at: Instant,
): Promise<Outcome<CompiledProgram, Problem>> {
  if (document === undefined && draft !== true) {
    await catalog.refresh(sql);
    const inForce = await catalog.at(sql, program, at);
    return inForce === undefined
      ? refuse({ code: 'not_found', detail: `no version was in force at ${at}` })
      : accept(inForce);
  }
  const text = document ?? (await tables.draft(sql, program))?.document;
  if (text === undefined) return refuse({ code: 'not_found', detail: 'there is no draft' });
  const validation = validateProgram(text);
  return validation.ok
    ? accept(compileProgram(validation.document, 0))
    : refuse({ code: 'invalid_program', detail: 'the program is not valid', errors: validation.violations });
}
