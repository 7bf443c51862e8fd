import { createHash } from 'node:crypto';
import type { Consumer, Message } from '@jifen/messaging';
import { SOURCE_ORDER_TOPIC } from '@jifen/messaging';
import { Registry } from 'prom-client';
import { anOrder, PARTITIONS, startHarness, type Harness } from '../../test/harness.ts';
import { changeStanding } from '../application/change-standing.ts';
import { updateMember } from '../application/update-member.ts';
import { createMetrics } from './metrics.ts';
import { createSourceConsumer } from './source-consumer.ts';
import { createDirectory } from './tables.ts';

let ingestion: Harness;
let consumer: Consumer;
let epoch = 0;
const PARTITION = 3;

beforeAll(async () => {
  ingestion = await startHarness();
  const metrics = createMetrics(new Registry());
  consumer = createSourceConsumer({ ...ingestion, directoryIn: createDirectory, metrics });
  const claims = await consumer.claim(Array.from({ length: PARTITIONS }, (_, index) => index));
  epoch = claims[PARTITION]?.epoch ?? 0;
});
afterAll(() => ingestion.stop());
beforeEach(() => ingestion.pool.query('DELETE FROM rejected; DELETE FROM dead_letter'));

let offset = 0;
const message = (value: unknown, headers: Readonly<Record<string, string>> = {}): Message => ({
  topic: SOURCE_ORDER_TOPIC,
  partition: PARTITION,
  offset: offset++,
  key: 'whatever',
  headers,
  value: typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value),
});

/** Everything is delivered twice. */
async function deliver(...messages: readonly Message[]): Promise<void> {
  for (let time = 0; time < 2; time++) await consumer.handle({ messages, epochs: new Map([[PARTITION, epoch]]) });
}

const order = (orderId: string, change: object = {}): object => ({
  ...anOrder({ orderId }),
  program: 'demo',
  ...change,
});
const events = (orderId: string) => ingestion.store.readStream(`demo/shop/order/${orderId}`, 0, 10);
const codes = async (): Promise<readonly string[]> =>
  (await ingestion.pool.query<{ code: string }>('SELECT code FROM rejected ORDER BY sequence')).rows.map(
    ({ code }) => code,
  );

