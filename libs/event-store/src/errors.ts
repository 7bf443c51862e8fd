import { InvariantError } from '@jifen/kernel';

/** Another process took the partition over: stop, drop caches, claim again or let go. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  constructor(
    readonly partition: number,
    readonly expectedEpoch: number,
    readonly foundEpoch: number,
  ) {
    super(`partition ${partition} is owned under epoch ${foundEpoch}, not ${expectedEpoch}`);
  }
}

/** Somebody else wrote what this decision was based on. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';
}

/** COMMIT itself failed: read the shard row to learn whether it landed. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** The event itself cannot be stored (a NUL, half a surrogate pair, too long): a fault of the one who made it; nothing was sent. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

const OWN_FAULTS = [InvariantError, InvalidEventError, TypeError, RangeError, SyntaxError];
const DATA_SQLSTATES = /^(22|23)/;

/**
 * Whether the fault may lie in the data of one of many, so that it is worth finding out whose: broken invariants, events that
 * cannot be stored, bugs that an odd value brings out, and values that the database refuses (SQLSTATE classes 22 and 23).
 * Everything else (connections, fences, limits, deadlocks) concerns them all.
 */
export function mayBeOnes(error: unknown): boolean {
  if (OWN_FAULTS.some((kind) => error instanceof kind)) return true;
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && DATA_SQLSTATES.test(error.code);
}
