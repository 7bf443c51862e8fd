import { fakeClock } from '@jifen/testing';
import { compareBalances } from './index.ts';
import type { CommandProcess } from './testing/command-process.ts';
import type { LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const clock = fakeClock(Date.parse('2026-11-10T00:00:00Z'));

let database: LedgerDatabase;
let ledger: LedgerProcess;
let commands: CommandProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, one: ledger, here: commands, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
}, 120_000);

afterAll(() => database.stop());

const earn = (currency: string, target: number, order = currency): Promise<void> =>
  ledger.deliver(feed.rate({ member: 'w', order, target, award: { currency, awardId: `w~${currency}~${order}` } }));
const redeem = (currency: string, points: number, key: string) =>
  commands.answer({ key, member: 'w', intent: { kind: 'redeem', member: 'w', currency, points } });
const wallet = async (currency: string) => {
  const text = 'SELECT available, held, debt, net FROM ledger.account WHERE key = $1';
  return (await database.admin.query(text, [`demo/w/${currency}`])).rows[0] as unknown;
};

describe('Q07: the wallets of a member', () => {
  it('each has its own points, debt and holds; none pays for another', async () => {
    await earn('points', 100);
    await earn('coins', 30);
    expect(await redeem('coins', 31, 'too much')).toBe('insufficient_points');
    expect(await redeem('points', 80, 'spend')).toMatchObject({ balance: { currency: 'points', available: 20 } });
    // The return of what was spent is owed in points, and new coins do not pay it.
    await earn('points', 0);
    await earn('coins', 50, 'another');
    expect(await wallet('points')).toEqual({ available: 0, held: 0, debt: 80, net: -80 });
    expect(await wallet('coins')).toEqual({ available: 80, held: 0, debt: 0, net: 80 });
    await commands.answer({
      key: 'h',
      member: 'w',
      intent: { kind: 'hold', member: 'w', currency: 'coins', points: 15 },
    });
    expect(await wallet('coins')).toEqual({ available: 65, held: 15, debt: 0, net: 80 });
    expect(await wallet('points')).toEqual({ available: 0, held: 0, debt: 80, net: -80 });
  });

  it('one frozen leaves the others free, and all are frozen when none is named', async () => {
    const freeze = (key: string, currency?: string) =>
      commands.answer({
        key,
        member: 'w',
        intent: { kind: 'freeze', member: 'w', currency, reason: 'audit', actor: 'li' },
      });
    await freeze('one', 'points');
    expect(await redeem('coins', 5, 'still')).toMatchObject({ balance: { available: 60 } });
    await freeze('all');
    expect(await redeem('coins', 5, 'no more')).toBe('account_frozen');
    expect(await compareBalances({ pool: database.admin })).toMatchObject({ differing: 0, broken: [] });
  });
});
