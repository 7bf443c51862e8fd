import type { Effect, RatedEffect } from '@jifen/contracts';

/** An effect before its place in the rating log is known. */
export type DueEffect = Omit<RatedEffect, 'revision'>;

/** The effects of a rule that pays, each under an id of its own that never changes. */
export const dueEffects = (
  effects: readonly Effect[],
  awardId: string,
  ruleId: string,
  ruleVersion: number,
): readonly DueEffect[] =>
  effects.map(({ kind, ref, quantity = 1 }) => ({
    effectId: `${awardId}~${kind}~${ref}`,
    kind,
    ref,
    target: quantity,
    ruleId,
    ruleVersion,
  }));

/** All effects that a cause ever had: those that are due, and those of its last rating that no longer are, with target 0. */
export function withEarlierEffects(due: readonly DueEffect[], earlier: readonly DueEffect[]): readonly DueEffect[] {
  if (earlier.length === 0) return due;
  const named = new Set(due.map(({ effectId }) => effectId));
  return [
    ...due,
    ...earlier.filter(({ effectId }) => !named.has(effectId)).map((effect) => ({ ...effect, target: 0 })),
  ];
}
