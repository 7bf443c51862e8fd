/** Lets writers wait until a reader has room again, each for a bounded time. */
export class Room {
  #waiting = new Set<() => void>();

  /** Until `open`, at most so long. */
  until(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.#waiting.add(done);
    });
  }

  open(): void {
    for (const done of [...this.#waiting]) done();
  }
}
