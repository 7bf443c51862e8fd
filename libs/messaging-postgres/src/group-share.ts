/** How many of the partitions the member of this rank (from 0) should have among so many. */
export function fairShare(partitions: number, members: number, rank: number): number {
  return Math.floor(partitions / members) + (rank < partitions % members ? 1 : 0);
}

/** The free partitions to ask for, beginning at another place for each rank so that members seldom ask for the same. */
export function choose(free: readonly number[], count: number, rank: number, members: number): readonly number[] {
  if (count <= 0) return [];
  const start = Math.floor((free.length * rank) / members);
  return [...free.slice(start), ...free.slice(0, start)].slice(0, count);
}
