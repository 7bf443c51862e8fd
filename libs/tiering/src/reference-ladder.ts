import { present } from '@jifen/kernel';
import type { Ladder } from './ladder.ts';
import { ladderOf } from './parse-ladder.ts';

/** The ladder of T01 as a program document says it, in no particular order. */
export const referenceDocument = {
  name: 'reference',
  ladder: {
    currency: 'points',
    basis: 'lifetime-points',
    tiers: [
      { code: 'gold', name: { en: 'Gold', zh: '黄金' }, threshold: 20_000, multiplier: '1.5' },
      { code: 'bronze', name: { en: 'Bronze', zh: '青铜' }, threshold: 0, multiplier: 1 },
      { code: 'silver', name: { en: 'Silver', zh: '白银' }, threshold: 5_000, multiplier: '1.2' },
      { code: 'platinum', name: { en: 'Platinum', zh: '铂金' }, threshold: 50_000, multiplier: '2' },
      { code: 'diamond', name: { en: 'Diamond', zh: '钻石' }, threshold: 100_000, multiplier: '3' },
    ],
  },
} as const;

const outcome = ladderOf(referenceDocument);
export const referenceLadder: Ladder = present(outcome.ok ? outcome.value : undefined, 'the reference ladder');
