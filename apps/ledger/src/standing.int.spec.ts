import type { MemberStanding } from '@jifen/contracts';
import { createCalendar, instant, memberKey, partitionOf, present } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { fakeClock } from '@jifen/testing';
import { standingTable } from './adapters/standing-table.ts';
import { importBalances } from './application/import/import-balances.ts';
import { compareBalances, verifyLedger } from './index.ts';
import type { CommandProcess } from './testing/command-process.ts';
import { publishPolicies, type LedgerDatabase } from './testing/ledger-database.ts';
import type { LedgerProcess } from './testing/ledger-process.ts';
import { startLedgers } from './testing/ledgers.ts';
import type { RatingFeed, Worth } from './testing/rating-feed.ts';

const PARTITIONS = 4;
const START = Date.parse('2026-11-10T00:00:00Z');
const clock = fakeClock(START);

let database: LedgerDatabase;
let ledger: LedgerProcess;
let commands: CommandProcess;
let feed: RatingFeed;

beforeAll(async () => {
  ({ database, one: ledger, here: commands, feed } = await startLedgers({ partitions: PARTITIONS, clock: clock.now }));
  await publishPolicies(ledger, { transfers: { currencies: ['points'] } });
}, 120_000);

afterAll(() => database.stop());

const heads = new Map<number, number>();

function stands(member: string, standing: MemberStanding['standing']): Message {
  const key = memberKey('demo', member);
  const partition = partitionOf(key, PARTITIONS);
  const position = (heads.get(partition) ?? 0) + 1;
  heads.set(partition, position);
  const at = instant('2026-11-10T00:00:00Z');
  const content: MemberStanding = { program: 'demo', member, standing, reason: 'request', actor: 'li.wei', at };
  return messageOfEvent(
    {
      ...{ log: 'member', partition, position, stream: key, version: position, key, type: `member.${standing}` },
      ...{ schemaVersion: 1, data: JSON.stringify(content), meta: {}, hash: new Uint8Array(32) },
      ...{ occurredAt: at, recordedAt: at, effectiveAt: at },
    },
    TOPIC_OF_LOG.member,
  );
}

const rate = (...worths: readonly Worth[]): Promise<void> => ledger.deliver(feed.rate(...worths));
const redeem = (member: string, points: number, key = `${member} spends`) =>
  commands.answer({ key, member, intent: { kind: 'redeem', member, points } });
const give = (from: string, to: string, points: number) =>
  commands.answer({ key: `${from} to ${to}`, member: from, intent: { kind: 'transfer', member: from, to, points } });
const postingsOf = async (member: string) =>
  (await ledger.store.readStream(`demo/${member}/points`, 0, 100)).map(({ type, data }) => {
    const { points, reason, actor } = JSON.parse(data) as { points: number; reason: string; actor?: string };
    return [type, points, reason, ...(actor === undefined ? [] : [actor])];
  });
const NOTHING = { available: 0, pending: 0, held: 0, debt: 0, net: 0 };

