import type { Facts, Trigger } from './trigger.ts';

const counted = { currency: 'points', points: 120, available: 480 };
const inTiers = { tier: 'silver', previous: 'bronze' };

/** Facts as a message of each kind has them: what templates are tried with before they are taken. */
export const SAMPLE_FACTS: Readonly<Record<Trigger, Facts>> = {
  'points-credited': { ...counted, usableFrom: '2027-01-31T16:00:00.000Z' },
  'points-taken-back': counted,
  'points-redeemed': { ...counted, reference: 'C-1' },
  'points-refunded': { ...counted, reference: 'C-1' },
  'points-held': { ...counted, reference: 'C-1' },
  'points-adjusted': { ...counted, points: -120 },
  'points-expiring': { ...counted, lastDay: '2027-11-30' },
  'reward-in-reach': { ...counted, price: 400, reward: { en: 'a coffee', zh: '咖啡一杯' } },
  'account-frozen': { currency: 'points', available: 480 },
  'account-unfrozen': { currency: 'points', available: 480 },
  'tier-changed': inTiers,
  'near-upgrade': { tier: 'silver', next: 'gold', missing: 120 },
  'tier-kept': { tier: 'silver' },
  'tier-will-fall': { tier: 'silver', next: 'bronze', missing: 120, fallsAt: '2027-12-31T16:00:00.000Z' },
};
