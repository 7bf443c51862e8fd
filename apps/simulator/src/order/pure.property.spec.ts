import { orderIndependent } from './pure.ts';

describe('order independence', () => {
  it('U06 U12 U13: any arrival, any repeats, any interleaving: the same balances and awards', () => {
    const seed = Date.now() % 1_000_000_000;
    const wrong = Array.from({ length: 400 }, (_, index) => orderIndependent(seed + index)).filter(
      (each) => each !== undefined,
    );
    expect({ seed, wrong: wrong.slice(0, 3) }).toEqual({ seed, wrong: [] });
  });
});
