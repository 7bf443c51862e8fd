import { InvalidEventError } from '@jifen/event-store';
import { InvariantError } from '@jifen/kernel';

const DATA_SQLSTATES = /^(22|23)/;
const OWN_FAULTS = [InvariantError, InvalidEventError, TypeError, RangeError, SyntaxError];

/**
 * Whether the fault may lie in the data of one member, so that it is worth finding out whose: broken invariants, events that
 * cannot be stored, bugs that an odd value brings out, and values that the database refuses (SQLSTATE classes 22 and 23). Everything else (connections,
 * fences, limits, deadlocks) concerns the whole batch.
 */
export function mayBeOneMembers(error: unknown): boolean {
  if (OWN_FAULTS.some((kind) => error instanceof kind)) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && DATA_SQLSTATES.test(error.code);
}

export const detailOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
