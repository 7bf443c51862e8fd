import { createRequire } from 'node:module';
import fc from 'fast-check';
import { framed, frameRecords } from './framing.ts';

interface RecordFields {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const recordBytes = (fields: RecordFields): string => {
  const encode = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (
    fields: RecordFields,
  ) => { readonly buffer: Buffer };
  return encode(fields).buffer.toString('hex');
};

describe('a framed record', () => {
  it('has the very bytes that kafkajs would write', () => {
    const headers = fc.dictionary(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.string({ maxLength: 200, unit: 'grapheme' }),
    );
    const fields = fc.record({ key: fc.string(), value: fc.string({ maxLength: 3000, unit: 'grapheme' }), headers });
    fc.assert(
      fc.property(fields, fc.nat(1000), ({ key, value, headers: given }, offsetDelta) => {
        const plain = recordBytes({ offsetDelta, timestampDelta: 0, key, value, headers: given });
        frameRecords();
        const ours = recordBytes({ offsetDelta, timestampDelta: 0, key, value: framed(value, given) });
        expect(ours).toBe(plain);
        // A record that is not framed is written as before.
        expect(recordBytes({ offsetDelta, timestampDelta: 0, key, value, headers: given })).toBe(plain);
      }),
    );
  });

  it('may have values of 63, 64 and 10,000 bytes, in one and in three bytes a letter', () => {
    frameRecords();
    for (const letter of ['a', '积']) {
      for (const length of [0, 20, 21, 22, 62, 63, 64, 65, 10_000]) {
        const headers = { ce_type: letter.repeat(length), traceparent: '' };
        const plain = recordBytes({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'v', headers });
        expect(recordBytes({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: framed('v', headers) })).toBe(plain);
      }
    }
  });

  it('cannot have other headers besides', () => {
    frameRecords();
    const both = { offsetDelta: 0, timestampDelta: 0, key: 'k', value: framed('v', { a: 'b' }), headers: { c: 'd' } };
    expect(() => recordBytes(both)).toThrow('has its headers already');
  });
});
