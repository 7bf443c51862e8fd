import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Message } from '@jifen/messaging';
import type { KafkaMessage } from 'kafkajs';
import { framed, frameRecords } from './framing.ts';
import { messageOf } from './record.ts';
import { readHeadersAsText } from './text-headers.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

interface Wire {
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers: Headers;
  readonly offsetDelta: number;
  readonly timestampDelta: number;
}

const require = createRequire(import.meta.url);
const encode = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (wire: Wire) => {
  readonly buffer: Buffer;
};
const decode = require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as (
  decoder: object,
  batch: object,
) => KafkaMessage;
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => {
  readVarIntBytes(): Buffer;
};

const FIRST_TIMESTAMP = 1_790_000_000_000;
/** Over the wire and back, as kafkajs does it. */
function recordOf(wire: Partial<Wire>): KafkaMessage {
  const { buffer } = encode({ key: 'k', value: 'v', headers: {}, offsetDelta: 0, timestampDelta: 0, ...wire });
  const record = new Decoder(new Decoder(buffer).readVarIntBytes());
  return decode(record, { firstOffset: '40', firstTimestamp: String(FIRST_TIMESTAMP) });
}

const sent = (wire: Partial<Wire>): Message => {
  const message = messageOf('t', 3, recordOf(wire));
  return { ...message, headers: { ...message.headers } };
};

const hostile = (name: string): Headers => JSON.parse(`{${JSON.stringify(name)}:"x"}`) as Headers;

beforeAll(() => {
  frameRecords();
  readHeadersAsText();
});

describe('a record', () => {
  it('becomes a message with lower-case text headers', () => {
    const headers = { CE_Type: 'order.recorded', many: ['a', 'b'] };
    expect(sent({ key: 'shop/m-1', value: '{}', headers, offsetDelta: 2 })).toEqual({
      topic: 't',
      partition: 3,
      offset: 42,
      key: 'shop/m-1',
      headers: { ce_type: 'order.recorded', many: 'a' },
      value: Buffer.from('{}'),
    });
  });

  it('without key and value is an empty message', () => {
    const message = sent({ key: null, value: null });
    expect([message.key, message.value.length, message.headers]).toEqual(['', 0, {}]);
  });

  it('may have a header without a value, which says nothing', () => {
    // Attributes, times and offsets 0; no key, no value; two headers: `a` without a value, `b` with `c`.
    const bytes = [0, 0, 0, 1, 1, 4, 2, 0x61, 1, 2, 0x62, 2, 0x63];
    const record = decode(new Decoder(Buffer.from(bytes)), { firstOffset: '0', firstTimestamp: '0' });
    expect(Object.entries(messageOf('t', 0, record).headers)).toEqual([['b', 'c']]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('may name a header %s', (name) => {
    const { headers } = messageOf('t', 0, recordOf({ headers: hostile(name) }));
    expect(Object.entries(headers)).toEqual([[name.toLowerCase(), 'x']]);
  });

  it('has no header that nobody sent', () => {
    const { headers } = messageOf('t', 0, recordOf({}));
    expect([headers['constructor'], headers['toString'], headers['__proto__']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has the headers that were sent, whatever the records before had in their place', () => {
    const name = fc.oneof(fc.constantFrom('ce_id', 'ce_type', '类型'), fc.string({ unit: 'grapheme' }));
    const value = fc.oneof(fc.constantFrom('1.0', '1.1', '积分', ''), fc.string({ unit: 'grapheme', maxLength: 200 }));
    const headers = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key.toLowerCase(), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(headers, { minLength: 1, maxLength: 4 }), (records) => {
        for (const record of records) {
          const said = Object.fromEntries(record);
          const lower = Object.fromEntries(Object.entries(said).map(([key, text]) => [key.toLowerCase(), text]));
          expect(sent({ headers: said }).headers).toEqual(lower);
          expect(sent({ value: framed('v', said) }).headers).toEqual(lower);
        }
      }),
    );
  });

  it('keeps its time, however long after the first of its batch', () => {
    for (const timestampDelta of [0, 1, 63, 64, 8191, 8192, 2 ** 27 - 1, 2 ** 27, 2 ** 31 - 1, 2 ** 40])
      expect(recordOf({ timestampDelta }).timestamp).toBe(String(FIRST_TIMESTAMP + timestampDelta));
  });

  it('that was read by another kafkajs is refused, instead of losing its headers', () => {
    expect(() => messageOf('t', 0, Object.assign(recordOf({}), { headers: { a: Buffer.from('b') } }))).toThrow(
      'another kafkajs',
    );
  });
});
