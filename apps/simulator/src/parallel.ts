/** Runs `work` over the items with at most `limit` under way; answers in the order of the items. */
export async function parallel<In, Out>(
  items: readonly In[],
  limit: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as In);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

export const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** Tries until it succeeds or the deadline passes; the last error is the cause. */
export async function persist<T>(what: string, deadlineMillis: number, attempt: () => Promise<T>): Promise<T> {
  const pause = 150;
  const end = Date.now() + deadlineMillis;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > end) throw new Error(`${what} did not succeed in ${deadlineMillis} ms`, { cause });
      await sleep(pause);
    }
  }
}
