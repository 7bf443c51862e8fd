import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import { tables } from './adapters/tables.ts';
import { readProgress } from './application/read-progress.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, paidOrder } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const NOW = '2026-11-10T04:00:00.000Z';
const order = (orderId: string, paidAt: string, amount: string): RecordedOrder => paidOrder(orderId, paidAt, amount);
const rules: EarnRule[] = [
  {
    id: 'spend',
    when: { order: 'paid' },
    earn: { form: 'rate', points: '100', per: '10000.00' },
    currency: 'points',
    limits: [{ per: 'lifetime', points: 9_000 }],
  },
  {
    id: 'quarter',
    when: { order: 'paid' },
    earn: { form: 'target', window: 'quarter', metric: 'amount', of: ['spend'], exceed: '500000.00', by: '1.5' },
    currency: 'points',
  },
  {
    id: 'challenge',
    when: { order: 'paid' },
    earn: {
      form: 'target',
      window: { enrolment: 'challenge.joined', days: 30 },
      metric: 'amount',
      reach: '5000.00',
      points: 500,
    },
    currency: 'points',
  },
  {
    id: 'sign-in',
    when: { activity: 'check-in' },
    earn: { form: 'streak', points: 5, bonuses: [{ day: 7, points: 50 }], cycle: 7 },
    currency: 'points',
  },
  {
    id: 'review',
    when: { activity: 'review.posted' },
    earn: { form: 'fixed', points: 20 },
    currency: 'points',
    limits: [{ per: { days: 7 }, points: 50, count: 5 }],
  },
];
const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  limits: [{ id: 'month', per: 'month', currency: 'points', points: 3_020 }],
  rules,
};

