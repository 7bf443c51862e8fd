/** Lets a task sleep until there is something to do, or until it should look anyway. */
export class Nudge {
  private wake: (() => void) | undefined;
  private pending = false;

  nudge(): void {
    this.pending = true;
    this.wake?.();
  }

  async wait(millis: number, signal: AbortSignal): Promise<void> {
    if (!this.pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, millis);
        this.wake = done;
        signal.addEventListener('abort', done, { once: true });
      });
    }
    this.pending = false;
  }
}
