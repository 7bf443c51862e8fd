import { windowsIndependent } from './run.ts';

const CASES = 40;

describe('limits, streaks, win-backs and targets', () => {
  it('N09 Q16 Q23: any arrival, any repeats, any flushes: what the slow evaluator says, and it can be run again', async () => {
    const seed = Date.now() % 1_000_000_000;
    const wrong: string[] = [];
    for (let index = 0; index < CASES; index++) {
      const difference = await windowsIndependent(seed + index);
      if (difference !== undefined) wrong.push(difference);
    }
    expect({ seed, wrong: wrong.slice(0, 3) }).toEqual({ seed, wrong: [] });
  });
});
