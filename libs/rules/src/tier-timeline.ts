import type { TierSince } from '@jifen/contracts';
import { instant, type Instant } from '@jifen/kernel';

/**
 * The tier that counts at an instant: the last one reached strictly before it, so that an order is not multiplied by the
 * tier that it earns; before all of them `base`, the first of the ladder.
 */
export function tierAt(timeline: readonly TierSince[], at: Instant, base: string | undefined): string | undefined {
  let tier = base;
  for (const entry of timeline) {
    if (instant(entry.since) >= at) break;
    tier = entry.tier;
  }
  return tier;
}
