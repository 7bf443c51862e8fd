import { present } from '@jifen/kernel';

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
  /** Answers in the order of the items, once each has one. They are taken all or none, and may share runs with others. */
  submitAll(items: readonly In[]): Promise<readonly Out[]>;
  /** Items that wait for a run. */
  queued(): number;
  /** Takes nothing more and resolves when everything taken was answered. */
  close(): Promise<void>;
}

/** What was submitted together and is answered together. */
interface Party<Out> {
  readonly answers: Out[];
  missing: number;
  readonly resolve: (answers: readonly Out[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting<In, Out> {
  readonly item: In;
  readonly party: Party<Out>;
  /** Place among the party's answers. */
  readonly place: number;
}

function answer<Out>({ party, place }: Waiting<unknown, Out>, given: Out): void {
  party.answers[place] = given;
  party.missing--;
  if (party.missing === 0) party.resolve(party.answers);
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
      answers.forEach((given, index) => answer(present(batch[index], 'item'), given));
    } catch (error) {
      for (const { party } of batch) party.reject(error);
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

  const submitAll = async (items: readonly In[]): Promise<readonly Out[]> => {
    if (closed) throw new OverloadedError('closing');
    if (items.length === 0) return [];
    if (waiting.length + items.length > maxQueued)
      throw new OverloadedError(`${waiting.length} items wait already, of at most ${maxQueued}`);
    return new Promise((resolve, reject) => {
      const party: Party<Out> = { answers: [], missing: items.length, resolve, reject };
      for (const [place, item] of items.entries()) waiting.push({ item, party, place });
      expected -= items.length;
      schedule();
    });
  };

  return {
    submit: async (item) => {
      const [only] = await submitAll([item]);
      return only as Out;
    },
    submitAll,
    queued: () => waiting.length,
    close: () => {
      closed = true;
      if (running === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => drained.push(resolve));
    },
  };
}
