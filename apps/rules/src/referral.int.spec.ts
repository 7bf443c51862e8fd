import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { createPool, createPostgresEventStore } from '@jifen/event-store-postgres';
import { memberKey, partitionOf } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import { referralTables } from './adapters/referral-tables.ts';
import { tables } from './adapters/tables.ts';
import { explainAward } from './application/explain-award.ts';
import { readReferral } from './application/referral/read-referral.ts';
import { LEASE_MS, tellReferrals, type Telling } from './application/referral/tell-referrals.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, paidOrder } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const REGISTERED = '2026-11-01T04:00:00.000Z';
const BOUGHT = '2026-11-02T04:00:00.000Z';
const LATER = '2026-11-05T04:00:00.000Z';
const PARTITIONS = 4;

const referral: EarnRule = {
  id: 'referral',
  when: { activity: 'referral.qualified' },
  earn: { form: 'fixed', points: 500 },
  currency: 'points',
  limits: [{ per: 'month', count: 2 }],
};
const welcome: EarnRule = {
  id: 'welcome',
  when: { activity: 'referral.accepted' },
  earn: { form: 'fixed', points: 50 },
  currency: 'points',
};
const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  referral: { qualifyBy: [{ order: 'paid', minAmount: '100.00' }], withinDays: 30 },
  rules: [referral, welcome],
};

const order = (orderId: string, paidAt: string, more: Partial<RecordedOrder> = {}): RecordedOrder =>
  paidOrder(orderId, paidAt, '100.00', more);
const lines = [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '100.00', refundedAmount: '100.00' }];
const registered = (referrer: string, id = 'R', occurredAt = REGISTERED) => ({
  source: 'app',
  id,
  type: 'referral.registered',
  occurredAt,
  data: { referrer },
});

const partition = (member: string): number => partitionOf(memberKey(PROGRAM, member), PARTITIONS);
/** A member of another partition. */
function elsewhere(name: string, than: string): string {
  const other = ['', '-b', '-c', '-d', '-e', '-f']
    .map((end) => name + end)
    .find((each) => partition(each) !== partition(than));
  if (other === undefined) throw new Error(`no name like ${name} is elsewhere than ${than}`);
  return other;
}

