import fc from 'fast-check';
import {
  canonicalJson,
  instantFromMillis,
  instantToMillis,
  memberKey,
  murmur2,
  parseInstant,
  partitionOf,
  utf8,
} from './index.ts';

describe('partitionOf', () => {
  // Values of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('murmur2(%s) = %d, as Kafka computes it', (text, expected) => {
    expect(murmur2(utf8(text))).toBe(expected);
  });

  it('encodes as every UTF-8 encoder does, lone surrogates included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8(text)).toEqual([...new TextEncoder().encode(text)]);
      }),
    );
    expect(utf8('\ud800x')).toEqual([...new TextEncoder().encode('\ud800x')]);
  });

  it('spreads members over all partitions', () => {
    const seen = new Set(Array.from({ length: 500 }, (_, index) => partitionOf(memberKey('demo', `m-${index}`), 16)));
    expect(seen.size).toBe(16);
  });
});

describe('instantToMillis', () => {
  it('gives back every millisecond from 1970 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799999 }), (at) => instantToMillis(instantFromMillis(at)) === at),
    );
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-01T10:00:00+08:00', '2026-11-01T02:00:00.000Z'],
    ['2024-02-29T23:59:59.9999Z', '2024-02-29T23:59:59.999Z'],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-01 10:00:00Z', undefined],
    ['2026-11-01T10:00:00', undefined],
    ['1969-12-31T23:59:59Z', undefined],
    ['2026-11-01T24:00:01Z', undefined],
  ])('%s → %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it('orders as text', () => {
    fc.assert(fc.property(fc.nat(4e12), fc.nat(4e12), (a, b) => instantFromMillis(a) < instantFromMillis(b) === a < b));
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of fields', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":1}]}');
  });

  it('is what JSON.parse reads back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
