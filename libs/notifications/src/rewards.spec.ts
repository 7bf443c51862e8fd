import type { LedgerEntry } from '@jifen/contracts';
import { rewardInReach } from './rewards.ts';
import type { RewardThreshold } from './settings.ts';

const AT = '2026-11-20T02:00:00.000Z';
const LATER = '2026-12-20T02:00:00.000Z';
const reward = (points: number, currency = 'points'): RewardThreshold => ({
  ...{ points, currency, name: { en: `for ${points}`, zh: `${points}` } },
});
const rewards = [reward(200), reward(500), reward(300), reward(300, 'stars')];
const entry = (
  available: number,
  change: Partial<LedgerEntry> & { opened?: number; availableAt?: string },
): LedgerEntry => {
  const { opened = 0, availableAt = AT, ...rest } = change;
  return {
    ...{ program: 'demo', member: 'm-1', currency: 'points', points: opened, reason: 'earn' },
    lots: [{ lot: 'a#0', points: opened, availableAt }],
    balance: { available, pending: 0, held: 0, debt: 0 },
    ...rest,
  };
};

describe('A07: points are enough for a reward', () => {
  it.each<[string, string, LedgerEntry, number | undefined]>([
    ['just so', 'points.earned', entry(200, { opened: 1 }), 200],
    ['not quite', 'points.earned', entry(199, { opened: 100 }), undefined],
    ['before already', 'points.earned', entry(299, { opened: 99 }), undefined],
    ['for many: the dearest', 'points.earned', entry(400, { opened: 350 }), 300],
    ['not while they are pending', 'points.earned', entry(400, { opened: 350, availableAt: LATER }), undefined],
    [
      'when they are pending no more',
      'points.activated',
      entry(400, { moved: 350, points: 0, reason: 'activation' }),
      300,
    ],
    ['by hand', 'points.adjusted', entry(250, { opened: 100, reason: 'goodwill' }), 200],
    ['not by an opening balance', 'points.adjusted', entry(250, { opened: 100, reason: 'import' }), undefined],
    ['not when a hold is released', 'points.hold-released', entry(250, { opened: 0, moved: 100 }), undefined],
    ['of its own currency', 'points.earned', entry(310, { opened: 20, currency: 'stars' }), 300],
    ['not of one without rewards', 'points.earned', entry(310, { opened: 300, currency: 'stones' }), undefined],
  ])('%s', (_, type, posting, price) => {
    expect(rewardInReach(type, posting, AT, rewards)?.facts.price).toBe(price);
  });
});
