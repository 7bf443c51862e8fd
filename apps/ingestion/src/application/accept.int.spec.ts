import { anOrder, outcomes, startHarness, type Harness } from '../../test/harness.ts';
import { accept } from './accept.ts';
import { updateMember } from './update-member.ts';

let ingestion: Harness;
beforeAll(async () => {
  ingestion = await startHarness();
});
afterAll(() => ingestion.stop());
beforeEach(() => ingestion.pool.query('DELETE FROM rejected; DELETE FROM waiting_refund; DELETE FROM identity'));

let next = 0;
const fresh = (): string => `O-${++next}`;
const at = '2026-11-21T00:00:00.000Z';

const recorded = async (orderId: string) =>
  (await ingestion.orders('demo')).find(({ order }) => order.orderId === orderId);
const versions = async (orderId: string) =>
  (await ingestion.store.readStream(`demo/shop/order/${orderId}`, 0, 100)).length;

describe('accepting orders', () => {
  it('U12: the same order event delivered twice is recorded once', async () => {
    const orderId = fresh();
    const first = await ingestion.send('order', [anOrder({ orderId }), anOrder({ orderId })]);
    const again = await ingestion.send('order', [anOrder({ orderId })]);
    expect(outcomes([...first, ...again])).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(again[0]).toMatchObject({ place: first[0] && 'place' in first[0] ? first[0].place : undefined });
    expect(await versions(orderId)).toBe(1);
  });

  it('U13: status changes are revisions of one order', async () => {
    const orderId = fresh();
    const statuses = ['placed', 'paid', 'shipped', 'completed'] as const;
    const receipts = await ingestion.send(
      'order',
      statuses.map((status, index) => anOrder({ orderId, status, revision: index + 1 })),
    );
    expect(outcomes(receipts)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect((await recorded(orderId))?.order).toMatchObject({ status: 'completed', revision: 4 });
  });

  it('U14: a confirmation repeated after a lost answer changes nothing', async () => {
    const orderId = fresh();
    const done = anOrder({ orderId, revision: 2, status: 'completed', completedAt: at });
    await ingestion.send('order', [anOrder({ orderId }), done]);
    expect(outcomes(await ingestion.send('order', [done, anOrder({ orderId })]))).toEqual(['duplicate', 'stale']);
    expect(await versions(orderId)).toBe(2);
  });

  it('U15: settling a deferred payment is one more revision of the order', async () => {
    const orderId = fresh();
    await ingestion.send('order', [anOrder({ orderId, status: 'placed' })]);
    await ingestion.send('order', [anOrder({ orderId, revision: 2, paidAt: at, occurredAt: at })]);
    expect((await recorded(orderId))?.order).toMatchObject({ paidAt: at, placedAt: '2026-11-20T09:00:00.000Z' });
    expect(await versions(orderId)).toBe(2);
  });

  it('U35: records the currency of the order', async () => {
    const orderId = fresh();
    await ingestion.send('order', [
      anOrder({ orderId, currency: 'JPY', lines: [{ lineId: '1', sku: 'T', quantity: 1, amount: '500' }] }),
    ]);
    expect((await recorded(orderId))?.order).toMatchObject({ currency: 'JPY', lines: [{ amount: '500' }] });
  });

  it('U45: refuses negative input and keeps it, and takes what stands beside it', async () => {
    const [good, bad] = [fresh(), fresh()];
    const negative = anOrder({ orderId: bad, lines: [{ lineId: '1', sku: 'T', quantity: 1, amount: '-5.00' }] });
    const receipts = await ingestion.send('order', [negative, anOrder({ orderId: good })]);
    expect(outcomes(receipts)).toEqual(['invalid_request', 'accepted']);
    expect(receipts[0]).toMatchObject({ problem: { errors: [{ pointer: '/lines/0/amount' }] } });
    const { rows } = await ingestion.pool.query<{ bytes: Buffer; code: string; source: string }>(
      'SELECT * FROM rejected',
    );
    expect(rows.map(({ bytes, ...row }) => [row.code, row.source, JSON.parse(bytes.toString())])).toEqual([
      ['invalid_request', 'shop', negative],
    ]);
  });

  it('U46: an order counts for the member it names, and no other revision moves it', async () => {
    const orderId = fresh();
    await ingestion.send('order', [anOrder({ orderId, member: 'm-7' })]);
    const receipts = await ingestion.send('order', [anOrder({ orderId, member: 'm-8', revision: 2 })]);
    expect(outcomes(receipts)).toEqual(['member_changed']);
    expect((await recorded(orderId))?.member).toBe('m-7');
    const events = await ingestion.store.readStream(`demo/shop/order/${orderId}`, 0, 10);
    expect(events.map(({ key }) => key)).toEqual(['demo/m-7']);
  });

  it('keeps programs apart', async () => {
    const orderId = fresh();
    const other = await ingestion.send('order', [anOrder({ orderId })], { program: 'sandbox' });
    const own = await ingestion.send('order', [anOrder({ orderId, program: 'sandbox' })]);
    expect(outcomes([...other, ...own])).toEqual(['accepted', 'wrong_program']);
    expect(await versions(orderId)).toBe(0);
  });

  it('takes nothing in the name of Jifen itself', async () => {
    const orderId = fresh();
    const receipts = await ingestion.send('order', [anOrder({ orderId, source: 'jifen' })]);
    expect(outcomes(receipts)).toEqual(['invalid_request']);
    expect(receipts[0]).toMatchObject({ problem: { errors: [{ pointer: '/source' }] } });
  });

  it('finds the member by an identity, or says that nobody has it', async () => {
    const [first, second] = [fresh(), fresh()];
    const identified = {
      ...anOrder({ orderId: first }),
      member: undefined,
      identity: { namespace: 'wecom', value: 'w-1' },
    };
    expect(outcomes(await ingestion.send('order', [identified]))).toEqual(['unknown_member']);
    const profile = { identities: [{ namespace: 'wecom', value: 'w-1' }] };
    await updateMember(ingestion, { program: 'demo', member: 'm-9', profile, meta: {} });
    expect(outcomes(await ingestion.send('order', [identified, { ...identified, orderId: second }]))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect((await recorded(second))?.member).toBe('m-9');
  });
});

describe('accepting refund notices', () => {
  const refund = (orderId: string, refundId: string, amount: string) => ({
    source: 'shop',
    orderId,
    refundId,
    occurredAt: at,
    amount,
  });

  it('merges a notice into its order, once', async () => {
    const orderId = fresh();
    await ingestion.send('order', [anOrder({ orderId })]);
    const notices = [refund(orderId, 'r1', '10'), refund(orderId, 'r1', '10'), refund(orderId, 'r1', '11')];
    expect(outcomes(await ingestion.send('order-refund', notices))).toEqual([
      'accepted',
      'duplicate',
      'content_conflict',
    ]);
    expect((await recorded(orderId))?.order.lines[0]?.refundedAmount).toBe('10.00');
  });

  it('lets a notice wait for its order and merges it when that comes', async () => {
    const orderId = fresh();
    const waits = await ingestion.send('order-refund', [refund(orderId, 'r1', '10'), refund(orderId, 'r2', '5')]);
    expect(outcomes(waits)).toEqual(['waiting', 'waiting']);
    expect(outcomes(await ingestion.send('order-refund', [refund(orderId, 'r1', '10')]))).toEqual(['waiting']);
    expect(await ingestion.count('waiting_refund')).toBe(2);
    expect(outcomes(await ingestion.send('order', [anOrder({ orderId })]))).toEqual(['accepted']);
    expect(await ingestion.count('waiting_refund')).toBe(0);
    expect((await recorded(orderId))?.order.lines[0]?.refundedAmount).toBe('15.00');
    expect(outcomes(await ingestion.send('order-refund', [refund(orderId, 'r2', '5')]))).toEqual(['duplicate']);
  });

  it('rejects a notice that waited and does not fit the order that came', async () => {
    const orderId = fresh();
    await ingestion.send('order-refund', [refund(orderId, 'r1', '1.005')]);
    expect(outcomes(await ingestion.send('order', [anOrder({ orderId })]))).toEqual(['accepted']);
    expect([await ingestion.count('waiting_refund'), await ingestion.count('rejected')]).toEqual([0, 1]);
  });

  it('loses no notice to an order that comes at the same moment', async () => {
    const ids = Array.from({ length: 40 }, fresh);
    await Promise.all(
      ids.flatMap((orderId) => [
        ingestion.send('order-refund', [refund(orderId, 'r1', '10')]),
        ingestion.send('order', [anOrder({ orderId })]),
      ]),
    );
    const orders = (await ingestion.orders('demo')).filter(({ order }) => ids.includes(order.orderId));
    expect(orders.map(({ order }) => order.lines[0]?.refundedAmount)).toEqual(ids.map(() => '10.00'));
    expect(await ingestion.count('waiting_refund')).toBe(0);
  });
});

describe('accepting activities', () => {
  it('U12: records each once', async () => {
    const activity = { source: 'app', id: fresh(), member: 'm-1', type: 'check-in', occurredAt: at };
    const receipts = await ingestion.send('activity', [activity, activity, { ...activity, type: 'login' }]);
    expect(outcomes(receipts)).toEqual(['accepted', 'duplicate', 'content_conflict']);
  });
});

describe('many at once', () => {
  it('20 submitters of overlapping orders record every revision order once, and nobody loses', async () => {
    const ids = Array.from({ length: 30 }, fresh);
    const batch = (revision: number) =>
      ids.map((orderId, index) => anOrder({ orderId, revision, member: `p-${index % 7}` }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, submitter) => ingestion.send('order', batch(1 + (submitter % 3)))),
    );
    const accepted = answers.flat().filter(({ outcome }) => outcome === 'accepted').length;
    expect(answers.flat().filter(({ outcome }) => outcome === 'rejected')).toEqual([]);
    let events = 0;
    for (const orderId of ids) events += await versions(orderId);
    expect(events).toBe(accepted);
    for (const orderId of ids) expect((await recorded(orderId))?.order.revision).toBe(3);
  });

  it('one member wins an order that two claim at the same moment', async () => {
    const ids = Array.from({ length: 20 }, fresh);
    const answers = await Promise.all(
      ids.flatMap((orderId) =>
        ['q-1', 'q-2', 'q-3'].map((member) => ingestion.send('order', [anOrder({ orderId, member })])),
      ),
    );
    const seen = outcomes(answers.flat());
    expect(seen.filter((outcome) => outcome === 'accepted')).toHaveLength(20);
    expect(seen.filter((outcome) => outcome === 'member_changed')).toHaveLength(40);
  });
});

describe('a record that cannot be stored', () => {
  it('is refused and kept, and takes no other one down with it', async () => {
    const ids = Array.from({ length: 9 }, fresh);
    const waitingFor: Harness['tables']['waitingFor'] = (sql, streams) =>
      streams.includes(`demo/shop/order/${ids[4] ?? ''}`)
        ? Promise.reject(new TypeError('an odd value'))
        : ingestion.tables.waitingFor(sql, streams);
    const receipts = await accept(
      { ...ingestion, tables: { ...ingestion.tables, waitingFor } },
      ids.map((orderId) => ({
        kind: 'order',
        program: 'demo',
        via: 'http',
        meta: {},
        body: JSON.stringify(anOrder({ orderId })),
      })),
    );
    expect(outcomes(receipts)).toEqual(ids.map((_, index) => (index === 4 ? 'internal' : 'accepted')));
    expect(await ingestion.count('rejected')).toBe(1);
  });

  it('is told from a database that is away: then nothing is accepted', async () => {
    const waitingFor = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }));
    const broken = { ...ingestion, tables: { ...ingestion.tables, waitingFor } };
    const body = JSON.stringify(anOrder({ orderId: fresh() }));
    const sent = accept(broken, [{ kind: 'order', program: 'demo', via: 'http', meta: {}, body }]);
    await expect(sent).rejects.toThrow('gone');
  });
});

describe('a dry run', () => {
  it('answers the same and writes nothing', async () => {
    const orderId = fresh();
    const receipts = await ingestion.send('order', [anOrder({ orderId }), { nonsense: true }], { dryRun: true });
    expect(outcomes(receipts)).toEqual(['accepted', 'invalid_request']);
    expect([await versions(orderId), await ingestion.count('rejected')]).toEqual([0, 0]);
  });
});
