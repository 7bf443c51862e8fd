import { keepRunning, type Kept } from './keep-running.ts';
import { createPauses } from './pauses.ts';

describe('pauses before a start', () => {
  it('grow up to half a minute, and begin anew after a minute of calm', () => {
    const pauseAfter = createPauses();
    const ran = [0, 0, 0, 59_000, 0, 0, 0, 0, 60_001, 0];
    expect(ran.map(pauseAfter)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 500, 1000]);
  });
});

describe('what is kept running', () => {
  const starts: number[] = [];
  const never = new Promise<string>(() => undefined);
  const kept = (n: number, ended: Promise<string>, again: Kept['again']): Kept => ({
    label: `ledger (process ${n})`,
    ended,
    again: () => {
      starts.push(n);
      return again();
    },
  });

  beforeEach(() => void starts.splice(0));

  it('is started again when it ends, also after a start that failed, and each is told', async () => {
    const said: string[] = [];
    const stopping = new AbortController();
    let tries = 0;
    const ended = new Promise<string>((resolve) =>
      stopping.signal.addEventListener('abort', () => resolve('ended with 0')),
    );
    const second = kept(2, ended, () => Promise.reject(new Error('is not to be started')));
    const first = kept(1, Promise.resolve('ended with SIGKILL'), () =>
      ++tries === 1 ? Promise.reject(new Error('the port is taken')) : Promise.resolve(second),
    );
    const keeping = keepRunning(first, {
      say: (line) => {
        said.push(line);
        if (line.endsWith('runs.')) stopping.abort();
      },
      stopping: stopping.signal,
    });
    await keeping;
    expect(starts).toEqual([1, 1]);
    expect(said).toEqual([
      'ledger (process 1) ended with SIGKILL; it is started again in 0.5 s.',
      'ledger (process 1) did not start: the port is taken; it is started again in 1 s.',
      'ledger (process 2) runs.',
    ]);
  });

  it('is given up after so many ends in a row, failed starts among them', async () => {
    const said: string[] = [];
    const first = kept(1, Promise.resolve('ended with SIGKILL'), () => Promise.reject(new Error('the disk is full')));
    const say = (line: string): void => void said.push(line);
    const { signal } = new AbortController();
    expect(await keepRunning(first, { say, stopping: signal, maxEnds: 3 })).toBe(
      'ledger (process 1) did not start: the disk is full',
    );
    expect(starts).toEqual([1, 1]);
    expect(said).toHaveLength(2);
  });

  it('is left alone when all of it stops', async () => {
    const stopping = new AbortController();
    const again = kept(1, Promise.resolve('ended with 0'), () =>
      Promise.resolve(kept(2, never, () => Promise.reject(new Error('no')))),
    );
    const said: string[] = [];
    await keepRunning(again, {
      say: (line) => {
        said.push(line);
        stopping.abort();
      },
      stopping: stopping.signal,
    });
    expect(starts).toEqual([]);
    expect(said).toHaveLength(1);
  });
});
