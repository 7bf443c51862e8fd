import { percentile } from './percentile.ts';
import { table } from './table.ts';

describe('percentile', () => {
  it('is the nearest rank', () => {
    const samples = [5, 1, 4, 2, 3];
    expect([0.2, 0.5, 0.99, 1].map((share) => percentile(samples, share))).toEqual([1, 3, 5, 5]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('table', () => {
  it('aligns text to the left and numbers to the right', () => {
    expect(
      table(
        ['what', 'rate'],
        [
          ['a', 1],
          ['long', 100],
        ],
      ),
    ).toBe(['what  rate', '----  ----', 'a        1', 'long   100'].join('\n'));
  });
});
