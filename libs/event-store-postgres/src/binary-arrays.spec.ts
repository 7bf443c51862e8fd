import { byteaArray, int4Array, int8Array, textArray, timestampArray } from './binary-arrays.ts';

/** What array_recv reads, element by element, written plainly. */
function plain(oid: number, elements: readonly (Buffer | null)[]): Buffer {
  const words = (...values: readonly number[]): Buffer => {
    const buffer = Buffer.alloc(4 * values.length);
    values.forEach((value, index) => buffer.writeInt32BE(value, 4 * index));
    return buffer;
  };
  if (elements.length === 0) return words(0, 0, oid);
  const sized = elements.flatMap((element) => (element === null ? [words(-1)] : [words(element.length), element]));
  return Buffer.concat([words(1, elements.includes(null) ? 1 : 0, oid, elements.length, 1), ...sized]);
}

const eight = (value: bigint): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return buffer;
};

const four = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};

const TEXTS = [
  ...['', 'a', '积分', 'naïve', '😀', 'é'.repeat(24), 'x'.repeat(23), 'x'.repeat(24), 'x'.repeat(25)],
  ...[
    'x'.repeat(23) + 'ß',
    '积'.repeat(40),
    '{"lot":"A~base#0","note":"“双引号”\\n"}'.repeat(50),
    '\u0000',
    '\u007f',
    '\u0080',
  ],
];
const INTEGERS = [0, 1, -1, 255, 256, -256, 65_535, 2 ** 31 - 1, -(2 ** 31)];
const SAFE = [...INTEGERS, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53 - 1), 1_234_567_890_123];

describe('arrays in binary', () => {
  it('have each text as its bytes, short or long, in whatever letters', () => {
    for (let count = 0; count <= TEXTS.length; count++) {
      const texts = TEXTS.slice(0, count);
      expect(textArray(texts)).toEqual(
        plain(
          25,
          texts.map((text) => Buffer.from(text)),
        ),
      );
    }
  });

  it('have integers of four and of eight bytes, and refuse what is none', () => {
    expect(int4Array(INTEGERS)).toEqual(plain(23, INTEGERS.map(four)));
    expect(int8Array(SAFE)).toEqual(
      plain(
        20,
        SAFE.map((value) => eight(BigInt(value))),
      ),
    );
    for (const wrong of [2 ** 31, -(2 ** 31) - 1, 0.5, NaN]) expect(() => int4Array([wrong])).toThrow(RangeError);
    for (const wrong of [2 ** 53, 0.5, NaN, Infinity]) expect(() => int8Array([wrong])).toThrow(RangeError);
  });

  it('have instants as microseconds since 2000, from the first to the last year, and never', () => {
    const years = [0, 946_684_799_999, 946_684_800_000, 1_796_000_000_123, 253_402_300_799_999];
    expect(timestampArray([...years, Infinity])).toEqual(
      plain(1184, [...years.map((each) => eight(BigInt(each - 946_684_800_000) * 1000n)), eight(0x7fffffffffffffffn)]),
    );
  });

  it('have NULL where there is no text or no instant', () => {
    expect(textArray(['a', null, '', null])).toEqual(plain(25, [Buffer.from('a'), null, Buffer.alloc(0), null]));
    expect(textArray([null])).toEqual(plain(25, [null]));
    expect(timestampArray([null, 946_684_800_001, null])).toEqual(plain(1184, [null, eight(1000n), null]));
  });

  it('have bytes as they are, and no dimension without elements', () => {
    const bytes = [Buffer.from([0, 255]), Buffer.alloc(0), Buffer.from('积')];
    expect(byteaArray(bytes)).toEqual(plain(17, bytes));
    for (const [empty, oid] of [
      [int4Array([]), 23],
      [int8Array([]), 20],
      [timestampArray([]), 1184],
    ] as const)
      expect(empty).toEqual(plain(oid, []));
  });
});
