import kafkajs, { type PartitionAssigner } from 'kafkajs';

const NAME = 'jifen-co-partitioned';
const VERSION = 0;

export interface GroupMemberWish {
  readonly memberId: string;
  /** Partitions that it had before; it keeps them where balance allows. */
  readonly owned: readonly number[];
}

/**
 * Deals `count` partitions to the members: counts differ by at most one, who had a partition keeps it if it can, and the
 * same input gives the same answer.
 */
export function dealPartitions(
  members: readonly GroupMemberWish[],
  count: number,
): ReadonlyMap<string, readonly number[]> {
  const sorted = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0));
  const dealt = new Map(sorted.map(({ memberId }): [string, number[]] => [memberId, []]));
  if (sorted.length === 0) return dealt;
  const floor = Math.floor(count / sorted.length);
  let larger = count % sorted.length;
  const taken = new Set<number>();
  // Those who had most may be the ones with one more.
  const keepers = [...sorted].sort((a, b) => b.owned.length - a.owned.length);
  const room = new Map<string, number>();
  for (const { memberId, owned } of keepers) {
    const mayHaveMore = larger > 0 && owned.length > floor;
    const quota = floor + (mayHaveMore ? 1 : 0);
    const hand = dealt.get(memberId) ?? [];
    for (const partition of owned) {
      if (hand.length >= quota) break;
      if (partition < 0 || partition >= count || taken.has(partition)) continue;
      taken.add(partition);
      hand.push(partition);
    }
    if (hand.length > floor) larger--;
    room.set(memberId, Math.max(0, floor - hand.length));
  }
  const free = Array.from({ length: count }, (_, partition) => partition).filter((partition) => !taken.has(partition));
  for (const { memberId } of sorted) {
    const hand = dealt.get(memberId) ?? [];
    for (let left = room.get(memberId) ?? 0; left > 0 && free.length > 0; left--) hand.push(free.shift() ?? 0);
  }
  for (const { memberId } of sorted) {
    const hand = dealt.get(memberId) ?? [];
    if (free.length > 0 && hand.length <= floor) hand.push(free.shift() ?? 0);
  }
  for (const hand of dealt.values()) hand.sort((a, b) => a - b);
  return dealt;
}

const encodeOwned = (owned: readonly number[]): Buffer => Buffer.from(JSON.stringify(owned));

function decodeOwned(data: Buffer): readonly number[] {
  try {
    const parsed: unknown = JSON.parse(data.toString('utf8'));
    return Array.isArray(parsed) ? parsed.filter((value): value is number => Number.isInteger(value)) : [];
  } catch {
    return [];
  }
}

/** Partition p of every topic goes to the same member, so that one owner has all of a member's input. */
export const coPartitioned =
  (owned: () => readonly number[]): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: encodeOwned(owned()),
      }),
    }),
    assign: ({ members, topics }) => {
      const wishes = members.map(({ memberId, memberMetadata }) => {
        const metadata = kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata);
        return {
          memberId,
          topics: metadata?.topics ?? topics,
          owned: metadata === null ? [] : decodeOwned(metadata.userData),
        };
      });
      const counts = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
      const dealt = dealPartitions(wishes, Math.max(0, ...counts.values()));
      const assigned = wishes.map(({ memberId, topics: wanted }) => {
        const partitions = dealt.get(memberId) ?? [];
        const assignment = Object.fromEntries(
          wanted
            .filter((topic) => counts.has(topic))
            .map((topic) => [topic, partitions.filter((partition) => partition < (counts.get(topic) ?? 0))]),
        );
        return {
          memberId,
          memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
            version: VERSION,
            assignment,
            userData: Buffer.alloc(0),
          }),
        };
      });
      return Promise.resolve(assigned);
    },
  });
