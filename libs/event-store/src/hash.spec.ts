import { createHash } from 'node:crypto';
import { instantFromMillis } from '@jifen/kernel';
import { eventHash, eventHashHex, GENESIS_HASH } from './index.ts';

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
  meta: '{}',
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
      expect(eventHashHex('0'.repeat(64), { ...event, data })).toBe(expected);
    }
  });

  it('changes with each field, and when text moves from one to the next', () => {
    const other = { ...event, partition: 4, position: 13, version: 3, schemaVersion: 2 };
    const later = instantFromMillis(1);
    const changed = [
      ...(['partition', 'position', 'version', 'schemaVersion'] as const).map((f) => ({ ...event, [f]: other[f] })),
      ...(['log', 'stream', 'key', 'type', 'data', 'meta'] as const).map((f) => ({ ...event, [f]: `${event[f]} ` })),
      ...(['occurredAt', 'recordedAt', 'effectiveAt'] as const).map((f) => ({ ...event, [f]: later })),
      { ...event, stream: 'shop/m-', version: 12 },
    ];
    const hashes = [event, ...changed].map((each) => eventHash(GENESIS_HASH, each).toString('hex'));
    hashes.push(eventHash(eventHash(GENESIS_HASH, event), event).toString('hex'));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
