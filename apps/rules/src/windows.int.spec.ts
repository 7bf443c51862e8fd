import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import { explainAward } from './application/explain-award.ts';
import { tables } from './adapters/tables.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, paidOrder } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const MID_QUARTER = '2026-11-15T00:00:00.000Z';
const NEXT_QUARTER = '2027-01-10T00:00:00.000Z';

const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '100', per: '10000.00' },
  currency: 'points',
};
/** E05 季度采购额超过50万，该季度所有积分翻1.5倍. */
const quarter = (exceed: string, id = 'quarter'): EarnRule => ({
  id,
  when: { order: 'paid' },
  earn: { form: 'target', window: 'quarter', metric: 'amount', of: ['spend'], exceed, by: '1.5' },
  currency: 'points',
});
const review: EarnRule = {
  id: 'review',
  when: { activity: 'review.posted' },
  earn: { form: 'fixed', points: 20 },
  currency: 'points',
  limits: [{ per: 'day', points: 50 }],
};
const signIn: EarnRule = {
  id: 'sign-in',
  when: { activity: 'check-in' },
  earn: { form: 'streak', points: 1, bonuses: [{ day: 7, points: 10 }] },
  currency: 'points',
};
const firstOrder: EarnRule = {
  id: 'first-order',
  when: { order: 'paid' },
  earn: { form: 'multiplier', of: ['spend'], by: '2' },
  currency: 'points',
  limits: [{ per: 'lifetime', count: 1 }],
};
const challenge: EarnRule = {
  id: 'challenge',
  when: { order: 'paid' },
  earn: {
    form: 'target',
    window: { enrolment: 'challenge.joined', days: 30 },
    metric: 'amount',
    reach: '5000',
    points: 500,
  },
  currency: 'points',
};
const back: EarnRule = {
  id: 'back',
  when: { activity: 'login' },
  earn: { form: 'fixed', points: 500 },
  currency: 'points',
  winBack: { silentDays: 90 },
};
/** Pays by an attribute of the order, once a day. */
const giftSet: EarnRule = {
  id: 'gift-set',
  when: { order: 'paid' },
  if: { order: { attributes: { wrapped: { is: true } } } },
  earn: { form: 'fixed', points: 30 },
  currency: 'points',
  limits: [{ per: 'day', count: 1 }],
};
const document = (...rules: EarnRule[]): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  rules,
});

const order = (orderId: string, paidAt: string, amount: string, more: Partial<RecordedOrder> = {}): RecordedOrder =>
  paidOrder(orderId, paidAt, amount, { source: 'erp', ...more });

