import type { StoredEvent } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import type { Message } from './index.ts';
import { contentOf, envelopeOf, messageOfEvent, metaOfAnswer } from './index.ts';

const event: StoredEvent = {
  log: 'activity',
  partition: 3,
  position: 1234,
  stream: 'shop/erp/order/A-1',
  version: 2,
  key: 'shop/m-1',
  type: 'order.recorded',
  schemaVersion: 1,
  data: '{"orderId":"A-1","text":"积分"}',
  meta: { correlationId: 'activity-3-1200', causationId: 'request-7', traceparent: '00-aa-bb-01' },
  occurredAt: instant('2026-01-02T03:04:05.678Z'),
  recordedAt: instant('2026-01-02T03:04:06.000Z'),
  effectiveAt: instant('2026-01-02T03:04:05.678Z'),
  hash: new Uint8Array(32),
};

const message = messageOfEvent(event, 'jifen.activity.v1');
const without = (name: string): Message => ({
  ...message,
  headers: Object.fromEntries(Object.entries(message.headers).filter(([header]) => header !== name)),
});

describe('messageOfEvent', () => {
  it('writes the headers that other systems read: golden', () => {
    expect({ ...message, headers: message.headers }).toEqual({
      topic: 'jifen.activity.v1',
      partition: 3,
      offset: 1234,
      key: 'shop/m-1',
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_id: 'activity-3-1234',
        ce_source: '/jifen/ingestion',
        ce_type: 'order.recorded',
        ce_time: '2026-01-02T03:04:05.678Z',
        ce_partitionkey: 'shop/m-1',
        ce_sequence: '0000000000001234',
        ce_recordedtime: '2026-01-02T03:04:06.000Z',
        ce_schemaversion: '1',
        ce_correlationid: 'activity-3-1200',
        ce_causationid: 'request-7',
        traceparent: '00-aa-bb-01',
      },
      value: '{"orderId":"A-1","text":"积分"}',
    });
  });

  it('leaves out what the event does not have', () => {
    const { headers } = messageOfEvent({ ...event, meta: {} }, 'jifen.activity.v1');
    expect(Object.keys(headers).filter((name) => /correlation|causation|trace/.test(name))).toEqual([]);
  });
});

describe('envelopeOf', () => {
  it.each([
    ['a message of this process', message],
    ['what messageOfEvent wrote', { ...message, headers: message.headers }],
  ])('reads %s', (_, read) => {
    expect(envelopeOf(read)).toEqual({
      ok: true,
      value: {
        id: 'activity-3-1234',
        source: '/jifen/ingestion',
        type: 'order.recorded',
        time: '2026-01-02T03:04:05.678Z',
        partitionkey: 'shop/m-1',
        sequence: 1234,
        recordedtime: '2026-01-02T03:04:06.000Z',
        schemaversion: 1,
        correlationid: 'activity-3-1200',
        causationid: 'request-7',
        traceparent: '00-aa-bb-01',
      },
    });
  });

  it.each(['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'ce_sequence'])(
    'refuses without %s',
    (name) => {
      expect(envelopeOf(without(name))).toMatchObject({ ok: false, refusal: { reason: 'undecodable' } });
    },
  );

  it.each([
    ['ce_sequence', '12a'],
    ['ce_sequence', '-1'],
    ['ce_sequence', ''],
    ['ce_sequence', '12345678901234567'],
    ['ce_time', 'yesterday'],
    ['ce_specversion', '0.3'],
  ])('refuses %s = "%s"', (name, value) => {
    expect(envelopeOf({ ...message, headers: { ...message.headers, [name]: value } }).ok).toBe(false);
  });
});

describe('metaOfAnswer', () => {
  it('continues the chain of the message, or begins one with it', () => {
    const envelope = envelopeOf(message);
    if (!envelope.ok) throw new Error(envelope.refusal.detail);
    const { correlationid: _, traceparent: __, ...first } = envelope.value;
    const ids = { correlationId: 'activity-3-1200', causationId: 'activity-3-1234' };
    expect(metaOfAnswer(envelope.value)).toEqual({ ...ids, traceparent: '00-aa-bb-01' });
    expect(metaOfAnswer(first)).toStrictEqual({ correlationId: 'activity-3-1234', causationId: 'activity-3-1234' });
  });
});

describe('contentOf', () => {
  const refused = { ok: false, refusal: 'schema' } as const;
  const checked = (value: unknown) =>
    typeof value === 'object' && value !== null && 'orderId' in value ? { ok: true as const, value } : refused;
  const made = { orderId: 'A-1', text: '积分' };

  it('takes what a writer in this process has made, unread', () => {
    const never = (): never => {
      throw new Error('asked');
    };
    const content = contentOf<object, never>(messageOfEvent({ ...event, content: made }, 'jifen.activity.v1'), never);
    expect(content.ok && content.value).toBe(made);
  });

  it.each([
    ['text', message.value],
    ['bytes', Buffer.from(event.data)],
  ])('reads and checks the %s of everybody else', (_, value) => {
    const foreign = { ...message, value };
    expect(contentOf(foreign, checked)).toEqual({ ok: true, value: made });
    expect(contentOf({ ...foreign, value: '{}' }, checked)).toBe(refused);
    expect(() => contentOf({ ...foreign, value: '{' }, checked)).toThrow(SyntaxError);
  });
});
