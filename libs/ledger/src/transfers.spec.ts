import type { TransferMade } from '@jifen/contracts';
import { instant, points, present, type Instant } from '@jifen/kernel';
import { openAccount, type Account } from './account.ts';
import type { LedgerCommand, TransferOut } from './commands.ts';
import type { Decided } from './decide.ts';
import { award, given, when } from './given.ts';

const at = (text: string): Instant => instant(`${text}T00:00:00Z`);
const p = points;
const told = ({ events }: Decided) => events.map(({ type, entry }) => `${type} ${entry.points}`);
const figures = ({ available, pending, held, debt, net }: Account) => ({ available, pending, held, debt, net });
const hold = (amount: number): LedgerCommand => ({
  kind: 'hold',
  id: 'H',
  points: p(amount),
  expiresAt: at('2026-12-01'),
});
const redeem = (amount: number): LedgerCommand => ({ kind: 'redeem', id: 'R', points: p(amount) });
const lotOf = (account: Account, id: string) => account.lots.get(`m~base~shop~${id}#0`);
const legOf = ({ events }: Decided): TransferMade =>
  present(events.find(({ type }) => type === 'points.transferred-out')?.entry.transfer, 'the leg');
const other = (): Account => openAccount('demo', 'b', 'points');
const receive = (account: Account, leg: TransferMade, more = {}): Decided =>
  when(account, { kind: 'receive-transfer', from: 'm', leg, ...more });
const settle = (account: Account, received: boolean, transfer = 'T'): Decided =>
  when(account, { kind: 'settle-transfer', transfer, received });

describe('transfers (Q08)', () => {
  const sender = given(award('a', 1, 100, { expiresAt: at('2027-01-01') }), award('b', 2, 50));
  const give: TransferOut = { kind: 'transfer-out', id: 'T', to: 'b', points: p(120) };
  const out = when(sender, give);

  it('lots and expiry travel, and what is in flight is counted', () => {
    expect(out.account).toMatchObject({ available: 30, net: 30, inFlight: 120 });
    const arrived = receive(other(), legOf(out)).account;
    expect([...arrived.lots.values()].map(({ remaining, expiresAt, from }) => [remaining, expiresAt, from])).toEqual([
      [100, at('2027-01-01'), 'm~base~shop~a#0'],
      [20, undefined, 'm~base~shop~b#0'],
    ]);
    expect(settle(out.account, true).account).toMatchObject({ net: 30, inFlight: 0 });
  });

  it('what is refused there comes back to the very lots', () => {
    const refused = receive(other(), legOf(out), { limits: { maximum: p(100) } });
    expect(told(refused)).toEqual(['points.transfer-refused 0']);
    const back = settle(out.account, false).account;
    expect(back).toMatchObject({ available: 150, inFlight: 0 });
    expect(lotOf(back, 'a')).toEqual(lotOf(sender, 'a'));
    expect(settle(back, false).events).toEqual([]);
  });

  it('Q36: who takes no part takes no points, but for those of a merge that stands', () => {
    const refused = receive(other(), legOf(out), { inactive: true });
    expect(refused.events).toMatchObject([
      { type: 'points.transfer-refused', entry: { transfer: { refused: 'member_inactive' } } },
    ]);
    expect(receive(other(), { ...legOf(out), merge: 'M' }, { inactive: true }).account.available).toBe(120);
  });

  it('each leg again writes nothing', () => {
    expect(when(out.account, give)).toMatchObject({ events: [], repeated: true });
    const arrived = receive(other(), legOf(out)).account;
    expect(receive(arrived, legOf(out)).events).toEqual([]);
  });

  it('two senders may use the same id', () => {
    const first = receive(other(), legOf(out)).account;
    const second = when(first, { kind: 'receive-transfer', from: 'c', leg: legOf(out) }).account;
    expect(second.available).toBe(240);
  });

  it('reversal after transfer: points that were given away were spent', () => {
    const after = when(settle(out.account, true).account, award('a', 3, 0)).account;
    expect(figures(after)).toMatchObject({ available: 0, debt: 70 });
  });
});

describe('merge and unmerge (Q35)', () => {
  const merge: LedgerCommand = { kind: 'merge-out', id: 'M', into: 'b', actor: 'ops' };

  it('lots, holds and debt go, and come back as far as unspent', () => {
    const source = given(award('a', 1, 100), award('b', 2, 40, { availableAt: at('2026-12-01') }), hold(30));
    const out = when(source, merge);
    expect(out.account).toMatchObject({ available: 0, pending: 0, held: 0, inFlight: 140, merged: { into: 'b' } });
    const target = receive(other(), legOf(out)).account;
    expect(figures(target)).toMatchObject({ available: 70, pending: 40, held: 30 });
    const spent = when(target, redeem(20)).account;
    const back = when(spent, { kind: 'unmerge-out', id: 'U', merge: 'M', actor: 'ops' });
    expect(figures(back.account)).toMatchObject({ available: 0, pending: 0, held: 0, net: 0 });
    const home = when(settle(out.account, true, 'M').account, {
      kind: 'receive-transfer',
      from: 'b',
      leg: legOf(back),
    });
    expect(figures(home.account)).toMatchObject({ available: 50, pending: 40, held: 30 });
    expect(home.account.merged).toBeUndefined();
    expect(figures(when(home.account, { kind: 'capture', id: 'C', hold: 'H' }).account)).toMatchObject({ held: 0 });
  });

  it('merge with debt: the points of the other account pay it', () => {
    const source = given(award('a', 1, 100), redeem(100), award('a', 2, 30));
    const out = when(source, merge);
    expect(out.account).toMatchObject({ debt: 0, net: 0, inFlight: -70 });
    const rich = when(other(), award('x', 1, 100)).account;
    expect(figures(receive(rich, legOf(out)).account)).toMatchObject({ available: 30, debt: 0, net: 30 });
  });

  it('a later clawback of the merged member becomes debt and goes on', () => {
    const out = when(given(award('a', 1, 100)), merge);
    const fallen = when(settle(out.account, true, 'M').account, award('a', 2, 40));
    expect(told(fallen)).toEqual(['points.reversed 0', 'debt.incurred -60', 'points.transferred-out 60']);
    const target = receive(other(), legOf(out)).account;
    expect(figures(receive(target, legOf(fallen)).account)).toMatchObject({ available: 40, debt: 0 });
  });

  it('U06: cancelled and completed again after a merge: the points are back, once', () => {
    const out = when(given(award('a', 1, 100)), merge);
    let target = receive(other(), legOf(out)).account;
    let source = settle(out.account, true, 'M').account;
    for (const command of [award('a', 2, 0), award('a', 3, 100)]) {
      const step = when(source, command);
      source = step.account;
      target = receive(target, legOf(step)).account;
    }
    expect(figures(target)).toMatchObject({ available: 100, debt: 0 });
  });

  it('into a member that was merged itself comes back', () => {
    const out = when(given(award('a', 1, 100)), merge);
    const gone = when(other(), { kind: 'merge-out', id: 'M2', into: 'm', actor: 'ops' }).account;
    expect(told(receive(gone, legOf(out)))).toEqual(['points.transfer-refused 0']);
    const back = settle(out.account, false, 'M').account;
    expect(back).toMatchObject({ available: 100, inFlight: 0, merged: undefined });
  });
});
