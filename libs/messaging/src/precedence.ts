/** Batches of bulk work at once while something is urgent. */
const TURNS = 1;
/** A turn is over then, whatever keeps the batch: it may be waiting for those who wait for a turn. */
const LONGEST_TURN_MS = 100;
/**
 * Of a batch while something is urgent: of 500 messages as many as were found best of 250, where a quarter slowed bulk work much
 * more and hardly helped those who wait, because every commit costs.
 */
const SHARE = 1 / 4;

/**
 * In one process, what somebody waits for goes before what can wait. While it does, bulk work is done in small batches that
 * take turns: so no turn of the event loop is long, and no row of a partition is held for long.
 */
export class Precedence {
  readonly #waiting: (() => void)[] = [];
  #urgent = 0;
  #running = 0;

  async urgent<T>(work: () => Promise<T>): Promise<T> {
    this.#urgent++;
    try {
      return await work();
    } finally {
      this.#urgent--;
      if (!this.#isUrgent()) for (const go of this.#waiting.splice(0)) go();
    }
  }

  /** Of a batch of so many at most, how many it should have now. */
  shareOf(max: number): number {
    return this.#isUrgent() ? Math.max(1, Math.ceil(max * SHARE)) : max;
  }

  /** Bulk work, at once where nothing is urgent. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= TURNS && this.#isUrgent()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const end = this.#beginTurn();
    try {
      return await work();
    } finally {
      end();
    }
  }

  #beginTurn(): () => void {
    this.#running++;
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      this.#running--;
      this.#waiting.shift()?.();
    };
    const timer = setTimeout(end, LONGEST_TURN_MS);
    return end;
  }

  #isUrgent(): boolean {
    return this.#urgent > 0;
  }
}
