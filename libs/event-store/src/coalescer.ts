/** Too much is waiting: try again later. Nothing of the item was done. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
}

export interface CoalescerOptions<In, Out> {
  /** At most this many items go into one run; a function is asked before each. */
  readonly maxItems: number | (() => number);
  /** At most this many items wait; more are refused. */
  readonly maxQueued: number;
  /** Runs under way at once; 1 by default. */
  readonly maxRuns?: number;
  /**
   * Milliseconds after the end of a run before which no other starts, 0 by default: those who were just answered may come
   * again, and share the next run. As many as they were need not be waited for; what comes after a pause runs at once.
   */
  readonly lingerMillis?: number;
  /** One answer for each item, in their order. When it throws, every item of the run fails with that error. */
  readonly run: (items: readonly In[]) => Promise<readonly Out[]>;
}

export interface Coalescer<In, Out> {
  /** `OverloadedError` when too many wait or after `close`. */
  submit(item: In): Promise<Out>;
  /** Items that wait for a run. */
  queued(): number;
  /** Takes nothing more and resolves when everything taken was answered. */
  close(): Promise<void>;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (value: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** Merges what is submitted while a run is under way into the next one: many requests, one transaction. */
export function createCoalescer<In, Out>(options: CoalescerOptions<In, Out>): Coalescer<In, Out> {
  const { maxQueued, maxRuns = 1, lingerMillis = 0, run } = options;
  const maxItems = (): number => (typeof options.maxItems === 'number' ? options.maxItems : options.maxItems());
  const waiting: Waiting<In, Out>[] = [];
  const drained: (() => void)[] = [];
  let running = 0;
  let closed = false;
  let scheduled = false;
  let resting: NodeJS.Timeout | undefined;
  let restsUntil = -Infinity;
  /** Of those whom the last run answered, how many have not come again. */
  let expected = 0;

  const work = async (batch: readonly Waiting<In, Out>[]): Promise<void> => {
    try {
      const answers = await run(batch.map((each) => each.item));
      if (answers.length !== batch.length) throw new Error(`${batch.length} items, but ${answers.length} answers`);
      answers.forEach((answer, index) => batch[index]?.resolve(answer));
    } catch (error) {
      for (const each of batch) each.reject(error);
    }
  };

  const start = (): void => {
    scheduled = false;
    resting = undefined;
    while (running < maxRuns && waiting.length > 0) {
      running++;
      const batch = waiting.splice(0, maxItems());
      void work(batch).then(() => {
        running--;
        expected = batch.length;
        restsUntil = performance.now() + lingerMillis;
        schedule();
        if (running === 0 && waiting.length === 0) for (const done of drained.splice(0)) done();
      });
    }
  };

  // At the end of the turn, so that what arrives together runs together.
  const schedule = (): void => {
    if (scheduled || running >= maxRuns || waiting.length === 0) return;
    const isRest = lingerMillis > 0 && expected > 0 && waiting.length < maxItems();
    const rest = isRest ? restsUntil - performance.now() : 0;
    if (rest > 0) {
      resting ??= setTimeout(start, rest);
      return;
    }
    clearTimeout(resting);
    scheduled = true;
    setImmediate(start);
  };

  return {
    submit: (item) => {
      if (closed) return Promise.reject(new OverloadedError('closing'));
      if (waiting.length >= maxQueued) return Promise.reject(new OverloadedError(`${maxQueued} items wait already`));
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        expected--;
        schedule();
      });
    },
    queued: () => waiting.length,
    close: () => {
      closed = true;
      if (running === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => drained.push(resolve));
    },
  };
}
