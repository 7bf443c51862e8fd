import { createHash } from 'node:crypto';
import { leafHash, mountainOf, MountainRange, mountains, nodeHash } from './index.ts';

const eventHash = (n: number): string => createHash('sha256').update(String(n)).digest('hex');

/** The tree over a power of two of leaves, as its definition says. */
const root = (leaves: readonly string[]): string =>
  leaves.length === 1
    ? (leaves[0] ?? '')
    : nodeHash(root(leaves.slice(0, leaves.length / 2)), root(leaves.slice(leaves.length / 2)));

const peaksOf = (size: number): readonly string[] => {
  let start = 0;
  return mountains(size).map((each) => {
    const leaves = Array.from({ length: each }, (_, index) => leafHash(eventHash(start + index + 1)));
    start += each;
    return root(leaves);
  });
};

describe('a mountain range', () => {
  it('has a mountain for each bit of its size', () => {
    expect([0, 1, 2, 3, 7, 8, 1_000_003].map((size) => mountains(size))).toEqual([
      [],
      [1],
      [2],
      [2, 1],
      [4, 2, 1],
      [8],
      [524_288, 262_144, 131_072, 65_536, 16_384, 512, 64, 2, 1],
    ]);
  });

  it.each([1, 2, 3, 6, 7, 8, 13, 64, 100])(
    'over %i events has the peaks of its definition, also when it goes on',
    (size) => {
      const whole = new MountainRange();
      for (let n = 1; n <= size; n++) whole.add(eventHash(n));
      expect(whole.peaks).toEqual(peaksOf(size));
      const half = Math.floor(size / 2);
      const later = new MountainRange(half, peaksOf(half));
      for (let n = half + 1; n <= size; n++) later.add(eventHash(n));
      expect({ size: later.size, peaks: later.peaks }).toEqual({ size, peaks: whole.peaks });
    },
  );

  it('gives each event a way up to its peak, at most as long as the mountain is high', () => {
    const size = 45;
    const range = new MountainRange();
    const paths = Array.from({ length: size }, (): string[] => []);
    for (const [index, path] of paths.entries()) range.add(eventHash(index + 1), path);
    for (const [index, path] of paths.entries()) {
      const mountain = mountainOf(index + 1, size);
      let place = index - mountain.start;
      let hash = leafHash(eventHash(index + 1));
      for (const sibling of path) {
        hash = place % 2 === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
        place = Math.floor(place / 2);
      }
      expect(hash).toBe(range.peaks[mountain.peak]);
      expect(2 ** path.length).toBe(mountain.size);
    }
  });

  it('does not take an event that it does not have, nor peaks of another size', () => {
    expect(() => mountainOf(0, 5)).toThrow('position 0');
    expect(() => mountainOf(6, 5)).toThrow('position 6');
    expect(() => new MountainRange(3, ['aa'])).toThrow('2 peaks');
  });
});
