import type { RatedEffect, RatingMade } from '@jifen/contracts';
import { instant, unreachable } from '@jifen/kernel';
import {
  packActivity,
  packOrder,
  packFunding,
  packWindow,
  rate,
  rejectedAmong,
  traceText,
  unpackOrder,
  unpackWindow,
  withEarlier,
  withEarlierEffects,
  type CompiledProgram,
  type DueEffect,
  type Facts,
  type Funds,
  type OnceAward,
  type PackedActivity,
  type PackedOrder,
  type PackedWindow,
  type RatedAward,
  type Rating,
  type RatingInput,
} from '@jifen/rules';
import { heldBy } from './budget/held-by.ts';
import { sha256 } from './rating-stream.ts';

/** What a rating is about, apart from what it is worth. */
export type RatingHead = Pick<RatingMade, 'program' | 'member' | 'cause' | 'origin' | 'occurredAt'>;

const withoutRevision = ({
  currency,
  awardId,
  target,
  ruleId,
  ruleVersion,
  availableAt,
  ...rest
}: RatingMade['awards'][number]): RatedAward => ({
  currency,
  awardId,
  target,
  ruleId,
  ruleVersion,
  availableAt,
  ...(rest.expiresAt === undefined ? {} : { expiresAt: rest.expiresAt }),
  ...(rest.clawback === undefined ? {} : { clawback: rest.clawback }),
  ...(rest.debtLimit === undefined ? {} : { debtLimit: rest.debtLimit }),
  ...(rest.wished === undefined ? {} : { wished: rest.wished }),
  ...(rest.approval === undefined ? {} : { approval: rest.approval }),
});

const dueAgain = ({ revision: _, ...effect }: RatedEffect): DueEffect => effect;

/** The message of a rating: every award that the cause has or had last, under the revision that its place in the log gives. */
export function ratingMade(
  head: RatingHead,
  revision: number,
  last: RatingMade | undefined,
  rated?: { program: CompiledProgram; input: RatingInput; rating: Rating; inputs: object | undefined },
): RatingMade {
  const earlier = last === undefined ? [] : last.awards.map(withoutRevision);
  const awards = withEarlier(rated?.rating.awards ?? [], earlier).map((award) => ({ ...award, revision }));
  if (rated === undefined) return { ...head, programVersion: 0, awards };
  const { program, input, rating, inputs } = rated;
  const effects = withEarlierEffects(rating.effects, (last?.effects ?? []).map(dueAgain));
  const tier = program.usesTier ? input.tier : undefined;
  return {
    ...head,
    programVersion: program.version,
    ...(tier === undefined ? {} : { tier }),
    awards,
    ...(effects.length === 0 ? {} : { effects: effects.map((effect) => ({ ...effect, revision })) }),
    ...(inputs === undefined ? {} : { inputs: { ...inputs } }),
    trace: sha256(traceText(rating.trace)),
  };
}

/** What is another by now than when a rating was made. */
export interface Changed {
  readonly tier?: string | undefined;
  readonly once?: Readonly<Record<string, OnceAward>>;
}

/** The head of a cause that is rated again. The origin stays its last one: the watermark of the ledger only moves forward. */
export const headAgain = ({ program, member, cause, origin, occurredAt }: RatingMade): RatingHead => ({
  program,
  member,
  cause,
  origin,
  occurredAt,
});

/** The input of a rating that was made, from the rating alone; what is given replaces what it used. */
export function inputAgain(program: CompiledProgram, made: RatingMade, changed: Changed = {}): RatingInput {
  const { member, cause, occurredAt, inputs } = made;
  const { tier = made.tier, once } = changed;
  const facts = inputs !== undefined && 'f' in inputs ? (inputs['f'] as Facts) : undefined;
  const [funds, rejected] = [fundsAgain(program, made), rejectedAmong(made.awards)];
  const common = { member, source: cause.source, id: cause.id, tier, facts, funds, rejected };
  if (inputs === undefined) return { ...common, kind: 'member' };
  if (isPackedWindow(inputs)) return { ...common, ...unpackWindow(inputs, instant(occurredAt)) };
  // What it did not use of the past was enough.
  const windows = program.windows === undefined ? {} : { past: inputs.k ?? {} };
  if (isPackedActivity(inputs))
    return {
      ...common,
      ...windows,
      kind: 'activity',
      type: inputs.a,
      at: instant(occurredAt),
      data: inputs.v,
      once: once ?? inputs.o,
    };
  const packed: PackedOrder = inputs;
  return { ...common, ...windows, kind: 'order', order: unpackOrder(program, packed, instant(occurredAt)) };
}

/** What budgets did not cut was there. */
const fundsAgain = ({ budgets }: CompiledProgram, made: RatingMade): Funds | undefined =>
  budgets === undefined ? undefined : { cuts: heldBy(made)?.c ?? {} };

export const isPackedWindow = (inputs: object): inputs is PackedWindow => 'w' in inputs && Array.isArray(inputs.w);

/** An order has an `a` as well: its attributes. */
export const isPackedActivity = (inputs: object): inputs is PackedActivity =>
  'a' in inputs && typeof inputs.a === 'string';

/** The rating again, from its own data: the trace must have the same bytes. */
export function rateAgain(
  program: CompiledProgram,
  made: RatingMade,
): { readonly rating: Rating; readonly same: boolean } {
  const rating = rate(program, inputAgain(program, made));
  return { rating, same: sha256(traceText(rating.trace)) === made.trace };
}

/** What a rating uses of its cause and of the member's other causes, to be kept with it. */
export function inputsOf(program: CompiledProgram, input: RatingInput, rating: Rating): object | undefined {
  const packed = packedOf(program, input);
  const { past, funding } = rating;
  const taken = funding === undefined ? undefined : packFunding(funding);
  if (packed === undefined || (past === undefined && taken === undefined)) return packed;
  return { ...packed, ...(past === undefined ? {} : { k: past }), ...(taken === undefined ? {} : { u: taken }) };
}

function packedOf(program: CompiledProgram, input: RatingInput): object | undefined {
  switch (input.kind) {
    case 'order':
      return packOrder(program, input.order, input.facts);
    case 'activity':
      return packActivity(program, input);
    case 'window':
      return packWindow(input);
    case 'member':
      return undefined;
    default:
      return unreachable(input);
  }
}
