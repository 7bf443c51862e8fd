import fc from 'fast-check';
import {
  addPoints,
  divideRounded,
  formatMoney,
  InvariantError,
  parseDecimal,
  parseMoney,
  points,
  pointsFromBigInt,
  subtractPoints,
  type RoundingMode,
} from './index.ts';

const MAX = Number.MAX_SAFE_INTEGER;

describe('points', () => {
  it('are safe integers and throw on overflow', () => {
    expect(addPoints(points(MAX - 1), points(1))).toBe(MAX);
    expect(() => addPoints(points(MAX), points(1))).toThrow(InvariantError);
    expect(() => subtractPoints(points(-MAX), points(1))).toThrow(InvariantError);
    expect(() => points(0.5)).toThrow(InvariantError);
    expect(() => points(Number.NaN)).toThrow(InvariantError);
    expect(() => pointsFromBigInt(2n ** 53n)).toThrow(InvariantError);
  });

  it('know no negative zero', () => {
    expect(Object.is(points(-0), 0)).toBe(true);
  });
});

describe('divideRounded', () => {
  const cases: readonly (readonly [bigint, bigint, RoundingMode, bigint])[] = [
    [7n, 2n, 'floor', 3n],
    [-7n, 2n, 'floor', -4n],
    [7n, 2n, 'ceil', 4n],
    [-7n, 2n, 'ceil', -3n],
    [7n, 2n, 'half-up', 4n],
    [-7n, 2n, 'half-up', -3n],
    [5n, 2n, 'half-even', 2n],
    [7n, 2n, 'half-even', 4n],
    [8n, 3n, 'half-even', 3n],
    [6n, 3n, 'ceil', 2n],
  ];
  it.each(cases)('%s / %s %s = %s', (numerator, denominator, mode, expected) => {
    expect(divideRounded(numerator, denominator, mode)).toBe(expected);
  });

  it('U29: never strays from the exact quotient by a whole one', () => {
    const modes = fc.constantFrom<RoundingMode>('floor', 'ceil', 'half-up', 'half-even');
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 15n), 10n ** 15n),
        fc.bigInt(1n, 10n ** 6n),
        modes,
        (numerator, denominator, mode) => {
          const error = divideRounded(numerator, denominator, mode) * denominator - numerator;
          return error < denominator && error > -denominator;
        },
      ),
    );
  });
});

describe('money', () => {
  it.each([
    ['129.90', 'CNY', 12990],
    ['0', 'CNY', 0],
    ['100', 'JPY', 100],
    ['1.234', 'KWD', 1234],
  ])('reads %s %s', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ ok: true, value: minor });
  });

  it.each([
    ['1.001', 'CNY', 'too-many-decimals'],
    ['1.5', 'JPY', 'too-many-decimals'],
    ['1e400', 'CNY', 'not-a-decimal'],
    ['', 'CNY', 'not-a-decimal'],
    ['01', 'CNY', 'not-a-decimal'],
    ['NaN', 'CNY', 'not-a-decimal'],
    ['999999999999999999', 'CNY', 'out-of-range'],
  ])('refuses %s %s: %s', (text, currency, refusal) => {
    expect(parseMoney(text, currency)).toEqual({ ok: false, refusal });
  });

  it('U33: what is read is written again to the last digit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
        fc.constantFrom('CNY', 'JPY', 'KWD'),
        (minor, currency) => {
          const back = parseMoney(formatMoney(minor as never, currency), currency);
          return back.ok && back.value === minor;
        },
      ),
    );
  });

  it('reads the usual amounts as it reads every decimal', () => {
    const texts = fc.oneof(
      fc.stringMatching(/^-?\d{0,13}\.?\d{0,4}$/),
      fc.stringMatching(/^[0-9.,e+ -]{0,8}$/),
      fc.tuple(fc.nat(10 ** 9), fc.nat(999)).map(([whole, rest]) => `${whole}.${rest}`),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom('CNY', 'JPY', 'KWD'), (text, currency) => {
        const decimals = currency === 'CNY' ? 2 : currency === 'JPY' ? 0 : 3;
        const exact = parseDecimal(text);
        const fits = exact !== undefined && exact.scale <= decimals;
        const minor = fits ? exact.units * 10n ** BigInt(decimals - exact.scale) : undefined;
        const read = parseMoney(text, currency);
        if (minor === undefined || minor > BigInt(MAX) || minor < -BigInt(MAX)) expect(read.ok).toBe(false);
        else expect(read).toEqual({ ok: true, value: Number(minor) });
      }),
      { numRuns: 1000 },
    );
  });

  it('reads decimals exactly', () => {
    expect(parseDecimal('0.05')).toEqual({ units: 5n, scale: 2 });
    expect(parseDecimal('1.')).toBeUndefined();
  });
});
