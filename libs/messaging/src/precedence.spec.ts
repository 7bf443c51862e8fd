import { Precedence } from './index.ts';

interface Open {
  readonly done: Promise<void>;
  readonly end: () => void;
}

function open(take: (work: () => Promise<void>) => Promise<void>, began: () => void = () => undefined): Open {
  let end = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    end = resolve;
  });
  const done = take(() => {
    began();
    return until;
  });
  return { done, end };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('precedence', () => {
  it('leaves bulk work as it is where nothing is urgent', async () => {
    const precedence = new Precedence();
    let running = 0;
    const all = [1, 2, 3].map(() =>
      open(
        (work) => precedence.inTurn(work),
        () => running++,
      ),
    );
    await turn();
    expect(running).toBe(3);
    expect(precedence.shareOf(500)).toBe(500);
    for (const { end } of all) end();
    await Promise.all(all.map(({ done }) => done));
  });

  it('lets bulk work take turns in small batches while something is urgent, and no longer', async () => {
    const precedence = new Precedence();
    const command = open((work) => precedence.urgent(work));
    const order: number[] = [];
    const all = [1, 2, 3].map((n) =>
      open(
        (work) => precedence.inTurn(work),
        () => order.push(n),
      ),
    );
    await turn();
    expect(order).toEqual([1]);
    expect(precedence.shareOf(500)).toBe(125);
    expect(precedence.shareOf(1)).toBe(1);
    all[0]?.end();
    await turn();
    expect(order).toEqual([1, 2]);
    command.end();
    await command.done;
    await turn();
    // The second has not ended: the third waited for what was urgent, and for nothing else.
    expect(order).toEqual([1, 2, 3]);
    expect(precedence.shareOf(500)).toBe(500);
    for (const { end } of all) end();
    await Promise.all(all.map(({ done }) => done));
  });

  it('lets nobody wait for ever behind a batch that does not end', async () => {
    const precedence = new Precedence();
    const command = open((work) => precedence.urgent(work));
    const stuck = open((work) => precedence.inTurn(work));
    const began = performance.now();
    await precedence.inTurn(() => Promise.resolve());
    expect(performance.now() - began).toBeGreaterThan(80);
    // The turn that took too long is no longer counted.
    const later = performance.now();
    await precedence.inTurn(() => Promise.resolve());
    expect(performance.now() - later).toBeLessThan(50);
    for (const { end } of [stuck, command]) end();
    await Promise.all([stuck.done, command.done]);
  });

  it('passes failures on, and goes on', async () => {
    const precedence = new Precedence();
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(precedence.urgent(fail)).rejects.toThrow('no');
    await expect(precedence.inTurn(fail)).rejects.toThrow('no');
    await expect(precedence.inTurn(() => Promise.resolve(1))).resolves.toBe(1);
  });
});