describe('the progress of a member', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(START));

  const progress = async (member: string, now = NOW) => {
    const parts = { tables, catalog: bed.catalog, sql: bed.pool };
    const read = await readProgress(parts, { program: PROGRAM, member, now: Date.parse(now) });
    if (!read.ok) throw new Error(read.refusal.code);
    return read.value;
  };
  const goal = async (member: string, of: string, now = NOW) =>
    (await progress(member, now)).data.filter(({ rule, limit }) => (rule ?? limit) === of);
  const activity = (member: string, id: string, type: string, occurredAt: string) =>
    bed.activity(member, { source: 'app', id, type, occurredAt });

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    await bed.publish(document, START);
  });
  afterAll(() => bed.close());

  it('E05: says how much of the quarter is missing, and what it will give by now', async () => {
    await bed.deliver(bed.order('q-1', order('A', '2026-11-01T00:00:00.000Z', '300000.00')));
    expect(await goal('q-1', 'quarter')).toEqual([
      {
        kind: 'target',
        rule: 'quarter',
        currency: 'points',
        state: 'approaching',
        window: '2026-Q4',
        from: '2026-09-30T16:00:00.000Z',
        until: '2026-12-31T16:00:00.000Z',
        metric: 'amount',
        money: 'CNY',
        strict: true,
        reached: 30_000_000,
        goal: 50_000_000,
        missing: 20_000_001,
        gives: 1_500,
        factor: '1.5',
        en: '300000.00 CNY of more than 500000.00 CNY; 200000.01 CNY more by 2026-12-31 gives 1500 points by now (×1.5).',
        zh: '累计 300000.00 CNY，须超过 500000.00 CNY；2026-12-31 前（含当日）还差 200000.01 CNY，可得 1500 分（按目前积分 × 1.5 计）。',
      },
    ]);
    await bed.deliver(bed.order('q-1', order('B', '2026-11-02T00:00:00.000Z', '200000.01')));
    const [reached] = await goal('q-1', 'quarter');
    expect(reached).toMatchObject({ state: 'reached', missing: 0 });
    // What is told as given is what was granted.
    expect((await bed.awardsOf('q-1'))['q-1~quarter~jifen~quarter.2026-Q4']).toBe(reached?.gives);
    expect(await goal('q-1', 'quarter', '2027-01-05T00:00:00.000Z')).toMatchObject([
      { window: '2027-Q1', reached: 0, missing: 50_000_001 },
    ]);
  });

  it('C02: says what limits leave, of a rule and of several, and that one is reached', async () => {
    await bed.deliver(bed.order('l-1', order('A', '2026-11-01T00:00:00.000Z', '300000.00')));
    await bed.deliver(activity('l-1', 'R1', 'review.posted', '2026-11-09T00:00:00.000Z'));
    expect(await goal('l-1', 'spend')).toMatchObject([{ window: 'ever', reached: 3_000, goal: 9_000, missing: 6_000 }]);
    expect(await goal('l-1', 'month')).toMatchObject([
      {
        state: 'reached',
        limit: 'month',
        window: '2026-11',
        missing: 0,
        en: 'The limit of 3020 points is reached until 2026-11-30.',
      },
    ]);
    expect(await goal('l-1', 'review')).toMatchObject([
      { window: 'rolling', from: '2026-11-03T04:00:00.000Z', metric: 'points', reached: 20, missing: 30 },
      { metric: 'count', reached: 1, missing: 4 },
    ]);
    expect(await goal('l-1', 'review', '2026-11-20T00:00:00.000Z')).toMatchObject([{ reached: 0 }, { reached: 0 }]);
  });

  it('E08: says when the next day of a run is due, and what the seventh gives', async () => {
    await bed.deliver(
      activity('s-1', 'D1', 'check-in', '2026-11-08T04:00:00.000Z'),
      activity('s-1', 'D2', 'check-in', '2026-11-09T04:00:00.000Z'),
    );
    expect(await goal('s-1', 'sign-in')).toMatchObject([
      {
        kind: 'streak',
        from: '2026-11-07T16:00:00.000Z',
        until: '2026-11-10T16:00:00.000Z',
        reached: 2,
        goal: 7,
        missing: 5,
        gives: 55,
        en: '2 days in a row; after 5 days more: 55 points. The next one is due by 2026-11-10.',
      },
    ]);
    await bed.deliver(activity('s-1', 'D3', 'check-in', '2026-11-10T03:00:00.000Z'));
    expect(await goal('s-1', 'sign-in')).toMatchObject([{ reached: 3, missing: 4, until: '2026-11-11T16:00:00.000Z' }]);
    expect(await goal('s-1', 'sign-in', '2026-11-12T00:00:00.000Z')).toMatchObject([{ reached: 0, missing: 7 }]);
  });

  it('E27: a challenge is not joined, running, reached, and gone when it has ended', async () => {
    expect(await goal('c-1', 'challenge')).toMatchObject([{ state: 'not-enrolled', joinBy: 'challenge.joined' }]);
    await bed.deliver(
      bed.order('c-1', order('Z', '2026-10-31T00:00:00.000Z', '4000.00')),
      activity('c-1', 'J', 'challenge.joined', '2026-11-01T00:00:00.000Z'),
      bed.order('c-1', order('A', '2026-11-02T00:00:00.000Z', '3000.00')),
    );
    expect(await goal('c-1', 'challenge')).toMatchObject([
      {
        state: 'approaching',
        from: '2026-11-01T00:00:00.000Z',
        until: '2026-12-01T00:00:00.000Z',
        reached: 300_000,
        missing: 200_000,
        gives: 500,
      },
    ]);
    await bed.deliver(bed.order('c-1', order('B', '2026-11-03T00:00:00.000Z', '2000.00')));
    expect(await goal('c-1', 'challenge')).toMatchObject([{ state: 'reached', missing: 0 }]);
    expect(await goal('c-1', 'challenge', '2026-12-02T00:00:00.000Z')).toEqual([]);
  });

  it('is that of nobody before anything happened, and nothing before a version is in force', async () => {
    expect(await progress('new')).toMatchObject({ programVersion: 1, member: 'new', at: NOW });
    expect((await progress('new')).data.every(({ reached }) => reached === 0)).toBe(true);
    expect(await progress('new', '2025-01-01T00:00:00.000Z')).toMatchObject({ programVersion: 0, data: [] });
  });
});
