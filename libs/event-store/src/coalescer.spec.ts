import { createCoalescer, OverloadedError } from './index.ts';

/** A run that waits until it is let go. */
function gate(): { readonly wait: () => Promise<void>; readonly open: () => void } {
  const waiting: (() => void)[] = [];
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    open: () => waiting.splice(0).forEach((resolve) => resolve()),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('coalescer', () => {
  it('merges what arrives together, keeps the order and answers each', async () => {
    const runs: number[][] = [];
    const coalescer = createCoalescer<number, number>({
      maxItems: 3,
      maxQueued: 10,
      run: async (items) => {
        runs.push([...items]);
        return items.map((item) => item * 10);
      },
    });
    expect(await Promise.all([1, 2, 3, 4, 5].map((item) => coalescer.submit(item)))).toEqual([10, 20, 30, 40, 50]);
    expect(runs).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('refuses what does not fit in the queue, and nothing else', async () => {
    const { wait, open } = gate();
    const coalescer = createCoalescer<number, number>({
      maxItems: 1,
      maxQueued: 2,
      run: async (items) => {
        await wait();
        return items;
      },
    });
    const first = coalescer.submit(1);
    await turn();
    const queued = [coalescer.submit(2), coalescer.submit(3)];
    await expect(coalescer.submit(4)).rejects.toThrow(OverloadedError);
    expect(coalescer.queued()).toBe(2);
    for (let run = 0; run < 3; run++) {
      open();
      await turn();
    }
    expect(await Promise.all([first, ...queued])).toEqual([1, 2, 3]);
  });

  it('answers what was submitted together when all of it is done, over several runs and among others', async () => {
    const runs: number[][] = [];
    const { wait, open } = gate();
    const coalescer = createCoalescer<number, number>({
      maxItems: 3,
      maxQueued: 10,
      run: async (items) => {
        runs.push([...items]);
        await wait();
        return items.map((item) => item * 10);
      },
    });
    let answered = false;
    const alone = coalescer.submit(1);
    const many = coalescer.submitAll([2, 3, 4, 5]).finally(() => (answered = true));
    const last = coalescer.submit(6);
    await turn();
    open();
    expect(await alone).toBe(10);
    await turn();
    expect(answered).toBe(false);
    open();
    expect(await many).toEqual([20, 30, 40, 50]);
    expect(await last).toBe(60);
    expect(runs).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await coalescer.submitAll([])).toEqual([]);
  });

  it('takes what is submitted together all or none, and fails it as one', async () => {
    const coalescer = createCoalescer<number, number>({
      maxItems: 2,
      maxQueued: 3,
      run: async (items) => {
        if (items.includes(3)) throw new Error('broken');
        return items;
      },
    });
    const some = coalescer.submitAll([1, 2]);
    await expect(coalescer.submitAll([8, 9])).rejects.toThrow(OverloadedError);
    expect(coalescer.queued()).toBe(2);
    expect(await some).toEqual([1, 2]);
    await expect(coalescer.submitAll([1, 2, 3])).rejects.toThrow('broken');
    expect(await coalescer.submitAll([4])).toEqual([4]);
    await coalescer.close();
    await expect(coalescer.submitAll([5])).rejects.toThrow(OverloadedError);
  });

  it('runs as many at once as allowed', async () => {
    const { wait, open } = gate();
    let most = 0;
    let now = 0;
    const coalescer = createCoalescer<number, number>({
      maxItems: 1,
      maxQueued: 10,
      maxRuns: 2,
      run: async (items) => {
        most = Math.max(most, ++now);
        await wait();
        now--;
        return items;
      },
    });
    const all = Promise.all([1, 2, 3, 4].map((item) => coalescer.submit(item)));
    for (let run = 0; run < 4; run++) {
      await turn();
      open();
    }
    expect(await all).toEqual([1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it('waits a moment after a run for those who come again, no longer than until they are there, and not after a pause', async () => {
    const runs: number[] = [];
    const coalescer = createCoalescer<number, number>({
      maxItems: 10,
      maxQueued: 10,
      lingerMillis: 40,
      run: async (items) => {
        runs.push(items.length);
        return items;
      },
    });
    const both = (): Promise<readonly number[]> => Promise.all([coalescer.submit(1), coalescer.submit(2)]);
    await both();
    const third = coalescer.submit(3);
    await turn();
    expect(runs).toEqual([2]);
    const began = performance.now();
    await Promise.all([third, coalescer.submit(4)]);
    expect(performance.now() - began).toBeLessThan(30);
    expect(runs).toEqual([2, 2]);
    const alone = coalescer.submit(5);
    await turn();
    expect(runs).toEqual([2, 2]);
    await alone;
    expect(runs).toEqual([2, 2, 1]);
    await both();
    await new Promise((resolve) => setTimeout(resolve, 50));
    void coalescer.submit(6);
    await turn();
    await turn();
    expect(runs).toEqual([2, 2, 1, 2, 1]);
  });

  it('fails the items of a run that throws or answers too few, and goes on', async () => {
    const coalescer = createCoalescer<string, string>({
      maxItems: 1,
      maxQueued: 10,
      run: async ([item]) => {
        if (item === 'throw') throw new Error('broken');
        return item === 'short' ? [] : [item ?? ''];
      },
    });
    const answers = await Promise.allSettled(['throw', 'short', 'good'].map((item) => coalescer.submit(item)));
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('answers everything it took before it is closed, and takes nothing afterwards', async () => {
    const answered: number[] = [];
    const coalescer = createCoalescer<number, number>({ maxItems: 1, maxQueued: 10, run: async (items) => items });
    for (const item of [1, 2, 3]) void coalescer.submit(item).then((value) => answered.push(value));
    await coalescer.close();
    await turn();
    expect(answered).toEqual([1, 2, 3]);
    await expect(coalescer.submit(4)).rejects.toThrow(OverloadedError);
  });
});