describe('the source topic', () => {
  it('U12: records an order once, however often it is delivered', async () => {
    await deliver(message(order('K-1')), message(order('K-1')));
    expect(await events('K-1')).toHaveLength(1);
  });

  it('takes bare orders, and CloudEvents in binary and structured mode', async () => {
    const structured = {
      specversion: '1.0',
      id: 'evt-9',
      source: '/erp',
      type: 'order',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      data: order('K-4'),
    };
    await deliver(
      message(order('K-2')),
      message(order('K-3'), { ce_type: 'order', ce_id: 'evt-8', ce_correlationid: 'chain-1' }),
      message(structured, { 'content-type': 'application/cloudevents+json; charset=utf-8' }),
    );
    expect((await events('K-2')).map(({ meta }) => meta)).toEqual([{}]);
    expect((await events('K-3')).map(({ meta }) => meta)).toEqual([{ correlationId: 'chain-1', causationId: 'evt-8' }]);
    expect((await events('K-4')).map(({ meta }) => meta)).toEqual([
      { correlationId: '0af7651916cd43dd8448eb211c80319c', causationId: 'evt-9', traceparent: structured.traceparent },
    ]);
  });

  it('takes refunds, before and after their order, and activities', async () => {
    const refund = (orderId: string) => ({
      program: 'demo',
      source: 'shop',
      refundId: 'r',
      orderId,
      occurredAt: '2026-11-20T00:00:00Z',
      amount: '1',
    });
    const activity = {
      program: 'demo',
      source: 'app',
      id: 'k',
      member: 'm',
      type: 'check-in',
      occurredAt: '2026-11-20T00:00:00Z',
    };
    await deliver(message(refund('K-5'), { ce_type: 'order-refund' }), message(activity, { ce_type: 'activity' }));
    expect(await ingestion.count('waiting_refund')).toBe(1);
    await deliver(message(order('K-5')), message(refund('K-1'), { ce_type: 'order-refund' }));
    expect([
      await ingestion.count('waiting_refund'),
      (await events('K-5')).length,
      (await events('K-1')).length,
    ]).toEqual([0, 2, 2]);
    expect(await ingestion.store.readStream('demo/app/activity/k', 0, 10)).toHaveLength(1);
  });

  it('keeps bad records once, as rejected and as dead letters, and goes on', async () => {
    await deliver(
      message('{"half":'),
      message(Uint8Array.from([0xff, 0xfe])),
      message(order('K-6'), { ce_type: 'invoice' }),
      message({ specversion: '1.0', type: 'order' }, { 'content-type': 'application/cloudevents+json' }),
      message(order('K-6', { program: undefined })),
      message(order('K-6', { member: undefined, identity: { namespace: 'wecom', value: 'w-k' } })),
      message(order('K-7')),
    );
    expect((await codes()).toSorted()).toEqual([
      'invalid_request',
      'invalid_request',
      'invalid_request',
      'malformed_json',
      'malformed_json',
      'unknown_member',
    ]);
    expect(await ingestion.count('dead_letter')).toBe(6);
    expect(await events('K-7')).toHaveLength(1);
  });

  it('says in a dead letter what is wrong where, for nobody reads what names no program elsewhere', async () => {
    await deliver(message(''), message(order('K-8', { program: undefined })), message(order('K-8'), { ce_type: 'x' }));
    const { rows } = await ingestion.pool.query<{ detail: string }>('SELECT detail FROM dead_letter ORDER BY id');
    expect(rows.map(({ detail }) => detail)).toEqual([
      'the message has no value',
      'the order breaks its schema: /program must be given',
      'the event is of no type that is taken here: /type must be one of order, order-refund, activity',
    ]);
  });

  it('Q36: of dead letters of an erased member the place and the hash stay, and those of others as they are', async () => {
    const email = 'bai@example.com';
    const profile = { identities: [{ namespace: 'mail', value: email }] };
    await updateMember(ingestion, { program: 'demo', member: 'm-36', profile, meta: {} });
    const bad = (orderId: string, change: object) => order(orderId, { revision: -1, ...change });
    const mine = { member: undefined, identity: profile.identities[0] };
    const data = bad('E-2', { member: 'm-36' });
    const hers = [
      message(bad('E-1', mine)),
      message({ specversion: '1.0', type: 'order', data }, { 'content-type': 'application/cloudevents+json' }),
      message(`{"member":"m-36","name":"${email}`),
      message(`{"identity":{"value":"${email}"}}`),
      { ...message('{"half":', { ce_subject: email }), key: email },
    ];
    const others = [
      message(bad('E-3', { member: 'm-360' })),
      message(bad('E-4', { ...mine, program: 'other' })),
      message(`{"note":"${email} and more"`),
    ];
    await deliver(...hers, ...others);
    const members = { ...ingestion, members: ingestion.memberLog };
    const change = { program: 'demo', member: 'm-36', reason: 'legal', actor: 'li', meta: {} } as const;
    const erased = await changeStanding(members, { ...change, standing: 'anonymised' });
    expect(erased).toMatchObject({ ok: true, value: { forgotten: { identities: 1, records: 4, deadLetters: 5 } } });
    const { rows } = await ingestion.pool.query<{ offset: number; reason: string; row: string; value: string }>(
      `SELECT message_offset::int AS "offset", reason, convert_from(value, 'UTF8') AS value, dead_letter::text AS row
       FROM dead_letter ORDER BY id`,
    );
    expect(rows).toHaveLength(8);
    const left = (messages: readonly Message[]) =>
      rows.filter(({ offset: place }) => messages.some((each) => each.offset === place));
    const hash = (value: string | Uint8Array) => createHash('sha256').update(value).digest('hex');
    expect(left(hers).map(({ value }) => value)).toEqual(hers.map(({ value }) => `sha256:${hash(value)}`));
    for (const { row, reason } of left(hers)) {
      expect(row).not.toMatch(/bai@|m-36/);
      expect(['invalid_request', 'malformed_json']).toContain(reason);
    }
    expect(left(others).map(({ value }) => value)).toEqual(others.map(({ value }) => value));
    // Once more there is nothing left to drop.
    expect(await changeStanding(members, { ...change, standing: 'removed' })).toMatchObject({
      value: { forgotten: { identities: 0, records: 0, deadLetters: 0 } },
    });
  });

  it('finds members by identities that were linked meanwhile', async () => {
    const profile = { identities: [{ namespace: 'wecom', value: 'w-l' }] };
    await updateMember(ingestion, { program: 'demo', member: 'm-12', profile, meta: {} });
    await deliver(message(order('K-8', { member: undefined, identity: profile.identities[0] })));
    expect((await events('K-8')).map(({ key }) => key)).toEqual(['demo/m-12']);
  });

  it('starts after what it has committed', async () => {
    const claims = await consumer.claim([PARTITION]);
    expect(claims[0]?.offsets).toEqual({ [SOURCE_ORDER_TOPIC]: offset });
  });
});
