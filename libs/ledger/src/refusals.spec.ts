import { instant, points, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import type { LedgerCommand } from './commands.ts';
import { decided } from './decide.ts';
import { REFUSALS, type RefusalCode } from './refusals.ts';
import { MAX_OPEN_HOLDS } from './spend.ts';
import { MAX_MOVEMENTS } from './take.ts';
import { award, given, NOW } from './given.ts';

const at = (text: string): Instant => instant(`${text}T00:00:00Z`);
const p = points;
const held: LedgerCommand = { kind: 'hold', id: 'H', points: p(40), expiresAt: at('2026-12-01'), reference: 'C-1' };
const hundred = (): Account => given(award('a', 1, 100));
const debit = { kind: 'adjust', reason: 'correction', actor: 'ops' } as const;
const toB = { kind: 'transfer-out', id: 'T', to: 'b' } as const;
const row = { kind: 'import', id: 'I', points: p(5), earnedOn: NOW, actor: 'ops' } as const;
const redeem = { kind: 'redeem', id: 'R' } as const;
const back = { kind: 'reverse-redemption', id: 'V', redemption: 'R' } as const;
const put = { kind: 'extend-expiry', id: 'E', actor: 'ops' } as const;
const again = { kind: 'reinstate', id: 'N', actor: 'ops' } as const;
const frozen = (): Account =>
  given(award('a', 1, 100), held, { kind: 'freeze', id: 'F', reason: 'fraud', actor: 'ops' });
const LATER = at('2027-01-01');

/** As many lots as asked for, a point each. */
const splintered = (count: number): Account => {
  const account = openAccount('demo', 'm', 'points');
  const lots = Array.from({ length: count }, (_, n) => {
    const id = `import~${n}#0`;
    const rest = { granted: p(1), remaining: p(1), held: p(0), expired: p(0), pending: false, extended: false };
    return {
      id,
      award: `import~${n}`,
      n: 0,
      ...rest,
      availableAt: NOW,
      expiresAt: undefined,
      earnedAt: NOW,
      from: undefined,
    };
  });
  return { ...account, available: p(count), net: p(count), lots: new Map(lots.map((lot) => [lot.id, lot])) };
};

const crowded = (): Account =>
  given(
    award('a', 1, MAX_OPEN_HOLDS + 1),
    ...Array.from({ length: MAX_OPEN_HOLDS }, (_, n): LedgerCommand => ({
      kind: 'hold',
      id: `H${n}`,
      points: p(1),
      expiresAt: at('2026-12-01'),
    })),
  );

const CASES: readonly (readonly [RefusalCode, string, () => Account, LedgerCommand, object, Instant?])[] = [
  ['invalid_request', 'zero', hundred, { kind: 'redeem', id: 'R', points: p(0) }, {}],
  [
    'invalid_request',
    'less than zero',
    hundred,
    { kind: 'hold', id: 'H', points: p(-1), expiresAt: at('2027-01-01') },
    {},
  ],
  ['invalid_request', 'a hold that is over', hundred, { kind: 'hold', id: 'H', points: p(1), expiresAt: NOW }, {}],
  ['invalid_request', 'an adjustment of nothing', hundred, { ...debit, id: 'J', points: p(0) }, {}],
  [
    'content_conflict',
    'the same id with other content',
    () => given(award('a', 1, 100), held),
    { ...held, points: p(41) },
    { id: 'H', kind: 'hold' },
  ],
  [
    'insufficient_points',
    'U22: one more than there is',
    () => given(award('a', 1, 100), held),
    { kind: 'redeem', id: 'R', points: p(61) },
    { requested: 61, available: 60, pending: 0, held: 40, debt: 0 },
  ],
  [
    'insufficient_points',
    'U11: pending points and other lots do not count',
    () => given(award('a', 1, 100, { availableAt: at('2026-12-01') })),
    { kind: 'redeem', id: 'R', points: p(1) },
    { requested: 1, available: 0, pending: 100 },
  ],
  ['insufficient_points', 'a debit beyond', hundred, { ...debit, id: 'J', points: p(-101) }, { available: 100 }],
  [
    'insufficient_points',
    'the exact instant of expiry',
    () => given(award('a', 1, 100, { expiresAt: at('2026-12-01') })),
    { kind: 'redeem', id: 'R', points: p(1) },
    { available: 0 },
    at('2026-12-01'),
  ],
  [
    'account_frozen',
    'spending while frozen',
    () => given(award('a', 1, 100), { kind: 'freeze', id: 'F', reason: 'fraud', actor: 'ops' }),
    { kind: 'redeem', id: 'R', points: p(1) },
    { reason: 'fraud' },
  ],
  [
    'member_merged',
    'spending after a merge',
    () => given(award('a', 1, 100), { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' }),
    { kind: 'redeem', id: 'R', points: p(1) },
    { into: 'b' },
  ],
  [
    'not_merged',
    'no merge came in',
    hundred,
    { kind: 'unmerge-out', id: 'U', merge: 'M', actor: 'ops' },
    { merge: 'M' },
  ],
  ['unknown_hold', 'no such hold', hundred, { kind: 'release', id: 'L', hold: 'X' }, { hold: 'X' }],
  [
    'hold_closed',
    'a hold that was released',
    () => given(award('a', 1, 100), held, { kind: 'release', id: 'L', hold: 'H' }),
    { kind: 'capture', id: 'R', hold: 'H' },
    { state: 'released' },
  ],
  [
    'hold_expired',
    'the exact instant at which it is over',
    () => given(award('a', 1, 100), held),
    { kind: 'capture', id: 'R', hold: 'H' },
    { state: 'lapsed' },
    at('2026-12-01'),
  ],
  [
    'exceeds_hold',
    'more than is held',
    () => given(award('a', 1, 100), held),
    { kind: 'capture', id: 'R', hold: 'H', points: p(41) },
    { requested: 41, held: 40 },
  ],
  [
    'too_many_holds',
    'one more hold than there may be',
    crowded,
    { kind: 'hold', id: 'H', points: p(1), expiresAt: at('2026-12-01') },
    { open: MAX_OPEN_HOLDS },
  ],
  [
    'too_many_lots',
    'points in more lots than a posting can name',
    () => splintered(MAX_MOVEMENTS + 1),
    { kind: 'redeem', id: 'R', points: p(MAX_MOVEMENTS + 1) },
    { lots: MAX_MOVEMENTS + 1, limit: MAX_MOVEMENTS },
  ],
  [
    'unknown_redemption',
    'no such redemption',
    hundred,
    { kind: 'reverse-redemption', id: 'V', redemption: 'X' },
    { redemption: 'X' },
  ],
  [
    'exceeds_redemption',
    'U57: giving back twice (1600 → 2000)',
    () =>
      given(
        award('a', 1, 2000),
        { kind: 'redeem', id: 'R', points: p(400) },
        { kind: 'reverse-redemption', id: 'V', redemption: 'R' },
      ),
    { kind: 'reverse-redemption', id: 'V2', redemption: 'R' },
    { points: 400, reversed: 400, left: 0 },
  ],
  ['unknown_transfer', 'no such transfer', hundred, { kind: 'settle-transfer', transfer: 'X', received: true }, {}],
  ['transfer_limit', 'too little', hundred, { ...toB, points: p(9), limits: { minimum: p(10) } }, { minimum: 10 }],
  ['transfer_limit', 'too much', hundred, { ...toB, points: p(11), limits: { maximum: p(10) } }, { maximum: 10 }],
  [
    'transfer_limit',
    'C03: too much since',
    () => given(award('a', 1, 100), { ...toB, id: 'T0', points: p(30) }),
    { ...toB, points: p(21), limits: { perPeriod: { points: p(50), since: NOW } } },
    { moved: 30, limit: 50 },
  ],
  ['same_member', 'to oneself', hundred, { ...toB, to: 'm', points: p(1) }, {}],
  ['same_member', 'into oneself', hundred, { kind: 'merge-out', id: 'M', into: 'm', actor: 'ops' }, {}],
  [
    'unknown_lot',
    'no such lot',
    hundred,
    { kind: 'extend-expiry', id: 'E', expiresAt: at('2027-01-01'), lots: ['x#0'], actor: 'ops' },
    { lot: 'x#0' },
  ],
  [
    'already_expired',
    'U22: a credit with a past expiry',
    hundred,
    { ...debit, id: 'J', points: p(5), expiresAt: NOW },
    { expiresAt: NOW },
  ],
  [
    'already_expired',
    'an import that has lapsed',
    hundred,
    { kind: 'import', id: 'I', points: p(5), earnedOn: at('2025-01-01'), expiresAt: at('2026-01-01'), actor: 'ops' },
    {},
  ],
  [
    'nothing_to_change',
    'no lot would lapse before',
    hundred,
    { kind: 'extend-expiry', id: 'E', expiresAt: at('2027-01-01'), actor: 'ops' },
    {},
  ],
  [
    'nothing_to_change',
    'more than has expired',
    () => given(award('a', 1, 100, { expiresAt: at('2026-11-02') })),
    { kind: 'reinstate', id: 'N', points: p(101), expiresAt: at('2027-01-01'), actor: 'ops' },
    { expired: 100, requested: 101 },
    at('2026-11-03'),
  ],
];

/** Each place that refuses, where it is not the first of its code. */
const MORE: typeof CASES = [
  ['invalid_request', 'a transfer of nothing', hundred, { ...toB, points: p(0) }, {}],
  [
    'invalid_request',
    'a capture of nothing',
    () => given(award('a', 1, 100), held),
    { kind: 'capture', id: 'R', hold: 'H', points: p(0) },
    {},
  ],
  [
    'invalid_request',
    'nothing given back',
    () => given(award('a', 1, 100), { ...redeem, points: p(9) }),
    { ...back, points: p(0) },
    {},
  ],
  [
    'invalid_request',
    'a grace that ends at this instant',
    () => given(award('a', 1, 100), { ...redeem, points: p(9) }),
    { ...back, graceUntil: NOW },
    {},
  ],
  [
    'invalid_request',
    'a credit that lapses as it becomes available',
    hundred,
    { ...debit, id: 'J', points: p(5), availableAt: LATER, expiresAt: LATER },
    {},
  ],
  ['invalid_request', 'an import of nothing', hundred, { ...row, points: p(0) }, {}],
  ['invalid_request', 'an import earned later than now', hundred, { ...row, earnedOn: LATER }, {}],
  [
    'invalid_request',
    'an import that lapses as it becomes available',
    hundred,
    { ...row, availableAt: LATER, expiresAt: LATER },
    {},
  ],
  ['invalid_request', 'nothing reinstated', hundred, { ...again, points: p(0), expiresAt: LATER }, {}],
  [
    'insufficient_points',
    'a hold beyond',
    hundred,
    { kind: 'hold', id: 'H', points: p(101), expiresAt: LATER },
    { requested: 101, available: 100 },
  ],
  ['insufficient_points', 'a gift beyond', hundred, { ...toB, points: p(101) }, { requested: 101, available: 100 }],
  [
    'insufficient_points',
    'U11: the instant before availability',
    () => given(award('a', 1, 100, { availableAt: LATER })),
    { ...redeem, points: p(1) },
    { available: 0, pending: 100 },
    instant('2026-12-31T23:59:59.999Z'),
  ],
  ['account_frozen', 'a hold', frozen, { ...held, id: 'H2' }, { reason: 'fraud' }],
  ['account_frozen', 'a capture', frozen, { kind: 'capture', id: 'R', hold: 'H' }, { reason: 'fraud' }],
  ['account_frozen', 'a gift', frozen, { ...toB, points: p(1) }, { reason: 'fraud' }],
  ['account_frozen', 'a merge', frozen, { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' }, { reason: 'fraud' }],
  [
    'member_merged',
    'a hold that went along',
    () => given(award('a', 1, 100), held, { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' }),
    { kind: 'capture', id: 'R', hold: 'H' },
    { hold: 'H', state: 'moved', into: 'b' },
  ],
  [
    'hold_closed',
    'a hold that was captured',
    () => given(award('a', 1, 100), held, { kind: 'capture', id: 'R', hold: 'H' }),
    { kind: 'release', id: 'L', hold: 'H' },
    { state: 'captured' },
  ],
  [
    'exceeds_redemption',
    'one more than was spent',
    () => given(award('a', 1, 100), { ...redeem, points: p(60) }),
    { ...back, points: p(61) },
    { points: 60, reversed: 0, left: 60 },
  ],
  [
    'too_many_lots',
    'a debit',
    () => splintered(MAX_MOVEMENTS + 1),
    { ...debit, id: 'J', points: p(-MAX_MOVEMENTS - 1) },
    { lots: MAX_MOVEMENTS + 1 },
  ],
  [
    'too_many_lots',
    'a merge',
    () => splintered(MAX_MOVEMENTS + 1),
    { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' },
    { lots: MAX_MOVEMENTS + 1 },
  ],
  ['unknown_lot', 'reinstated', hundred, { ...again, expiresAt: LATER, lots: ['x#0'] }, { lot: 'x#0' }],
  ['already_expired', 'an extension to this instant', hundred, { ...put, expiresAt: NOW }, { expiresAt: NOW }],
  ['already_expired', 'a reinstatement to this instant', hundred, { ...again, expiresAt: NOW }, { expiresAt: NOW }],
  ['nothing_to_change', 'nothing has expired', hundred, { ...again, expiresAt: LATER }, { expired: 0 }],
];

describe('refusals', () => {
  it.each(
    [...CASES, ...MORE].map(
      ([code, what, account, command, figures, now = NOW]) => [code, what, account, command, figures, now] as const,
    ),
  )('%s: %s', (code, _what, account, command, figures, now) => {
    const answer = decided(account(), command, now);
    expect(answer).toMatchObject({
      ok: false,
      refusal: { code, ...(Object.keys(figures).length === 0 ? {} : { figures }) },
    });
  });

  it('every code of the closed list is refused with here', () => {
    expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(REFUSALS));
  });
});
