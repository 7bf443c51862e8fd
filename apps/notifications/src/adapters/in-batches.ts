/**
 * Joins what comes while a batch is under way into the next one: whoever is alone waits for nobody, and many at once share
 * the cost of one. `work` answers for each in its order. A batch that fails is tried again one by one, so that only those
 * fail that must.
 */
export function inBatches<In, Out>(
  work: (batch: readonly In[]) => Promise<readonly Out[]>,
  most: number,
): (item: In) => Promise<Out> {
  interface Waiting {
    readonly item: In;
    readonly resolve: (out: Out) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let busy = false;

  async function run(batch: readonly Waiting[]): Promise<void> {
    try {
      const outs = await work(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, place) => resolve(outs[place] as Out));
    } catch (error) {
      if (batch.length === 1) for (const { reject } of batch) reject(error);
      else for (const each of batch) await run([each]);
    }
  }

  async function drain(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await run(batch);
    }
    busy = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void drain();
    });
}
