const FIRST_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** Accounts that are known to fail; of more, those known longest are tried again early. */
const MAX_KNOWN = 1_000;

interface Failing {
  readonly failures: number;
  readonly until: number;
}

/**
 * Accounts that could not be booked and are left alone for a while, twice as long after each failure. It is kept in
 * memory only: what is due stays due in the tables, because reads go by it, and another process may try.
 */
export class PutOff {
  readonly #failing = new Map<string, Failing>();

  /** Answers when it is tried again. */
  failed(account: string, now: number): number {
    const failures = (this.#failing.get(account)?.failures ?? 0) + 1;
    const until = now + Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
    this.#failing.delete(account);
    this.#failing.set(account, { failures, until });
    for (const [oldest] of this.#failing) {
      if (this.#failing.size <= MAX_KNOWN) break;
      this.#failing.delete(oldest);
    }
    return until;
  }

  succeeded(account: string): void {
    this.#failing.delete(account);
  }

  resting(now: number): readonly string[] {
    return [...this.#failing].filter(([, { until }]) => until > now).map(([account]) => account);
  }
}
