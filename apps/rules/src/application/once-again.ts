import type { RatingMade } from '@jifen/contracts';
import { rate, type CompiledProgram, type OnceAward } from '@jifen/rules';
import { inputAgain, isPackedActivity } from './make-rating.ts';

/** Of the rules that pay once, what an activity would pay by its last rating if there were no other. */
export function onceAgain(program: CompiledProgram, made: RatingMade): Readonly<Record<string, OnceAward>> {
  if (program.onceRules.size === 0 || made.inputs === undefined || !isPackedActivity(made.inputs)) return {};
  return rate(program, inputAgain(program, made, { once: {} })).once;
}

/** Whoever happened first decides; of the same moment the order of their names. */
export const isFirst = (a: OnceAward, b: OnceAward | undefined): boolean =>
  b === undefined || (a.at !== b.at ? a.at < b.at : a.source !== b.source ? a.source < b.source : a.id < b.id);
