import { Health, type Progressing } from './health.ts';

const part = (name: string, stalled: number, error?: Error): Progressing => ({
  name,
  stalledFor: () => stalled,
  lastError: () => error,
});

describe('health', () => {
  it('is life by progress: one part that stands still makes the process unhealthy, with the cause', () => {
    const health = new Health(() => [part('ledger', 10), part('rules', 31_000, new Error('disk full'))], [], 30_000);
    expect(health.liveness()).toEqual({
      status: 'failing',
      checks: { ledger: 'ok', rules: 'stalled for 31000 ms: disk full' },
    });
  });

  it('is fine when nothing has work', () => {
    expect(new Health(() => [part('ledger', 0)], [], 30_000).liveness().status).toBe('ok');
  });

  it('is readiness by checks, each within its time', async () => {
    const never = { name: 'slow', check: () => new Promise<void>(() => undefined) };
    const broken = { name: 'database', check: () => Promise.reject(new Error('refused')) };
    const fine = { name: 'fine', check: () => Promise.resolve() };
    const report = await new Health(() => [], [never, broken, fine], 1).readiness();
    expect(report).toEqual({
      status: 'failing',
      checks: { slow: 'no answer within 2000 ms', database: 'refused', fine: 'ok' },
    });
  });

  it('is not ready any more once it stops', async () => {
    const health = new Health(() => [], [], 1);
    expect((await health.readiness()).status).toBe('ok');
    health.stop();
    expect((await health.readiness()).status).toBe('failing');
  });
});
