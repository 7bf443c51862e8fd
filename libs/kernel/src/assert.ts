/** An invariant does not hold: a fault of the program or of stored data, never of the caller's input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** The message is put together even when all is well: what runs many times an event says `if (…) throw` instead. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** What was thrown, in its own words. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The `default` of a switch over a closed union: a forgotten member does not compile. */
export function unreachable(value: never): never {
  throw new InvariantError(`unexpected value ${JSON.stringify(value)}`);
}

/** The value at a place where the program knows that there is one. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InvariantError(`${what} is missing`);
  return value;
}
