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
