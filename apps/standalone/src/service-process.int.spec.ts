import { ensureBuilt, startPostgres } from '@jifen/testing';
import { faultText } from '@jifen/service-host';
import { ServiceStartError, startServiceProcess } from './service-process.ts';

describe('a service that does not get ready', () => {
  beforeAll(() => ensureBuilt());

  const start = (environment: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown> =>
    startServiceProcess({ name: 'tiering', label: 'tiering', environment, onLine: () => undefined, signal }).catch(
      (error: unknown) => error,
    );

  it('is told by its last words alone', async () => {
    const error = await start({ PORT: 'none' });
    expect(error).toBeInstanceOf(ServiceStartError);
    expect(faultText(error)).toMatch(
      /^tiering ended \(1\) before it was ready:\nthe configuration is not valid:\n(  - .+\n?)+$/,
    );
  }, 30_000);

  it('ends when its start is left off', async () => {
    const stopping = new AbortController();
    // Nobody listens there: it waits for its database.
    const starting = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, stopping.signal);
    setTimeout(() => stopping.abort(), 2_000);
    expect(faultText(await starting)).toMatch(/^tiering ended \(.+\) before it was ready:/);
  }, 30_000);
});

describe('a service that is ready', () => {
  beforeAll(() => ensureBuilt());

  it('says so however little it logs', async () => {
    const database = await startPostgres({ fsync: false });
    const lines: string[] = [];
    const environment = { DATABASE_URL: database.url, KAFKA_BROKERS: '', PORT: '0', LOG_LEVEL: 'fatal' };
    const onLine = (_: string, line: string): void => void lines.push(line);
    const service = await startServiceProcess({ name: 'tiering', label: 'tiering', environment, onLine });
    try {
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
      expect(lines).toEqual([]);
    } finally {
      await service.kill('SIGTERM');
      await database.stop();
    }
    expect(await service.exited).toBe(0);
  }, 60_000);
});
