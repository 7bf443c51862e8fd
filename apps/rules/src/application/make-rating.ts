import type { RatedEffect, RatingMade } from '@jifen/contracts';
import { assert, instant } from '@jifen/kernel';
import {
  rate,
  traceText,
  unpackOrder,
  withEarlier,
  withEarlierEffects,
  type CompiledProgram,
  type DueEffect,
  type Facts,
  type PackedActivity,
  type PackedOrder,
  type RatedAward,
  type Rating,
  type RatingInput,
} from '@jifen/rules';
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
});

const dueAgain = ({ revision: _, ...effect }: RatedEffect): DueEffect => effect;

/** The message of a rating: every award that the cause ever had, under the revision that its place in the log gives. */
export function ratingMade(
  head: RatingHead,
  revision: number,
  last: RatingMade | undefined,
  rated?: { program: CompiledProgram; input: RatingInput; rating: Rating; inputs: object | undefined },
): RatingMade {
  const earlier = (last?.awards ?? []).map(withoutRevision);
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

/** The input of a rating that was made, from the rating alone. `tier` replaces the one that it used. */
export function inputAgain(program: CompiledProgram, made: RatingMade, tier = made.tier): RatingInput {
  const { member, cause, occurredAt, inputs } = made;
  const facts = inputs !== undefined && 'f' in inputs ? (inputs['f'] as Facts) : undefined;
  const common = { member, source: cause.source, id: cause.id, tier, facts };
  if (inputs === undefined) return { ...common, kind: 'member' };
  if ('a' in inputs) {
    assert(isPackedActivity(inputs), 'a rating holds the inputs of no activity');
    return { ...common, kind: 'activity', type: inputs.a, at: instant(occurredAt), data: inputs.v, once: inputs.o };
  }
  const packed: PackedOrder = inputs;
  return { ...common, kind: 'order', order: unpackOrder(program, packed, instant(occurredAt)) };
}

const isPackedActivity = (inputs: object): inputs is PackedActivity => 'a' in inputs && typeof inputs.a === 'string';

/** The rating again, from its own data: the trace must have the same bytes. */
export function rateAgain(
  program: CompiledProgram,
  made: RatingMade,
): { readonly rating: Rating; readonly same: boolean } {
  const rating = rate(program, inputAgain(program, made));
  return { rating, same: sha256(traceText(rating.trace)) === made.trace };
}
