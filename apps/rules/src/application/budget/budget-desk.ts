/** A window of a budget, as one partition sees it. `bucket` is the key of the budget and its window. */
export interface SlicePlace {
  readonly program: string;
  readonly bucket: string;
  readonly partition: number;
}

/** What a partition has of a window of a budget, and what there is besides. Points in their smallest unit. */
export interface Slice extends SlicePlace {
  /** What it may use; a share of revenue has none. */
  readonly quota: number;
  readonly used: number;
  /** In minor units, that a share grows with. */
  readonly revenue: number;
  /** Absent: nobody has asked for a slice yet. */
  readonly central?: Central | undefined;
  /** What other partitions have and do not use. */
  readonly elsewhere: number;
}

export interface Central {
  readonly total: number;
  /** The newest version of the program that said so. */
  readonly version: number;
  /** In no slice; below 0 where the budget was lowered under what is used. */
  readonly free: number;
}

export interface Draw extends SlicePlace {
  /** Of the budget, by a version of the program. */
  readonly total: number;
  readonly version: number;
  /** What is missing in the slice; 0 to make the total known. */
  readonly need: number;
  /** What the flush takes besides: nobody may take it away meanwhile. */
  readonly planned: number;
}

/** What a flush changes of a slice. */
export interface SliceMove extends SlicePlace {
  readonly used: number;
  readonly revenue: number;
  readonly rules: readonly RuleMove[];
}

export interface RuleMove {
  readonly rule: string;
  readonly granted: number;
  readonly wished: number;
}

/** A window of a budget over all partitions. */
export interface BudgetState {
  readonly bucket: string;
  /** Of a share, what is left in each partition is its own. */
  readonly slices: readonly { readonly used: number; readonly revenue: number }[];
  readonly rules: readonly RuleMove[];
}

/**
 * Where budgets are kept: a central row by window, and a slice of it in every partition. Free and all quotas together are the
 * total, whatever happens; only the owner of a partition uses its slice, and never more than its quota.
 */
export interface BudgetDesk<Sql> {
  /** Each of the places, also where there is nothing yet. Locks nothing. */
  slicesOf(sql: Sql, places: readonly SlicePlace[]): Promise<readonly Slice[]>;
  /**
   * Fills a slice from what is free, and from what other partitions do not use where that is not enough; answers the slice
   * afterwards. A transaction of its own that outlives the flush: what it drew stays in the slice.
   */
  draw(sql: Sql, draw: Draw): Promise<Slice>;
  /** In the flush's transaction, as its last step. `false`: a slice has less than it had when it was read; decide again. */
  save(sql: Sql, moves: readonly SliceMove[]): Promise<boolean>;
  statesOf(sql: Sql, program: string, buckets: readonly string[]): Promise<readonly BudgetState[]>;
  /** The first buckets of a window that has one for every value, by name. */
  bucketsIn(sql: Sql, program: string, window: string, limit: number): Promise<readonly string[]>;
}

/**
 * How much goes into a slice: half of an even part of what is free, so that the central row is asked ever so rarely, and at
 * least the need, as far as it goes.
 */
export const sliceSize = (free: number, need: number, partitions: number): number =>
  Math.max(0, Math.min(free, Math.max(need, Math.ceil(free / (2 * partitions)))));
