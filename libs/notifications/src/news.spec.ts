import { EXAMPLES, WEBHOOK_MESSAGES, type LedgerEntry, type TierChanged } from '@jifen/contracts';
import { newsOfComingFall, newsOfKeptTier, newsOfNearUpgrade, newsOfPosting, newsOfTier } from './news.ts';
import { TRIGGERS } from './trigger.ts';

const AT = '2026-11-20T02:00:00.000Z';
const entry = (change: Partial<LedgerEntry>): LedgerEntry => ({
  program: 'demo',
  member: 'm-1',
  currency: 'points',
  points: 100,
  lots: [],
  reason: 'earn',
  balance: { available: 480, pending: 0, held: 0, debt: 0 },
  ...change,
});
const facts = { currency: 'points', available: 480 };

describe('what a posting is to its member', () => {
  it.each<[string, Partial<LedgerEntry>, object | undefined]>([
    ['points.earned', {}, { trigger: 'points-credited', facts: { ...facts, points: 100 } }],
    [
      'points.earned',
      { lots: [{ lot: 'a#0', points: 100, availableAt: '2026-12-20T02:00:00.000Z' }] },
      { trigger: 'points-credited', facts: { ...facts, points: 100, usableFrom: '2026-12-20T02:00:00.000Z' } },
    ],
    ['points.earned', { points: 0 }, undefined],
    ['points.reversed', { points: -100 }, { trigger: 'points-taken-back', facts: { ...facts, points: 100 } }],
    [
      'points.redeemed',
      { points: -45, reference: 'C-2' },
      { trigger: 'points-redeemed', facts: { ...facts, points: 45, reference: 'C-2' } },
    ],
    ['points.hold-captured', { points: -50 }, { trigger: 'points-redeemed', facts: { ...facts, points: 50 } }],
    ['points.redemption-reversed', { points: 15 }, { trigger: 'points-refunded', facts: { ...facts, points: 15 } }],
    ['points.held', { points: 0, moved: 120 }, { trigger: 'points-held', facts: { ...facts, points: 120 } }],
    [
      'points.adjusted',
      { points: -30, reason: 'correction' },
      { trigger: 'points-adjusted', facts: { ...facts, points: -30 } },
    ],
    ['account.frozen', { points: 0, reason: 'audit' }, { trigger: 'account-frozen', facts }],
    ['points.activated', { points: 0, moved: 20 }, undefined],
    ['points.expired', { points: -40 }, undefined],
    ['points.of-the-future', {}, undefined],
  ])('%s %j', (type, change, expected) => {
    expect(newsOfPosting(type, entry(change), AT)).toEqual(expected);
  });

  it.each(['import', 'merge', 'unmerge', 'migration'])('Q33: is nothing to tell when its reason is %s', (reason) => {
    expect(newsOfPosting('points.adjusted', entry({ reason }), AT)).toBeUndefined();
    expect(newsOfPosting('points.earned', entry({ reason }), AT)).toBeUndefined();
  });
});

describe('what a standing is to its member', () => {
  it('a first tier above the lowest is a rise without a tier before it, and told once', () => {
    const first = { ...changed('silver'), change: 'upgraded' };
    expect(newsOfTier(first, undefined)).toEqual({ trigger: 'tier-changed', facts: { tier: 'silver' } });
    expect(newsOfTier(first, 'silver')).toBeUndefined();
  });

  const changed = (tier: string, previous?: string): TierChanged => ({
    ...{ program: 'demo', member: 'm-1', tier, since: AT, lifetimePoints: 1, programVersion: 1, timeline: [] },
    ...(previous === undefined ? {} : { previous }),
  });
  it.each([
    ['the first tier', changed('bronze'), undefined, undefined],
    ['a rise of one not known yet', changed('silver', 'bronze'), undefined, 'bronze'],
    ['a rise', changed('silver', 'bronze'), 'bronze', 'bronze'],
    ['a timeline that changed and a tier that did not', changed('silver', 'bronze'), 'silver', undefined],
    ['two steps at once, against what was told', changed('gold', 'silver'), 'bronze', 'bronze'],
    ['a fall', changed('bronze', 'silver'), 'silver', 'silver'],
  ])('%s', (_, standing, known, previous) => {
    const news = newsOfTier(standing, known);
    expect(news).toEqual(
      previous === undefined ? undefined : { trigger: 'tier-changed', facts: { tier: standing.tier, previous } },
    );
  });

  it('T07: near the next tier', () => {
    const near = { program: 'demo', member: 'm-1', tier: 'bronze', next: 'silver', threshold: 5000, programVersion: 1 };
    expect(newsOfNearUpgrade({ ...near, lifetimePoints: 4712, missing: 288 })).toEqual({
      trigger: 'near-upgrade',
      facts: { tier: 'bronze', next: 'silver', missing: 288 },
    });
  });
});

it('tells a tier that was kept, and one that will fall', () => {
  const standing = {
    program: 'demo',
    member: 'm-1',
    tier: 'silver',
    basis: 'orders',
    qualifying: 3,
    keep: 5,
    programVersion: 1,
  };
  expect(newsOfKeptTier({ ...standing, reviewedAt: AT })).toEqual({ trigger: 'tier-kept', facts: { tier: 'silver' } });
  expect(newsOfComingFall({ ...standing, to: 'bronze', at: AT, missing: 2 })).toEqual({
    trigger: 'tier-will-fall',
    facts: { tier: 'silver', next: 'bronze', missing: 2, fallsAt: AT, basis: 'orders' },
  });
});

it('says of every posting of the contract whether it is told', () => {
  const told = EXAMPLES.filter(({ type }) => /^(points|debt|account)\./.test(type)).map(({ type, value }) => [
    type,
    newsOfPosting(type, value as LedgerEntry, AT)?.trigger,
  ]);
  expect(Object.fromEntries(told)).toEqual({
    'points.earned': 'points-credited',
    'points.activated': undefined,
    'points.reversed': 'points-taken-back',
    'points.held': 'points-held',
    'points.hold-captured': 'points-redeemed',
    'points.hold-released': undefined,
    'points.redeemed': 'points-redeemed',
    'points.redemption-reversed': 'points-refunded',
    'points.expired': undefined,
    'points.reinstated': undefined,
    'points.expiry-extended': undefined,
    // The example is an opening balance.
    'points.adjusted': undefined,
    'points.transferred-out': undefined,
    'points.transferred-in': undefined,
    'points.transfer-refused': undefined,
    'points.transfer-settled': undefined,
    'points.transfer-returned': undefined,
    'debt.incurred': undefined,
    'debt.repaid': undefined,
    'account.frozen': 'account-frozen',
    'account.unfrozen': 'account-unfrozen',
  });
});

it('Q31: every trigger is in the catalogue, under the type that webhooks carry it by', () => {
  const types = WEBHOOK_MESSAGES.messages.map(({ type }) => type);
  expect(types).toEqual(TRIGGERS.map((trigger) => `notification.${trigger}`));
});
