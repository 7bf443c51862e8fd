import { choose, fairShare } from './group-share.ts';

describe('fairShare', () => {
  it.each([
    [16, 1, [16]],
    [16, 2, [8, 8]],
    [16, 3, [6, 5, 5]],
    [4, 5, [1, 1, 1, 1, 0]],
  ])('spreads %i partitions over %i members', (partitions, members, shares) => {
    expect([...Array(members).keys()].map((rank) => fairShare(partitions, members, rank))).toEqual(shares);
  });
});

describe('choose', () => {
  it('begins elsewhere for each rank, and goes round', () => {
    const free = [0, 1, 2, 3];
    expect(choose(free, 2, 0, 2)).toEqual([0, 1]);
    expect(choose(free, 2, 1, 2)).toEqual([2, 3]);
    expect(choose(free, 3, 1, 2)).toEqual([2, 3, 0]);
    expect(choose(free, 0, 0, 2)).toEqual([]);
  });
});
