import { validateRatingMade, type EarnRule, type ProgramDocument, type RecordedOrder } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import { tables } from './adapters/tables.ts';
import { explainAward } from './application/explain-award.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, ladderTo } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const CHANGE = '2026-06-01T00:00:00.000Z';

const spend = (points: string): EarnRule => ({
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points, per: '1.00' },
  currency: 'points',
});
const signUp = (points: number): EarnRule => ({
  id: 'sign-up',
  when: { activity: 'member.registered' },
  earn: { form: 'fixed', points, once: true },
  currency: 'points',
});
const silverGift: EarnRule = {
  id: 'silver-gift',
  when: { activity: 'gift.opened' },
  if: { member: { tier: { is: 'silver' } } },
  earn: { form: 'fixed', points: 80, once: true },
  currency: 'points',
};
const tierBonus: EarnRule = {
  id: 'tier-bonus',
  when: { order: 'paid' },
  earn: { form: 'multiplier', of: ['spend'], by: 'tier' },
  currency: 'points',
};
const program = (rules: EarnRule[]): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  ladder: ladderTo('silver', 5000, '1.2'),
  rules,
});

const order = (orderId: string, revision: number, more: Partial<RecordedOrder> = {}): RecordedOrder => ({
  source: 'shop',
  orderId,
  revision,
  status: 'paid',
  occurredAt: '2026-05-01T10:00:00.000Z',
  placedAt: '2026-05-01T10:00:00.000Z',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '100.00' }],
  ...more,
});
const refunded = (amount: string): Partial<RecordedOrder> => ({
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '100.00', refundedAmount: amount }],
});
const registered = (id: string, occurredAt: string) => ({ source: 'app', id, type: 'member.registered', occurredAt });