describe('Q36: members that take no part', () => {
  it('deactivated: spends nothing until it is active again, and its points stay', async () => {
    await rate({ member: 'd', order: 'A', target: 100 });
    await ledger.deliver([stands('d', 'deactivated')]);
    expect(await redeem('d', 10)).toBe('member_inactive');
    expect(await give('d', 'e', 10)).toBe('member_inactive');
    // A return is taken back, and what a person decides is done.
    await rate({ member: 'd', order: 'A', target: 70 });
    const intent = {
      kind: 'adjust',
      member: 'd',
      currency: 'points',
      points: 5,
      reason: 'goodwill',
      actor: 'li',
    } as const;
    expect(await commands.answer({ key: 'd gift', member: 'd', intent })).toMatchObject({ balance: { available: 75 } });
    expect(await ledger.balance('d')).toMatchObject({ available: 75, debt: 0 });
    await ledger.deliver([stands('d', 'active')]);
    expect(await redeem('d', 10)).toMatchObject({ balance: { available: 65 } });
  });

  it('what is given to who takes no part returns to the very lots', async () => {
    await rate({ member: 'giver', order: 'A', target: 100 });
    await ledger.deliver([stands('gone', 'anonymised')]);
    expect(await give('giver', 'gone', 40)).toMatchObject({ transfer: { points: 40 } });
    const types = (await commands.deliver()).map(({ type }) => type);
    expect(types).toEqual(['points.transfer-refused', 'points.transfer-returned']);
    expect(await ledger.balance('giver')).toMatchObject({ available: 100, net: 100 });
  });

  it('removed: holds are released, points taken, debt forgiven, each with a posting that says why', async () => {
    const later = { availableAt: '2026-12-01T00:00:00.000Z' };
    await rate({ member: 'r', order: 'A', target: 100 }, { member: 'r', order: 'B', target: 50, award: later });
    await commands.answer({ key: 'hold', member: 'r', intent: { kind: 'hold', member: 'r', points: 30 } });
    const removal = stands('r', 'removed');
    await ledger.deliver([removal]);
    expect(await ledger.balance('r')).toMatchObject(NOTHING);
    expect((await postingsOf('r')).slice(3)).toEqual([
      ['points.hold-released', 0, 'release'],
      ['points.adjusted', -150, 'member-removed', 'li.wei'],
    ]);
    const before = await postingsOf('r');
    await ledger.deliver([removal]);
    await ledger.deliver([stands('r', 'removed')]);
    expect(await postingsOf('r')).toEqual(before);

    await rate({ member: 'owes', order: 'A', target: 100 });
    await redeem('owes', 80);
    await rate({ member: 'owes', order: 'A', target: 0 });
    expect(await ledger.balance('owes')).toMatchObject({ debt: 80 });
    await ledger.deliver([stands('owes', 'removed')]);
    expect(await ledger.balance('owes')).toMatchObject(NOTHING);
    expect((await postingsOf('owes')).slice(-2)).toEqual([
      ['points.adjusted', 80, 'member-removed', 'li.wei'],
      ['debt.repaid', 0, 'debt'],
    ]);
    expect(await redeem('owes', 1, 'once more')).toBe('member_inactive');
    const intent = {
      kind: 'adjust',
      member: 'owes',
      currency: 'points',
      points: 5,
      reason: 'goodwill',
      actor: 'li',
    } as const;
    expect(await commands.answer({ key: 'late gift', member: 'owes', intent })).toBe('member_inactive');
  });

  it('removed: ends at nothing, in whatever order returns, late orders and points in flight come', async () => {
    const worths = (member: string): readonly Worth[] => [
      { member, order: 'A', target: 100 },
      { member, order: 'B', target: 40 },
      { member, order: 'A', target: 0 },
    ];
    for (let place = 0; place <= 3; place++) {
      const member = `late-${place}`;
      const messages: Message[] = [...feed.rate(...worths(member))];
      messages.splice(place, 0, stands(member, 'removed'));
      // One by one, and all at once.
      if (place % 2 === 0) for (const message of messages) await ledger.deliver([message]);
      else await ledger.deliver(messages);
      expect(await ledger.balance(member)).toMatchObject(NOTHING);
    }
    await rate({ member: 'sender', order: 'A', target: 100 });
    await ledger.deliver([stands('away', 'deactivated')]);
    expect(await give('sender', 'away', 60)).toMatchObject({ transfer: { points: 60 } });
    await ledger.deliver([stands('sender', 'removed')]);
    await commands.deliver();
    expect(await ledger.balance('sender')).toMatchObject(NOTHING);
  });

  it.each(['deactivated', 'anonymised', 'removed'] as const)(
    'imports nothing for a %s member, says so of its row alone, and knows what it imported before',
    async (standing) => {
      const calendar = present(createCalendar('Asia/Shanghai'), 'a calendar');
      const policies = {
        calendar,
        moneyCurrency: 'CNY',
        currencies: ['points'],
        redemption: undefined,
        pointValue: [],
      };
      const rows = (...members: readonly string[]) => members.map((member) => ({ row: member, member, points: 70 }));
      const bring = async (sent: readonly object[], dryRun = false) => {
        const { store, accounts } = ledger;
        const told = { posted: () => undefined, breached: () => undefined };
        const reads = { policiesOf: () => Promise.resolve(policies) };
        const parts = { store, accounts, policies: reads, standings: standingTable, ...told };
        const request = { program: 'demo', importId: standing, rows: sent, dryRun, actor: 'li' };
        const answer = await importBalances(parts, request);
        if (!answer.ok) throw new Error(answer.refusal.detail);
        return answer.value.results.map(({ outcome, problem }) => [outcome, problem?.code, problem?.detail]);
      };
      const [known, late, other] = [`known-${standing}`, `late-${standing}`, `other-${standing}`];
      await bring(rows(known));
      await ledger.deliver([stands(known, standing), stands(late, standing)]);
      const left = (await ledger.balance(known))?.available;
      expect(left).toBe(standing === 'removed' ? 0 : 70);
      const refused = ['refused', 'member_inactive', `the member is ${standing}`];
      for (const dryRun of [true, false])
        expect(await bring(rows(known, late, other), dryRun)).toEqual([
          ['already', undefined, undefined],
          refused,
          ['imported', undefined, undefined],
        ]);
      expect((await ledger.balance(known))?.available).toBe(left);
      expect(await ledger.balance(late)).toBeUndefined();
      expect(await ledger.balance(other)).toMatchObject({ available: 70 });
      if (standing !== 'deactivated') return;
      await ledger.deliver([stands(late, 'active')]);
      expect(await bring(rows(late))).toEqual([['imported', undefined, undefined]]);
    },
  );

  it('keeps the books: tables, chain and the sums of what is owed agree with the log', async () => {
    expect(await compareBalances({ pool: database.admin })).toMatchObject({ differing: 0, broken: [] });
    expect(await verifyLedger({ pool: database.admin })).toMatchObject({ ok: true });
  });
});
