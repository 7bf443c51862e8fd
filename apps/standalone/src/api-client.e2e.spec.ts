import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@jifen/api-client';
import { standaloneShape, type Shape } from './testing/shape.ts';
import { SHOP_PROGRAM } from './testing/shop.ts';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('../', import.meta.url));
const README = new URL('../../../libs/api-client/README.md', import.meta.url);

describe('the published client, against a running system', () => {
  let shape: Shape;
  let key: string;

  beforeAll(async () => {
    shape = await standaloneShape();
    key = await shape.key('shop');
    const client = createClient({ url: shape.urls.rules, key });
    const saved = await client.put('/v1/program', { body: { ...SHOP_PROGRAM } });
    expect(saved).toMatchObject({ ok: true, value: { violations: [] } });
    const published = await client.post('/v1/program/publish', { body: { effectiveFrom: '2020-01-01T00:00:00Z' } });
    expect(published).toMatchObject({ ok: true, value: { version: 1 } });
  }, 180_000);
  afterAll(() => shape.stop());

  it('does what its page says', async () => {
    const page = await readFile(README, 'utf8');
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    const [, printed] = /prints\n\n```\n([\s\S]*?)```/.exec(page) ?? [];
    const environment = { ...process.env, JIFEN_URL: shape.urls.ledger, JIFEN_KEY: key };
    const { stdout } = await run(
      process.execPath,
      ['--conditions=@jifen/source', '--no-warnings', '--input-type=module', '-e', code],
      { cwd: HERE, env: environment },
    );
    expect(stdout).toBe(printed);
  }, 60_000);

  it('says when an answer is the first one again, and tells the refusal of another command under the key', async () => {
    const client = createClient({ url: shape.urls.ledger, key });
    const adjust = (points: number) =>
      client.post('/v1/members/{member}/adjustments', {
        path: { member: 'm-again' },
        body: { currency: 'points', points, reason: 'goodwill', actor: 'spec' },
        idempotencyKey: 'again-1',
      });
    const first = await adjust(5);
    expect(first).toMatchObject({ ok: true, replayed: false, value: { balance: { available: 5 } } });
    expect(await adjust(5)).toEqual({ ...first, replayed: true });
    expect(await adjust(6)).toMatchObject({ ok: false, status: 422, problem: { code: 'idempotency_conflict' } });
  });

  it('tells that nobody is there', async () => {
    const client = createClient({ url: 'http://127.0.0.1:9', key, retries: { attempts: 2, firstMs: 1 } });
    await expect(client.get('/v1/tiers')).rejects.toThrow('GET /v1/tiers got no answer in 2 attempts');
  });
});
