import { createLogger } from '../run-state/logger.ts';
import { runInBackground } from './background.ts';

const silent = createLogger('silent');

describe('runInBackground', () => {
  it('tries again after a throw, and stops by the signal', async () => {
    let runs = 0;
    let stopped = false;
    const task = runInBackground(
      {
        name: 'sweep',
        run: async (signal) => {
          runs += 1;
          if (runs === 1) throw new Error('once');
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          stopped = true;
        },
      },
      silent,
    );
    while (runs < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await task.stop();
    expect({ runs, stopped }).toEqual({ runs: 2, stopped: true });
  });

  it('stops while it waits to try again', async () => {
    const task = runInBackground({ name: 'broken', run: () => Promise.reject(new Error('always')) }, silent);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const started = performance.now();
    await task.stop();
    expect(performance.now() - started).toBeLessThan(400);
  });
});
