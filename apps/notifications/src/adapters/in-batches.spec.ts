import { inBatches } from './in-batches.ts';

/** Answers double, fails on 13, and remembers its batches. */
function doubler(most: number) {
  const batches: (readonly number[])[] = [];
  const double = inBatches(async (batch: readonly number[]) => {
    batches.push(batch);
    await Promise.resolve();
    if (batch.includes(13)) throw new Error('unlucky');
    return batch.map((each) => each * 2);
  }, most);
  return { double, batches };
}

describe('in batches', () => {
  it('one alone is at once a batch; what comes meanwhile is the next, at most so many', async () => {
    const { double, batches } = doubler(3);
    expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    expect(await double(6)).toBe(12);
  });

  it('of a batch that fails only those fail that must', async () => {
    const { double } = doubler(10);
    const outs = await Promise.allSettled([1, 2, 13, 4].map(double));
    expect(outs.map((out) => (out.status === 'fulfilled' ? out.value : 'failed'))).toEqual([2, 4, 'failed', 8]);
  });
});