describe('the rules consumer', () => {
  let bed: Testbed;
  const unrated: string[] = [];
  const clock = fakeClock(Date.parse(START));

  beforeAll(async () => {
    bed = await startTestbed(clock.now, {
      unrated: (causes) => unrated.push(...causes.map(({ event, cause }) => `${event.program} ${cause.id}`)),
    });
    await bed.publish(program([spend('1'), signUp(500), tierBonus, silverGift]), START);
    clock.set(Date.parse(CHANGE) - 1);
    await bed.publish(program([spend('2'), signUp(300), tierBonus]), CHANGE);
  });
  afterAll(() => bed.close());

  it('U12: the same message twice makes one rating', async () => {
    await bed.deliver(bed.order('u12', order('A-1', 1)));
    const ratings = await bed.ratingsOf('u12');
    expect(ratings).toHaveLength(1);
    expect(validateRatingMade(ratings[0]).ok).toBe(true);
    expect(await bed.awardsOf('u12')).toEqual({ 'u12~spend~shop~A-1': 100 });
  });

  it('U13: paid, shipped and completed name one award with one target', async () => {
    for (const [index, status] of (['paid', 'shipped', 'completed'] as const).entries())
      await bed.deliver(bed.order('u13', order('A-1', index + 1, { status })));
    const ratings = await bed.ratingsOf('u13');
    expect(ratings.map(({ awards }) => awards.map(({ awardId, target }) => [awardId, target]))).toEqual(
      ratings.map(() => [['u13~spend~shop~A-1', 100]]),
    );
  });

  it('U15: a deferred payment that is settled pays the order once', async () => {
    const settled = { paidAt: '2026-05-20T10:00:00.000Z', payments: [{ kind: 'cash', amount: '100.00' } as const] };
    const states = [{ status: 'placed' }, { status: 'shipped' }, { status: 'shipped', ...settled }] as const;
    const totals: unknown[] = [];
    for (const [index, state] of states.entries()) {
      await bed.deliver(bed.order('u15', order('A-1', index + 1, state)));
      totals.push(await bed.awardsOf('u15'));
    }
    expect(totals[0]).toEqual({});
    expect(totals[2]).toEqual({ 'u15~spend~shop~A-1': 100 });
  });

  it('U01: buy and refund, again and again, leaves nothing', async () => {
    for (const id of ['A-1', 'A-2', 'A-3']) {
      await bed.deliver(bed.order('u01', order(id, 1)), bed.order('u01', order(id, 2, refunded('100.00'))));
    }
    expect(Object.values(await bed.awardsOf('u01'))).toEqual([0, 0, 0]);
  });

  it('U06: cancelled and completed again has its points again', async () => {
    const states = ['paid', 'cancelled', 'completed'] as const;
    const totals: unknown[] = [];
    for (const [index, status] of states.entries()) {
      await bed.deliver(bed.order('u06', order('A-1', index + 1, { status })));
      totals.push((await bed.awardsOf('u06'))['u06~spend~shop~A-1']);
    }
    expect(totals).toEqual([100, 0, 100]);
  });

  it('U08: a refund is rated by the rules of the day that the order was placed, not by those of today', async () => {
    clock.set(Date.parse(CHANGE) + 1);
    await bed.deliver(bed.order('u08', order('OLD', 1)), bed.order('u08', order('NEW', 1, { placedAt: CHANGE })));
    await bed.deliver(bed.order('u08', order('OLD', 2, refunded('40.00'))));
    expect(await bed.awardsOf('u08')).toEqual({ 'u08~spend~shop~OLD': 60, 'u08~spend~shop~NEW': 200 });
    expect((await bed.ratingsOf('u08')).map(({ programVersion }) => programVersion)).toEqual([1, 2, 1]);
  });

  it('an order that was placed before the first version earns nothing, and is rated all the same', async () => {
    await bed.deliver(bed.order('early', order('A-1', 1, { placedAt: '2025-12-31T23:59:59.000Z' })));
    expect(await bed.ratingsOf('early')).toMatchObject([{ programVersion: 0, awards: [] }]);
    expect(unrated).toEqual(['demo A-1']);
  });

  it('E06: registering pays once, by the first of them, however late it comes', async () => {
    await bed.deliver(bed.activity('e06', registered('second', '2026-07-01T00:00:00.000Z')));
    expect(await bed.awardsOf('e06')).toEqual({ 'e06~sign-up~w~once': 300 });
    await bed.deliver(
      bed.activity('e06', registered('first', '2026-05-01T00:00:00.000Z')),
      bed.activity('e06', registered('third', '2026-08-01T00:00:00.000Z')),
    );
    expect(await bed.awardsOf('e06')).toEqual({ 'e06~sign-up~w~once': 500 });
  });

  it('E06: what pays once goes to the first that qualifies by the tier that turns out to be right', async () => {
    const opened = (id: string, occurredAt: string) => ({ source: 'app', id, type: 'gift.opened', occurredAt });
    const silverFrom = (since: string) =>
      bed.tier('gift', [
        { tier: 'bronze', since: START },
        { tier: 'silver', since },
      ]);
    const AWARD = 'gift~silver-gift~w~once';
    const explained = async (): Promise<unknown> => {
      const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
      const answer = await explainAward(parts, PROGRAM, AWARD);
      return answer.ok ? [answer.value.cause.id, answer.value.target, answer.value.recomputed.equal] : answer;
    };
    await bed.deliver(
      bed.activity('gift', opened('MAY', '2026-05-01T00:00:00.000Z')),
      bed.activity('gift', opened('MARCH', '2026-03-01T00:00:00.000Z')),
    );
    expect(await bed.awardsOf('gift')).toEqual({});
    await bed.deliver(silverFrom('2026-02-01T00:00:00.000Z'));
    expect(await explained()).toEqual(['MARCH', 80, true]);
    await bed.deliver(silverFrom('2026-04-01T00:00:00.000Z'));
    expect(await explained()).toEqual(['MAY', 80, true]);
    expect(await bed.awardsOf('gift')).toEqual({ [AWARD]: 80 });
    await bed.deliver(silverFrom('2026-05-02T00:00:00.000Z'));
    expect(await explained()).toEqual(['MAY', 0, true]);
    expect(await bed.awardsOf('gift')).toEqual({ [AWARD]: 0 });
    await bed.deliver(bed.activity('gift', opened('LATE', '2026-05-15T00:00:00.000Z')));
    expect(await explained()).toEqual(['LATE', 80, true]);
  });

  it('a change of facts is kept and moves the watermark', async () => {
    const message = bed.member('facts', { birthday: '02-29' });
    await bed.deliver(message);
    expect(await bed.ratingsOf('facts')).toMatchObject([{ awards: [], origin: { position: message.offset } }]);
    const { rows } = await bed.pool.query(`SELECT facts FROM member_facts WHERE owner = 'demo/facts'`);
    expect(rows).toEqual([{ facts: '[{"since":"2026-11-01T00:00:00.000Z","facts":{"birthday":"02-29"}}]' }]);
  });

  it('rates again what another tier touches, and only that', async () => {
    const may = order('MAY', 1);
    const march = order('MARCH', 1, { placedAt: '2026-03-01T00:00:00.000Z', occurredAt: '2026-03-01T00:00:00.000Z' });
    await bed.deliver(bed.order('tier', may), bed.order('tier', march));
    const silver = { tier: 'silver', since: '2026-04-01T00:00:00.000Z' };
    await bed.deliver(bed.tier('tier', [{ tier: 'bronze', since: START }, silver]));
    expect(await bed.awardsOf('tier')).toEqual({
      'tier~spend~shop~MAY': 100,
      'tier~spend~shop~MARCH': 100,
      'tier~tier-bonus~shop~MAY': 20,
    });
    const [first, , again] = await bed.ratingsOf('tier');
    expect(again).toMatchObject({ cause: { id: 'MAY' }, tier: 'silver', origin: first?.origin });
    await bed.deliver(bed.tier('tier', [{ tier: 'bronze', since: START }]));
    expect((await bed.awardsOf('tier'))['tier~tier-bonus~shop~MAY']).toBe(0);
  });

  it('U08: a tier that only a later version knows takes nothing back', async () => {
    const silver = { tier: 'silver', since: '2026-04-01T00:00:00.000Z' };
    const renamed = { tier: 'argent', since: '2026-04-15T00:00:00.000Z' };
    await bed.deliver(bed.tier('renamed', [{ tier: 'bronze', since: START }, silver]));
    await bed.deliver(bed.order('renamed', order('BEFORE', 1)));
    await bed.deliver(bed.tier('renamed', [{ tier: 'bronze', since: START }, silver, renamed]));
    await bed.deliver(bed.order('renamed', order('AFTER', 1)));
    expect(await bed.awardsOf('renamed')).toMatchObject({
      'renamed~tier-bonus~shop~BEFORE': 20,
      'renamed~tier-bonus~shop~AFTER': 20,
    });
  });

  it('an order is not multiplied by the tier that it reaches, and settles to one total in either order of events', async () => {
    const first = order('FIRST', 1, { placedAt: '2026-04-01T00:00:00.000Z' });
    const second = order('SECOND', 1, { placedAt: '2026-04-02T00:00:00.000Z' });
    const timeline = [
      { tier: 'bronze', since: START },
      { tier: 'silver', since: '2026-04-01T00:00:00.000Z' },
    ];
    await bed.deliver(bed.order('race-a', first), bed.tier('race-a', timeline), bed.order('race-a', second));
    await bed.deliver(bed.order('race-b', second), bed.order('race-b', first), bed.tier('race-b', timeline));
    const plain = (awards: Readonly<Record<string, number>>) =>
      Object.entries(awards)
        .map(([id, target]) => [id.slice(id.indexOf('~')), target])
        .sort();
    expect(plain(await bed.awardsOf('race-a'))).toEqual(plain(await bed.awardsOf('race-b')));
    expect(plain(await bed.awardsOf('race-a'))).toEqual([
      ['~spend~shop~FIRST', 100],
      ['~spend~shop~SECOND', 100],
      ['~tier-bonus~shop~SECOND', 20],
    ]);
  });

  it('revisions of an order in one flush build on each other', async () => {
    await bed.deliver(
      bed.order('burst', order('A-1', 1)),
      bed.order('burst', order('A-1', 2, refunded('30.00'))),
      bed.order('burst', order('A-1', 3, { status: 'cancelled' })),
    );
    expect((await bed.ratingsOf('burst')).map(({ awards }) => awards.map(({ target }) => target))).toEqual([
      [100],
      [70],
      [0],
    ]);
  });

  it('the longest ids fit', async () => {
    const long = 'x'.repeat(128);
    await bed.deliver(
      bed.order(long, order(long, 1, { source: long })),
      bed.order(long, order(long, 2, { source: long })),
    );
    expect(await bed.ratingsOf(long)).toHaveLength(2);
  });

  it('a program may keep the tier that was known when the order came', async () => {
    const placedAt = '2026-10-01T00:00:00.000Z';
    await bed.publish({ ...program([spend('1'), tierBonus]), tierPolicy: 'as-known' }, '2026-09-01T00:00:00.000Z');
    await bed.deliver(bed.order('known', order('A-1', 1, { placedAt })));
    await bed.deliver(bed.tier('known', [{ tier: 'silver', since: START }]));
    await bed.deliver(bed.order('known', order('A-1', 2, { placedAt, status: 'completed' })));
    await bed.deliver(bed.order('known', order('A-2', 1, { placedAt })));
    expect(await bed.awardsOf('known')).toEqual({
      'known~spend~shop~A-1': 100,
      'known~spend~shop~A-2': 100,
      'known~tier-bonus~shop~A-2': 20,
    });
  });

  it('keeps a message that it cannot read and goes on with the others', async () => {
    const bad = bed.order('bad', order('A-1', 1));
    const broken = { ...bad, headers: bad.headers, value: '{"program":"demo","member":"bad","order":{}}' };
    await bed.deliver(broken, bed.order('good', order('A-1', 1)));
    expect(await bed.awardsOf('good')).toEqual({ 'good~spend~shop~A-1': 100 });
    expect(await bed.ratings.listDeadLetters({ limit: 10 })).toMatchObject([{ reason: 'schema' }]);
  });

  it('parks a member whose numbers are out of range, and nobody else', async () => {
    const most = [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '99999999999999.00' }];
    const both = [...most, { lineId: '2', sku: 'TEA', quantity: 1, amount: '99999999999999.00' }];
    await bed.deliver(bed.order('rich', order('A-1', 1, { lines: both })), bed.order('poor', order('A-1', 1)));
    expect(await bed.awardsOf('poor')).toEqual({ 'poor~spend~shop~A-1': 100 });
    expect(await bed.ratings.listParked({ limit: 10 })).toMatchObject([{ key: 'demo/rich' }]);
  });
});
