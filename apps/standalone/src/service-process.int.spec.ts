import { ensureBuilt } from '@jifen/testing';
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
