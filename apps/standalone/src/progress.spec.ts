import { progressBar } from './progress.ts';

function told(isTTY: boolean, steps: readonly (readonly [millis: number, done: number])[], total = 100): string {
  let text = '';
  let now = 0;
  const stream = { isTTY, write: (more: string) => (text += more) };
  const progress = progressBar('Walking', { stream, clock: () => now });
  for (const [millis, done] of steps) {
    now = millis;
    progress(done, total);
  }
  return text;
}

describe('progress', () => {
  it('shows a bar with rate and time left on a terminal', () => {
    const text = told(true, [
      [500, 10],
      [2_000, 50],
      [4_000, 100],
    ]);
    const [first, second, last] = text.split('\r\u001b[K').slice(1);
    expect(first).toBe('Walking ██░░░░░░░░░░░░░░░░░░░░░░ 10/100');
    expect(second).toBe('Walking ████████████░░░░░░░░░░░░ 50/100, 25/s, 2 s left');
    expect(last).toBe('Walking ████████████████████████ 100/100, 25/s\n');
  });

  it('tells quarters elsewhere', () => {
    const text = told(false, [
      [100, 1],
      [200, 2],
      [2_000, 50],
      [2_100, 51],
      [4_000, 100],
    ]);
    expect(text).toBe('Walking 1/100\nWalking 50/100, 25/s, 2 s left\nWalking 100/100, 25/s\n');
  });

  it('tells nothing of nothing, or when it shall not', () => {
    expect(told(true, [[0, 0]], 0)).toBe('');
    let text = '';
    progressBar('x', { quiet: true, stream: { isTTY: true, write: (more) => (text += more) } })(1, 2);
    expect(text).toBe('');
  });
});
