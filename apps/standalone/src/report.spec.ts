import { reportLines } from './report.ts';

const url = 'http://127.0.0.1:3000';
const report = {
  url,
  docs: `${url}/docs`,
  health: `${url}/healthz`,
  metrics: `${url}/metrics`,
  dataDir: '/data/.jifen',
  database: 'embedded',
  bus: 'embedded',
} as const;

describe('the lines of a start', () => {
  it('are at most 15, with everything that a newcomer needs', () => {
    const lines = reportLines({ ...report, demoKey: 'jf_key_secret' });
    expect(lines.length).toBeLessThanOrEqual(15);
    const text = lines.join('\n');
    for (const part of [`${url}/v1`, '/docs', 'jf_key_secret', '/data/.jifen', 'embedded', 'after=', '/awards/']) {
      expect(text).toContain(part);
    }
  });

  it('say how to get a key when there is no demo', () => {
    expect(reportLines(report).join('\n')).toContain('jifen keys create');
  });
});
