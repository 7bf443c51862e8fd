import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '@jifen/testing';
import { withThreads, type Ask } from './threads.ts';

const BUILT = new URL('../dist/threads.js', import.meta.url).href;

/** A thread whose answer is the given code, with `question` and `tell` at hand; at its end it leaves a file behind. */
const script = (code: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
import { writeFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { answerThreads, threadDatabaseUrl } from '${BUILT}';
answerThreads(async (question, tell) => { ${code} }, async () => writeFileSync(threadDatabaseUrl() + '/' + threadId, ''));`)}`,
  );

describe('threads', () => {
  let folder: string;

  beforeAll(ensureBuilt, 120_000);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-threads-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Hands out the numbers below 6 to two threads. */
  const ask = async (
    code: string,
  ): Promise<{ readonly answers: readonly unknown[]; readonly news: readonly unknown[] }> => {
    const numbers = Array.from({ length: 6 }, (_, n) => n).values();
    const answers: unknown[] = [];
    const news: unknown[] = [];
    const work = async (one: Ask<number, unknown, unknown>): Promise<void> => {
      for (const n of numbers) answers.push(await one(n, (told) => news.push(told)));
    };
    await withThreads(script(code), { databaseUrl: folder, count: 2 }, work);
    return { answers, news };
  };

  it('answer what they are asked, tell how far they are, and close when nothing is left', async () => {
    const { answers, news } = await ask('tell([question]); return 2 * question;');
    expect(answers.toSorted()).toEqual([0, 10, 2, 4, 6, 8]);
    expect(news).toHaveLength(6);
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('hand on the error that one of them met, with its name and code, and end the others', async () => {
    const failing = ask(`if (question < 3) return question;
      throw Object.assign(new RangeError('no ' + question), { name: 'OddError', code: '40P01' });`);
    await expect(failing).rejects.toMatchObject({
      name: 'OddError',
      code: '40P01',
      message: expect.stringMatching(/^no [345]$/) as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['ends by itself', 'process.exit(3)', /ended with 3/],
    [
      'fails outside of what it is asked',
      `setTimeout(() => { throw new Error('astray'); }); await new Promise(() => {});`,
      /astray/,
    ],
    [
      'waits for ever beside one that fails',
      `if (question === 1) throw new Error('one'); await new Promise(() => setInterval(() => {}, 1e6));`,
      /one/,
    ],
  ])('do not keep anybody waiting when one %s', async (_, code, message) => {
    await expect(ask(code)).rejects.toThrow(message);
  });

  it('say so when they cannot start', async () => {
    const nowhere = new URL('./nowhere.js', import.meta.url);
    await expect(
      withThreads(nowhere, { databaseUrl: folder, count: 2 }, async (one) => void (await one(1))),
    ).rejects.toThrow('nowhere');
  });
});
