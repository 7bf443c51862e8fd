import { InvariantError } from '@jifen/kernel';
import { findCulprits } from './culprits.ts';

const keysOf = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `k-${n}`);

/** Fails whenever one of the bad keys is among those probed. */
const probing = (bad: readonly string[]): { probe(keys: ReadonlySet<string>): Promise<void>; probes(): number } => {
  let probes = 0;
  return {
    probe: async (keys) => {
      probes++;
      const found = bad.find((key) => keys.has(key));
      if (found !== undefined) throw new InvariantError(found);
    },
    probes: () => probes,
  };
};

describe('findCulprits', () => {
  it.each([
    [1, 0],
    [2, 1],
    [250, 0],
    [250, 137],
    [250, 249],
  ])('finds the one among %i keys in about 2 log n probes', async (count, index) => {
    const { probe, probes } = probing([`k-${index}`]);
    const found = await findCulprits(keysOf(count), new InvariantError('first'), probe);
    expect(found.map(({ key }) => key)).toEqual([`k-${index}`]);
    expect(probes()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(Math.max(count, 2))));
  });

  it('finds several, each with its own detail', async () => {
    const bad = ['k-3', 'k-4', 'k-99'];
    const found = await findCulprits(keysOf(100), new InvariantError('first'), probing(bad).probe);
    expect(found.map(({ detail }) => detail)).toEqual(bad.map((key) => `InvariantError: ${key}`));
  });

  it('gives the fault back when every half is well on its own', async () => {
    const fault = new InvariantError('only together');
    await expect(findCulprits(keysOf(4), fault, probing([]).probe)).rejects.toBe(fault);
  });

  it('gives the fault back when a whole crowd fails, but parks a few', async () => {
    const fault = new InvariantError('the program is broken');
    await expect(findCulprits(keysOf(20), fault, probing(keysOf(20)).probe)).rejects.toBe(fault);
    expect(await findCulprits(keysOf(3), fault, probing(keysOf(3)).probe)).toHaveLength(3);
  });

  it('passes on what concerns everybody', async () => {
    const down = new Error('connection terminated');
    const probe = (): Promise<void> => Promise.reject(down);
    await expect(findCulprits(keysOf(4), new InvariantError('first'), probe)).rejects.toBe(down);
  });
});
