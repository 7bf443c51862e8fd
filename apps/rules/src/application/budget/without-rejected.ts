import type { RatingMade } from '@jifen/contracts';
import { heldBy } from './held-by.ts';

/** A rating that holds nothing more of budgets for what was rejected: others can spend it. What was approved before stays. */
export function withoutRejected(made: RatingMade): RatingMade {
  const held = heldBy(made);
  if (held?.h === undefined) return made;
  const left = new Map<string, number>();
  for (const { ruleId, approval } of made.awards)
    if (approval?.state === 'rejected') left.set(ruleId, approval.approved);
  if (left.size === 0) return made;
  const windows = Object.entries(held.h).map(([bucket, rules]) => {
    const parts = Object.entries(rules).map(([rule, [granted, wished]]) => {
      const kept = Math.min(granted, left.get(rule) ?? granted);
      return [rule, [kept, wished]] as const;
    });
    return [bucket, Object.fromEntries(parts)] as const;
  });
  return { ...made, inputs: { ...made.inputs, u: { ...held, h: Object.fromEntries(windows) } } };
}
