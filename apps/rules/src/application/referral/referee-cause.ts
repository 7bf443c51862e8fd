import type { RatingMade } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import type { CompiledProgram, RefereeCause } from '@jifen/rules';
import { inputAgain } from '../make-rating.ts';
import { OWN_SOURCE } from '../rating-stream.ts';

/** Whether a rating is of something that the member did, under some version; nothing of what Jifen made itself. */
export const mayQualify = ({ programVersion, inputs, cause }: RatingMade): boolean =>
  programVersion !== 0 && inputs !== undefined && cause.source !== OWN_SOURCE;

/** The member's order or activity as its rating kept it, for its referral; `program`: the version of the rating. */
export function refereeCause(program: CompiledProgram, made: RatingMade): RefereeCause | undefined {
  const input = inputAgain(program, made);
  if (input.kind !== 'order' && input.kind !== 'activity') return undefined;
  return input.kind === 'activity' ? { ...input, at: instant(made.occurredAt) } : input;
}
