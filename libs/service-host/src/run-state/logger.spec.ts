import { createLogger } from './logger.ts';

describe('the log', () => {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) });

  beforeEach(() => {
    lines.length = 0;
  });

  it('is JSON with a level in words and an ISO time', () => {
    logger.info({ traceId: 't-1' }, 'hello');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      traceId: 't-1',
      msg: 'hello',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
  });

  it('cuts secrets out, one level deep too', () => {
    const secret = 'jf_abc_very-secret';
    logger.info({ authorization: secret, req: { headers: { authorization: secret } }, endpoint: { secret } }, 'x');
    logger.info({ headers: { authorization: secret }, databaseUrl: secret, config: { password: secret } }, 'y');
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('[redacted]');
  });
});
