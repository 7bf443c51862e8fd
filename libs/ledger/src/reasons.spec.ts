import { readFileSync } from 'node:fs';
import { instant, points, present, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import type { LedgerCommand } from './commands.ts';
import type { LedgerEvent } from './events.ts';
import { award, given, NOW, when } from './given.ts';
import { ADJUSTMENT_REASONS, FREEZE_REASONS, REASONS, type Reason } from './reasons.ts';

const at = (text: string): Instant => instant(`${text}T00:00:00Z`);
const p = points;
const LATER = at('2026-12-01');
const hundred = (): Account => given(award('a', 1, 100));
const lapsing = (): Account => given(award('a', 1, 100, { expiresAt: at('2026-11-20') }));
const hold: LedgerCommand = { kind: 'hold', id: 'H', points: p(40), expiresAt: at('2026-11-20') };
const redeem: LedgerCommand = { kind: 'redeem', id: 'R', points: p(100) };
const merge: LedgerCommand = { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' };
const legOf = (events: readonly LedgerEvent[]) =>
  present(
    events.find(({ type }) => type === 'points.transferred-out'),
    'a leg',
  ).entry.transfer;
const arrived = (command: LedgerCommand): Account => {
  const leg = present(legOf(when(hundred(), command).events), 'the leg');
  return when(openAccount('demo', 'b', 'points'), { kind: 'receive-transfer', from: 'm', leg }).account;
};

type Scene = readonly [Reason, string, () => Account, LedgerCommand, Instant?];
const SCENES: readonly Scene[] = [
  ['earn', 'points.earned', () => given(), award('a', 1, 100)],
  ['re-rating', 'points.reversed', hundred, award('a', 2, 60)],
  ['withdrawn', 'points.reversed', hundred, award('a', 2, 0)],
  [
    'activation',
    'points.activated',
    () => given(award('a', 1, 5, { availableAt: LATER })),
    { kind: 'book-due' },
    LATER,
  ],
  ['debt', 'debt.incurred', () => given(award('a', 1, 100), redeem), award('a', 2, 0)],
  ['hold', 'points.held', hundred, hold],
  ['capture', 'points.hold-captured', () => given(award('a', 1, 100), hold), { kind: 'capture', id: 'C', hold: 'H' }],
  ['release', 'points.hold-released', () => given(award('a', 1, 100), hold), { kind: 'release', id: 'L', hold: 'H' }],
  ['hold-lapsed', 'points.hold-released', () => given(award('a', 1, 100), hold), { kind: 'book-due' }, LATER],
  ['redeem', 'points.redeemed', hundred, redeem],
  [
    'reversal',
    'points.redemption-reversed',
    () => given(award('a', 1, 100), redeem),
    { kind: 'reverse-redemption', id: 'V', redemption: 'R' },
  ],
  ['expiry', 'points.expired', lapsing, { kind: 'book-due' }, LATER],
  ['extension', 'points.expiry-extended', lapsing, { kind: 'extend-expiry', id: 'E', expiresAt: LATER, actor: 'ops' }],
  [
    'reinstatement',
    'points.reinstated',
    lapsing,
    { kind: 'reinstate', id: 'N', expiresAt: at('2027-01-01'), actor: 'ops' },
    LATER,
  ],
  ['transfer', 'points.transferred-out', hundred, { kind: 'transfer-out', id: 'T', to: 'b', points: p(10) }],
  ['merge', 'points.transferred-out', hundred, merge],
  [
    'unmerge',
    'points.transferred-out',
    () => arrived(merge),
    { kind: 'unmerge-out', id: 'U', merge: 'M', actor: 'ops' },
  ],
  ['import', 'points.adjusted', () => given(), { kind: 'import', id: 'I', points: p(5), earnedOn: NOW, actor: 'ops' }],
  ...(['member-removed', ...ADJUSTMENT_REASONS] as const).map((reason): Scene => [
    reason,
    'points.adjusted',
    hundred,
    { kind: 'adjust', id: 'J', points: p(-5), reason, actor: 'ops' },
  ]),
  ...FREEZE_REASONS.map((reason): Scene => [
    reason,
    'account.frozen',
    hundred,
    { kind: 'freeze', id: 'F', reason, actor: 'ops' },
  ]),
];

describe('Q32: why a posting was made', () => {
  it.each(SCENES.map(([reason, type, account, command, now = NOW]) => [reason, type, account, command, now] as const))(
    '%s: %s',
    (reason, type, account, command, now) => {
      const { events } = when(account(), command, now);
      expect(events.map((event) => [event.type, event.entry.reason])).toContainEqual([type, reason]);
    },
  );

  it('is of a closed list, each of which has its scene, and which the contract names', () => {
    expect(new Set(SCENES.map(([reason]) => reason))).toEqual(new Set(REASONS));
    const schema = readFileSync(new URL('../../contracts/src/ledger-entry/schema.json', import.meta.url), 'utf8');
    const [, named = ''] = /"closed list: ([^"]*)"/.exec(schema) ?? [];
    expect(named.split(', ').sort()).toEqual([...REASONS].sort());
  });
});
