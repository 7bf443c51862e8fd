import type { RatingMade } from '@jifen/contracts';
import type { PackedFunding } from '@jifen/rules';

/** What a rating that was made holds of budgets. */
export const heldBy = (made: RatingMade | undefined): PackedFunding | undefined =>
  made?.inputs?.['u'] as PackedFunding | undefined;