describe('referrals over partitions', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(START));

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    await bed.publish(document, START);
    clock.set(Date.parse('2026-11-10T00:00:00.000Z'));
  });
  afterAll(() => bed.close());

  const tell = (): Promise<Telling> =>
    tellReferrals({ store: bed.ratings, tables, catalog: bed.catalog, budgets: bed.budgets }, bed.pool);
  const points = async (member: string): Promise<number> =>
    Object.values(await bed.awardsOf(member)).reduce((sum, target) => sum + target, 0);

  it('E15: the referrer earns in its own partition when the referee has bought', async () => {
    const referee = elsewhere('e15-new', 'e15-old');
    await bed.deliver(bed.activity(referee, registered('e15-old')));
    expect(await tell()).toEqual({ taken: 0, untold: [] });
    await bed.deliver(bed.order(referee, order('A-1', BOUGHT)));
    expect(await points('e15-old')).toBe(0);
    expect((await tell()).taken).toBe(2);
    expect(await points('e15-old')).toBe(500);
    expect(await points(referee)).toBe(50);
    expect(await tell()).toEqual({ taken: 0, untold: [] });
    const explained = await explainAward(
      { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool },
      PROGRAM,
      `e15-old~referral~jifen~referral:${referee}`,
    );
    expect(explained).toMatchObject({
      ok: true,
      value: {
        target: 500,
        recomputed: { equal: true },
        occurredAt: BOUGHT,
        en: expect.arrayContaining([
          `Member e15-old referred member ${referee}, who qualified by the order shop/A-1.`,
        ]) as unknown,
        zh: expect.arrayContaining([`会员 e15-old 推荐的会员 ${referee} 已达标，依据订单 shop/A-1。`]) as unknown,
      },
    });
  });

  it('a refund takes it back, the next order brings it again, and a still earlier registration moves it', async () => {
    const referee = elsewhere('back-new', 'back-old');
    await bed.deliver(bed.order(referee, order('A', BOUGHT)), bed.activity(referee, registered('back-old')));
    await tell();
    expect(await points('back-old')).toBe(500);
    await bed.deliver(bed.order(referee, order('A', BOUGHT, { revision: 2, lines })));
    await tell();
    expect([await points('back-old'), await points(referee)]).toEqual([0, 0]);
    await bed.deliver(bed.order(referee, order('B', LATER)));
    await tell();
    expect(await points('back-old')).toBe(500);
    await bed.deliver(bed.activity(referee, registered('back-first', 'Q', START)));
    await tell();
    expect([await points('back-old'), await points('back-first')]).toEqual([0, 0]);
    await bed.deliver(bed.order(referee, order('C', '2026-01-05T04:00:00.000Z')));
    await tell();
    expect([await points('back-old'), await points('back-first')]).toEqual([0, 500]);
  });

  it('a restart between what was found and what is paid loses nothing and pays once', async () => {
    const referee = elsewhere('restart-new', 'restart-old');
    await bed.deliver(bed.activity(referee, registered('restart-old')), bed.order(referee, order('A', BOUGHT)));
    // A teller takes the messages and dies.
    expect(await referralTables.takeReferrals(bed.pool, clock.now(), LEASE_MS, 100)).toHaveLength(2);
    expect(await tell()).toEqual({ taken: 0, untold: [] });
    clock.advance(LEASE_MS);
    // Another one, with nothing in memory, rates them and dies before it settles them.
    const pool = createPool(bed.url, { schema: 'rules', role: 'jifen_rules' });
    const store = createPostgresEventStore({
      pool,
      schema: 'rules',
      log: 'rating',
      partitions: PARTITIONS,
      clock: clock.now,
    });
    const forgetful = { ...tables, settleReferrals: () => Promise.reject(new Error('gone')) };
    await expect(
      tellReferrals({ store, tables: forgetful, catalog: bed.catalog, budgets: bed.budgets }, pool),
    ).rejects.toThrow('gone');
    await pool.end();
    const ratings = (await bed.ratingsOf('restart-old')).length;
    expect(await points('restart-old')).toBe(500);
    clock.advance(LEASE_MS);
    expect((await tell()).taken).toBe(2);
    expect(await bed.ratingsOf('restart-old')).toHaveLength(ratings);
    expect(await points('restart-old')).toBe(500);
  });

  it('what is told late does not undo what replaced it', async () => {
    const referee = elsewhere('late-new', 'late-old');
    await bed.deliver(bed.activity(referee, registered('late-old')), bed.order(referee, order('A', BOUGHT)));
    const slow = await referralTables.takeReferrals(bed.pool, clock.now(), LEASE_MS, 100);
    await bed.deliver(bed.order(referee, order('A', BOUGHT, { revision: 2, lines })));
    await tell();
    expect(await points('late-old')).toBe(0);
    await referralTables.sendReferrals(bed.pool, slow, clock.now());
    expect((await tell()).taken).toBe(2);
    expect(await points('late-old')).toBe(0);
  });

  it.each([
    ['waiting', undefined, 'view-1', REGISTERED, undefined],
    ['qualified', undefined, 'view-1', REGISTERED, BOUGHT],
    ['refused', 'self-referral', 'view-me', REGISTERED, BOUGHT],
    ['refused', 'no-member-id', 'no id', REGISTERED, BOUGHT],
    ['lapsed', 'too-late', 'view-1', '2026-10-01T04:00:00.000Z', undefined],
    ['lapsed', 'too-late', 'view-1', '2026-10-01T04:00:00.000Z', BOUGHT],
  ])('tells that a referral is %s (%s)', async (state, reason, referrer, at, paidAt) => {
    const member = referrer === 'view-me' ? referrer : `view-${state}-${reason}-${paidAt === undefined ? 0 : 1}`;
    await bed.deliver(bed.activity(member, registered(referrer, 'R', at)));
    if (paidAt !== undefined) await bed.deliver(bed.order(member, order('A', paidAt)));
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const view = await readReferral(parts, { program: PROGRAM, member, now: clock.now() });
    expect(view).toMatchObject({
      ok: true,
      value: { view: { member, referrer, state, registration: { id: 'R', at } } },
    });
    expect(view.ok && view.value.view.reason).toBe(reason);
    expect(view.ok && view.value.view.decidedBy?.id).toBe(
      state === 'qualified' || reason === 'self-referral' || reason === 'no-member-id' ? 'A' : undefined,
    );
    await tell();
  });

  it('tells where the referrer’s points stand, once they do', async () => {
    const member = elsewhere('where-new', 'where-old');
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const found = async () => {
      const read = await readReferral(parts, { program: PROGRAM, member, now: clock.now() });
      return read.ok ? [read.value.told, read.value.view.position] : read.refusal;
    };
    await bed.deliver(bed.activity(member, registered('where-old')));
    expect(await found()).toEqual([true, undefined]);
    await bed.deliver(bed.order(member, order('A', BOUGHT)));
    expect(await found()).toEqual([false, undefined]);
    await tell();
    const [, position] = (await found()) as [boolean, string];
    expect(await found()).toEqual([true, expect.stringMatching(`^rating:${partition('where-old')}-[0-9]+$`)]);
    await bed.deliver(bed.order(member, order('A', BOUGHT, { revision: 2, lines })));
    expect(await found()).toEqual([false, position]);
    await tell();
    expect(await found()).toEqual([true, expect.not.stringMatching(`^${position}$`)]);
  });

  it('knows no referral of a member that nobody referred', async () => {
    await bed.deliver(bed.order('view-none', order('A', BOUGHT)));
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const view = await readReferral(parts, { program: PROGRAM, member: 'view-none', now: clock.now() });
    expect(view).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
  });

  it('U51: a member that is parked, a referrer that is none and self-referral hold up nobody', async () => {
    const other = elsewhere('fine-new', 'parked-old');
    await bed.ratings.transact({ partitions: [partition('parked-old')] }, async (tx) => {
      tx.park(memberKey(PROGRAM, 'parked-old'), 'test', {
        topic: 'test',
        partition: 0,
        offset: 0,
        key: memberKey(PROGRAM, 'parked-old'),
        reason: 'test',
        detail: '',
        headers: {},
        value: new Uint8Array(),
      });
    });
    await bed.deliver(
      bed.activity('parked-new', registered('parked-old')),
      bed.order('parked-new', order('A', BOUGHT)),
      bed.activity(other, registered('fine-old')),
      bed.order(other, order('A', BOUGHT)),
      bed.activity('self', registered('self')),
      bed.order('self', order('A', BOUGHT)),
      bed.activity('lost', registered('no such member')),
      bed.order('lost', order('A', BOUGHT)),
    );
    const { untold } = await tell();
    expect(untold.map(({ message }) => message.owner)).toEqual([memberKey(PROGRAM, 'parked-old')]);
    expect(await points('fine-old')).toBe(500);
    expect([await points('self'), await points('lost'), await points('parked-old')]).toEqual([0, 0, 0]);
    // It waits, and is paid when somebody has looked.
    await bed.ratings.transact({ partitions: [partition('parked-old')] }, async (tx) => {
      await tx.takeParked(memberKey(PROGRAM, 'parked-old'), 10);
    });
    clock.advance(LEASE_MS);
    await tell();
    expect(await points('parked-old')).toBe(500);
  });

  it('the limit of the referrer counts by when its referees qualified, however late that became known', async () => {
    for (const [referee, at] of [
      ['limit-c', '2026-11-04T04:00:00.000Z'],
      ['limit-b', '2026-11-03T04:00:00.000Z'],
      ['limit-a', '2026-11-02T04:00:00.000Z'],
    ] as const) {
      await bed.deliver(bed.activity(referee, registered('limit')), bed.order(referee, order('A', at)));
      await tell();
    }
    expect(await bed.awardsOf('limit')).toEqual({
      'limit~referral~jifen~referral:limit-a': 500,
      'limit~referral~jifen~referral:limit-b': 500,
      'limit~referral~jifen~referral:limit-c': 0,
    });
  });
});