describe('windows in the database', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(START));

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    const always = [spend, quarter('500000.00'), review, signIn, firstOrder, challenge, back, giftSet];
    await bed.publish(document(...always), START);
    clock.set(Date.parse(MID_QUARTER) - 1);
    await bed.publish(
      document(...always.slice(0, 1), quarter('100.00'), quarter('100000.00', 'late'), review),
      MID_QUARTER,
    );
  });
  afterAll(() => bed.close());

  const bonus = async (member: string, window: string, rule = 'quarter'): Promise<number | undefined> =>
    (await bed.awardsOf(member))[`${member}~${rule}~jifen~${rule}.${window}`];

  const OCTOBER = '2026-10-10T04:00:00.000Z';
  const LATER = '2026-10-20T04:00:00.000Z';

  describe('E05 the quarter rule', () => {
    it('the threshold is passed: half of all points of the quarter on top', async () => {
      await bed.deliver(
        bed.order('q-1', order('A', OCTOBER, '300000.00')),
        bed.order('q-1', order('B', LATER, '200000.01')),
      );
      expect(await bonus('q-1', '2026-Q4')).toBe(2_500);
    });

    it('the threshold is met exactly: 超过 is strictly more', async () => {
      await bed.deliver(
        bed.order('q-2', order('A', OCTOBER, '300000.00')),
        bed.order('q-2', order('B', LATER, '200000.00')),
      );
      expect(await bonus('q-2', '2026-Q4')).toBeUndefined();
    });

    it('N10: a return takes it back, and a new order brings it again', async () => {
      await bed.deliver(bed.order('q-3', order('A', OCTOBER, '500000.01')));
      expect(await bonus('q-3', '2026-Q4')).toBe(2_500);
      const lines = [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '500000.01', refundedAmount: '0.01' }];
      await bed.deliver(bed.order('q-3', order('A', OCTOBER, '500000.01', { revision: 2, lines })));
      expect(await bonus('q-3', '2026-Q4')).toBe(0);
      await bed.deliver(bed.order('q-3', order('B', LATER, '20000.00')));
      expect(await bonus('q-3', '2026-Q4')).toBe(2_600);
    });

    it('Q16 N09: a late order counts in the quarter in which it was paid', async () => {
      await bed.deliver(bed.order('q-4', order('B', LATER, '300000.00')));
      await bed.deliver(bed.order('q-4', order('A', '2026-09-30T15:59:59.999Z', '600000.00')));
      expect(await bonus('q-4', '2026-Q3')).toBe(3_000);
      expect(await bonus('q-4', '2026-Q4')).toBeUndefined();
    });

    it('two sources add up, also where their ids are the same', async () => {
      await bed.deliver(bed.order('q-5', order('A', OCTOBER, '300000.00')));
      await bed.deliver(bed.order('q-5', order('A', LATER, '300000.00', { source: 'shop' })));
      expect(await bonus('q-5', '2026-Q4')).toBe(3_000);
    });

    it('a corrected date moves an order from one quarter into another', async () => {
      await bed.deliver(bed.order('q-6', order('A', OCTOBER, '600000.00', { placedAt: '2026-09-29T00:00:00.000Z' })));
      expect(await bonus('q-6', '2026-Q4')).toBe(3_000);
      const corrected = { revision: 2, placedAt: '2026-09-29T00:00:00.000Z' };
      await bed.deliver(bed.order('q-6', order('A', '2026-09-30T00:00:00.000Z', '600000.00', corrected)));
      expect(await bonus('q-6', '2026-Q4')).toBe(0);
      expect(await bonus('q-6', '2026-Q3')).toBe(3_000);
    });

    it('published in mid-quarter: a changed threshold waits for the next one, a new rule counts from its version on', async () => {
      const december = '2026-12-10T04:00:00.000Z';
      await bed.deliver(
        bed.order('q-7', order('A', OCTOBER, '90000.00')),
        bed.order('q-7', order('B', december, '90000.00')),
      );
      expect(await bonus('q-7', '2026-Q4')).toBeUndefined();
      expect(await bonus('q-7', '2026-Q4', 'late')).toBeUndefined();
      await bed.deliver(bed.order('q-7', order('C', NEXT_QUARTER, '110000.00')));
      expect(await bonus('q-7', '2027-Q1')).toBe(550);
      expect(await bonus('q-7', '2027-Q1', 'late')).toBe(550);
    });
  });

  it('C01 Q24: a daily cap is for those who came first by the clock; what it leaves nothing of is recorded', async () => {
    const posted = (id: string, hour: string) =>
      bed.activity('c-1', { source: 'app', id, type: 'review.posted', occurredAt: `2026-05-01T${hour}:00:00.000Z` });
    await bed.deliver(posted('D', '08'), posted('C', '07'), posted('B', '06'));
    await bed.deliver(posted('A', '05'));
    const awards = (await bed.ratingsOf('c-1')).flatMap((rating) => rating.awards);
    const last = new Map(awards.map(({ awardId, target, wished }) => [awardId.at(-1), [target, wished]]));
    expect(Object.fromEntries(last)).toEqual({ A: [20, undefined], B: [20, undefined], C: [10, 20], D: [0, 20] });
    const explained = await explainAward(
      { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool },
      PROGRAM,
      'c-1~review~app~C',
    );
    expect(explained).toMatchObject({ ok: true, value: { target: 10, recomputed: { equal: true } } });
  });

  it('C01: a late order takes the day from an order whose attributes count, and both are explained', async () => {
    const wrapped = { attributes: { wrapped: true } };
    await bed.deliver(bed.order('c-2', order('B', '2026-05-01T08:00:00.000Z', '100.00', wrapped)));
    await bed.deliver(bed.order('c-2', order('A', '2026-05-01T05:00:00.000Z', '100.00', wrapped)));
    for (const [id, target] of Object.entries({ A: 30, B: 0 })) {
      const explained = await explainAward(
        { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool },
        PROGRAM,
        `c-2~gift-set~erp~${id}`,
      );
      expect(explained).toMatchObject({ ok: true, value: { target, recomputed: { equal: true } } });
    }
  });

  it('E08: a late sign-in joins two runs, and the seventh day pays', async () => {
    const signed = (day: number) =>
      bed.activity('s-1', {
        source: 'app',
        id: `D${day}`,
        type: 'check-in',
        occurredAt: `2026-05-0${day}T12:00:00.000Z`,
      });
    await bed.deliver(...[1, 2, 3, 5, 6, 7].map(signed));
    expect((await bed.awardsOf('s-1'))['s-1~sign-in~app~D7']).toBe(1);
    await bed.deliver(signed(4));
    expect((await bed.awardsOf('s-1'))['s-1~sign-in~app~D7']).toBe(11);
  });

  it('E24: the first order by time is doubled, however late it becomes known; a return gives it to the next', async () => {
    const doubled = async (): Promise<readonly (number | undefined)[]> => {
      const awards = await bed.awardsOf('f-1');
      return ['A', 'B'].map((id) => awards[`f-1~first-order~erp~${id}`]);
    };
    await bed.deliver(bed.order('f-1', order('B', LATER, '20000.00')));
    expect(await doubled()).toEqual([undefined, 200]);
    await bed.deliver(bed.order('f-1', order('A', OCTOBER, '10000.00')));
    expect(await doubled()).toEqual([100, 0]);
    await bed.deliver(bed.order('f-1', order('A', OCTOBER, '10000.00', { revision: 2, status: 'cancelled' })));
    expect(await doubled()).toEqual([0, 200]);
  });

  it('E27 U17: a challenge pays once, joined twice in the same second or not, and counts 30 days', async () => {
    const joined = (id: string) =>
      bed.activity('e-1', { source: 'app', id, type: 'challenge.joined', occurredAt: '2026-05-01T10:00:00.000Z' });
    await bed.deliver(bed.order('e-1', order('A', '2026-05-31T09:59:59.000Z', '3000.00')));
    await bed.deliver(joined('T1'), joined('T2'));
    await bed.deliver(bed.order('e-1', order('B', '2026-05-31T10:00:00.000Z', '2000.00')));
    expect(await bonus('e-1', 'enrolled', 'challenge')).toBeUndefined();
    await bed.deliver(bed.order('e-1', order('C', '2026-05-02T10:00:00.000Z', '2000.00')));
    expect(await bonus('e-1', 'enrolled', 'challenge')).toBe(500);
    const awardId = 'e-1~challenge~jifen~challenge.enrolled';
    const explained = await explainAward(
      { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool },
      PROGRAM,
      awardId,
    );
    expect(explained).toMatchObject({ ok: true, value: { target: 500, recomputed: { equal: true } } });
  });

  it('E25: 500 points for who comes back after 90 days, until something turns up in between', async () => {
    const login = (id: string, occurredAt: string) =>
      bed.activity('b-1', { source: 'app', id, type: 'login', occurredAt });
    await bed.deliver(login('L1', '2026-02-01T00:00:00.000Z'), login('L2', '2026-06-01T00:00:00.000Z'));
    expect(await bed.awardsOf('b-1')).toEqual({ 'b-1~back~app~L2': 500 });
    await bed.deliver(bed.order('b-1', order('A', '2026-04-01T00:00:00.000Z', '1.00')));
    expect((await bed.awardsOf('b-1'))['b-1~back~app~L2']).toBe(0);
  });
});
