import fc from 'fast-check';
import { dealPartitions } from './assigner.ts';

const wish = (memberId: string, owned: readonly number[] = []): { memberId: string; owned: readonly number[] } => ({
  memberId,
  owned,
});

describe('dealing partitions', () => {
  it('gives one member all', () => {
    expect(dealPartitions([wish('a')], 4)).toEqual(new Map([['a', [0, 1, 2, 3]]]));
  });

  it('lets members keep what they have, and gives a new one its share', () => {
    const dealt = dealPartitions([wish('a', [0, 1]), wish('b', [2, 3]), wish('c')], 4);
    expect([...dealt.values()].map((hand) => hand.length).sort()).toEqual([1, 1, 2]);
    expect(dealt.get('a')?.every((partition) => [0, 1].includes(partition))).toBe(true);
    expect(dealt.get('b')?.every((partition) => [2, 3].includes(partition))).toBe(true);
  });

  it('gives a dead member’s partitions to those who are left, who keep theirs', () => {
    const dealt = dealPartitions([wish('a', [0, 3]), wish('c', [2])], 6);
    expect(dealt.get('a')).toEqual(expect.arrayContaining([0, 3]));
    expect(dealt.get('c')).toEqual(expect.arrayContaining([2]));
  });

  it('leaves members without when there are more of them than partitions', () => {
    const dealt = dealPartitions([wish('a'), wish('b'), wish('c')], 2);
    expect([...dealt.values()].flat().sort()).toEqual([0, 1]);
  });

  it('deals each partition once, evenly, whatever the members claim to have had', () => {
    const members = fc.uniqueArray(
      fc.record({ memberId: fc.string({ minLength: 1 }), owned: fc.array(fc.integer({ min: -2, max: 40 })) }),
      { minLength: 1, maxLength: 9, selector: ({ memberId }) => memberId },
    );
    fc.assert(
      fc.property(members, fc.integer({ min: 1, max: 32 }), (group, count) => {
        const hands = [...dealPartitions(group, count).values()];
        expect(hands.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
        const sizes = hands.map((hand) => hand.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(dealPartitions([...group].reverse(), count)).toEqual(dealPartitions(group, count));
      }),
    );
  });

  it('changes nothing when the group stays the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 32 }), (size, count) => {
        const first = dealPartitions(
          Array.from({ length: size }, (_, index) => wish(`m${index}`)),
          count,
        );
        const again = dealPartitions(
          [...first].map(([memberId, owned]) => wish(memberId, owned)),
          count,
        );
        expect(again).toEqual(first);
      }),
    );
  });
});
