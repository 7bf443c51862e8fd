import type { TierSince } from '@jifen/contracts';
import { instant, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from './compile.ts';

/**
 * The tier that counts at an instant: the last one reached strictly before it, so that an order is not multiplied by the
 * tier that it earns; before all of them the first of the ladder. Tiers of a later version's ladder say nothing to this one:
 * what is rated under it keeps the last tier that it knows.
 */
export function tierAt(
  timeline: readonly TierSince[],
  at: Instant,
  { baseTier, tierFactors }: Pick<CompiledProgram, 'baseTier' | 'tierFactors'>,
): string | undefined {
  let tier = baseTier;
  for (const entry of timeline) {
    if (instant(entry.since) >= at) break;
    if (tierFactors.has(entry.tier)) tier = entry.tier;
  }
  return tier;
}
