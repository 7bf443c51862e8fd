import type { SettledLine } from './basis.ts';
import { shareOf } from './exact.ts';

/** Whole pieces of a line that were not given back. */
export const keptQuantity = ({ line, keep, of }: SettledLine): number => shareOf(line.quantity, keep, of).share;

/** What was paid for a line, less its refunds, in minor units. */
export const keptAmount = ({ paid, keep, of }: SettledLine): number => shareOf(paid, keep, of).share;
