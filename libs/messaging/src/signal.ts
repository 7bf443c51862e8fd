/** Wakes a loop that waits; a wake-up while nobody waits is kept for the next wait. */
export class Signal {
  #raised = false;
  #waiting: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#waiting?.();
  }

  lower(): void {
    this.#raised = false;
  }

  /** Until raised, at most `millis`. Answers whether it was raised. */
  async wait(millis: number): Promise<boolean> {
    if (!this.#raised) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiting = undefined;
    }
    const raised = this.#raised;
    this.#raised = false;
    return raised;
  }
}
