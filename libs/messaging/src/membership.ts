/** One member's place in a consumer group: which partitions it may read, as far as it knows. The fence is the shard row's epoch. */
export interface Membership {
  /** Partitions to read now. What vanishes from here is to be let go and then given back by `released`. */
  held(): readonly number[];
  /** Nothing of these is in hand any more: somebody else may have them. */
  released(partitions: readonly number[]): Promise<void>;
  /** Looks again who holds what, after a fence. */
  refresh(): Promise<void>;
  onChange(listener: () => void): () => void;
  /** Gives everything back. */
  leave(): Promise<void>;
}
