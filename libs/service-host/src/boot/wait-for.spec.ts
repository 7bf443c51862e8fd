import { UnreachableError, waitFor, type Waiting } from './wait-for.ts';

function waiting(forMillis: number): Waiting & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    what: 'the database',
    forMillis,
    isAway: (error) => error instanceof Error && error.message === 'away',
    logger: { warn: (_: object, line: string) => void lines.push(line) } as Waiting['logger'],
    lines,
  };
}

const failing = (times: number, message: string): (() => Promise<string>) => {
  let calls = 0;
  return () => (calls++ < times ? Promise.reject(new Error(message)) : Promise.resolve('there'));
};

describe('waiting at the start', () => {
  it('tries until it is there, and says so', async () => {
    const how = waiting(10_000);
    expect(await waitFor(how, failing(1, 'away'))).toBe('there');
    expect(how.lines).toEqual(['the database is not there yet, trying again']);
  });

  it('gives up after the time', async () => {
    const given = waitFor(waiting(100), failing(1_000, 'away'));
    await expect(given).rejects.toThrow(UnreachableError);
    await expect(given).rejects.toThrow('the database did not answer in time: away');
  });

  it('does not wait for what no waiting mends', async () => {
    const how = waiting(10_000);
    await expect(waitFor(how, failing(1, 'wrong password'))).rejects.toThrow('wrong password');
    expect(how.lines).toEqual([]);
  });
});
