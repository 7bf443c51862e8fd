import { createHash } from 'node:crypto';
import { instantFromMillis } from '@jifen/kernel';
import { eventHash, eventHashHex, GENESIS_HASH, hashedText, metaText } from './index.ts';

const at = instantFromMillis(0);
const event = {
  log: 'activity',
  partition: 3,
  position: 12,
  stream: 'shop/m-1',
  version: 2,
  key: 'shop/m-1',
  type: 'order.recorded',
  schemaVersion: 1,
  data: '{"text":"积分🎁"}',
  meta: {},
  occurredAt: at,
  recordedAt: at,
  effectiveAt: at,
};

describe('eventHash', () => {
  it('is the SHA-256 of the bytes that its description says', () => {
    const time = '1970-01-01T00:00:00.000Z';
    const bytes =
      `64:${'0'.repeat(64)},8:activity,1:3,2:12,8:shop/m-1,1:2,8:shop/m-1,14:order.recorded,1:1,` +
      `24:${time},24:${time},24:${time},2:{},21:{"text":"积分🎁"},`;
    expect(eventHash(GENESIS_HASH, event)).toEqual(createHash('sha256').update(bytes, 'utf8').digest());
  });

  it.each([0, 1, 7_000, 10_800, 10_900, 11_000, 40_000, 400_000])('is the same for %s characters of data', (length) => {
    for (const data of ['x'.repeat(length), '积'.repeat(length), '🎁'.repeat(length / 2)]) {
      const [bytes, time] = [Buffer.byteLength(data), '1970-01-01T00:00:00.000Z'];
      const text =
        `64:${'0'.repeat(64)},8:activity,1:3,2:12,8:shop/m-1,1:2,8:shop/m-1,14:order.recorded,1:1,` +
        `24:${time},24:${time},24:${time},2:{},${bytes}:${data},`;
      const expected = createHash('sha256').update(text, 'utf8').digest('hex');
      expect(eventHash(GENESIS_HASH, { ...event, data }).toString('hex')).toBe(expected);
      expect(eventHashHex('0'.repeat(64), { ...event, meta: '{}', data })).toBe(expected);
    }
  });

  it.each(['m', '9 letters', '10 letters', 'm'.repeat(99), 'm'.repeat(100), '积分', 'm-é', 'm-🎁', '\u0080'])(
    'is the same however its fields are written: %s',
    (text) => {
      const meta = { correlationId: text, causationId: text, traceparent: text };
      const named = { ...event, log: text, stream: text, key: text, type: text, data: JSON.stringify(text), meta };
      for (const figure of [1, 9, 10, 12_345, Number.MAX_SAFE_INTEGER]) {
        const each = { ...named, partition: figure, position: figure, version: figure, schemaVersion: figure };
        const bytes = hashedText('0'.repeat(64), { ...each, meta: metaText(meta) });
        expect(eventHash(GENESIS_HASH, each)).toEqual(createHash('sha256').update(bytes, 'utf8').digest());
      }
    },
  );

  it('covers where an event comes from as it is stored: sorted, without white space and what is not known', () => {
    expect(metaText({ traceparent: '00-1', causationId: 'a-"1', correlationId: 'b' })).toBe(
      '{"causationId":"a-\\"1","correlationId":"b","traceparent":"00-1"}',
    );
    expect(metaText({ correlationId: 'b' })).toBe('{"correlationId":"b"}');
    expect(metaText({})).toBe('{}');
  });

  it('changes with each field, and when text moves from one to the next', () => {
    const other = { ...event, partition: 4, position: 13, version: 3, schemaVersion: 2 };
    const later = instantFromMillis(1);
    const changed = [
      ...(['partition', 'position', 'version', 'schemaVersion'] as const).map((f) => ({ ...event, [f]: other[f] })),
      ...(['log', 'stream', 'key', 'type', 'data'] as const).map((f) => ({ ...event, [f]: `${event[f]} ` })),
      ...(['correlationId', 'causationId', 'traceparent'] as const).map((f) => ({ ...event, meta: { [f]: 'x' } })),
      ...(['occurredAt', 'recordedAt', 'effectiveAt'] as const).map((f) => ({ ...event, [f]: later })),
      { ...event, stream: 'shop/m-', version: 12 },
    ];
    const hashes = [event, ...changed].map((each) => eventHash(GENESIS_HASH, each).toString('hex'));
    hashes.push(eventHash(eventHash(GENESIS_HASH, event), event).toString('hex'));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
