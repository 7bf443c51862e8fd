import { createClient, NoAnswerError, type ClientOptions } from './client.ts';
import { waitOf } from './retry.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  header(name: string): string | null;
}

const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json(
    { type: `https://jifen.dev/problems/${code}`, title: code, status, code, detail: 'so', traceId: 't', available: 5 },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );

/** Answers in order; an error is a connection that broke. */
function scripted(answers: readonly (Response | Error)[], more: Partial<ClientOptions> = {}) {
  const sent: Sent[] = [];
  const client = createClient({
    url: 'https://points.example/',
    key: 'jf_1_secret',
    retries: { firstMs: 1, mostMs: 2 },
    ...more,
    fetch: (url, init = {}) => {
      const headers = new Headers(init.headers);
      sent.push({ url: String(url instanceof Request ? url.url : url), init, header: (name) => headers.get(name) });
      const answer = answers[sent.length - 1];
      if (answer === undefined) throw new Error('asked too often');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  return { client, sent };
}

const redeemed = { redemption: { id: 'rd-1' }, balance: {}, position: 'ledger:0-1' };
const redeem = { path: { member: 'a/b 会' }, body: { points: 5 } };

describe('the client', () => {
  it('sends a command again under one key, whatever became of it before', async () => {
    const { client, sent } = scripted([
      new Error('reset'),
      problem(503, 'unavailable'),
      problem(409, 'in_progress'),
      Response.json(redeemed, { status: 201, headers: { 'idempotency-replayed': 'true' } }),
    ]);
    const result = await client.post('/v1/members/{member}/redemptions', redeem);
    expect(result).toEqual({ ok: true, status: 201, value: redeemed, replayed: true });
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map((one) => one.header('idempotency-key'))).size).toBe(1);
    expect(sent[0]?.header('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent[0]?.url).toBe('https://points.example/v1/members/a%2Fb%20%E4%BC%9A/redemptions');
    expect(new Set(sent.map(({ init }) => init.body))).toEqual(new Set(['{"points":5}']));
  });

  it('keeps the key that it is given', async () => {
    const { client, sent } = scripted([Response.json(redeemed, { status: 201 })]);
    await client.post('/v1/members/{member}/redemptions', { ...redeem, idempotencyKey: 'order-1' });
    expect(sent[0]?.header('idempotency-key')).toBe('order-1');
    expect(sent[0]?.header('authorization')).toBe('Bearer jf_1_secret');
  });

  it('gives a refusal as a value, and asks once', async () => {
    const { client, sent } = scripted([problem(409, 'insufficient_points')]);
    const result = await client.post('/v1/members/{member}/redemptions', redeem);
    if (result.ok) throw new Error('it was refused');
    expect(result.status).toBe(409);
    expect(result.problem.code).toBe('insufficient_points');
    expect(result.problem['available']).toBe(5);
    expect(sent).toHaveLength(1);
  });

  it('gives the last refusal when all attempts are used, and throws when none was answered', async () => {
    const refused = await scripted(Array.from({ length: 5 }, () => problem(503, 'unavailable'))).client.get(
      '/v1/tiers',
    );
    expect(refused).toMatchObject({ ok: false, status: 503 });
    const { client, sent } = scripted(Array.from({ length: 5 }, () => new Error('reset')));
    await expect(client.get('/v1/tiers')).rejects.toThrow(NoAnswerError);
    expect(sent).toHaveLength(5);
  });

  it('ends at once when the caller does', async () => {
    const stop = new AbortController();
    const { client, sent } = scripted([problem(503, 'unavailable')], {
      retries: { firstMs: 60_000, mostMs: 60_000 },
      random: () => 1,
    });
    const asked = client.get('/v1/tiers', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(asked).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);
  });

  it('puts the query together, and takes an answer that is text', async () => {
    const { client, sent } = scripted([
      Response.json({ data: [], next: null }),
      new Response('a,b', { headers: { 'content-type': 'text/csv' } }),
    ]);
    await client.get('/v1/members/{member}/lots', { path: { member: 'm-1' }, query: { limit: 5, state: 'open' } });
    expect(sent[0]?.url).toBe('https://points.example/v1/members/m-1/lots?limit=5&state=open');
    expect(await client.get('/v1/liability.csv')).toMatchObject({ ok: true, value: 'a,b' });
  });

  it('makes a problem of what a proxy answers', async () => {
    const { client } = scripted([new Response('<html>', { status: 400, headers: { 'content-type': 'text/html' } })]);
    expect(await client.get('/v1/tiers')).toMatchObject({ ok: false, problem: { status: 400, detail: '<html>' } });
  });
});

describe('the wait before the next attempt', () => {
  const bounds = { attempts: 5, firstMs: 100, mostMs: 1_000 };
  it.each([
    [1, 0, undefined, 0],
    [1, 0.5, undefined, 50],
    [4, 1, undefined, 800],
    [5, 1, undefined, 1_000],
    [30, 1, undefined, 1_000],
    [1, 0.5, 0.5, 500],
    [1, 0.5, 3_600, 1_000],
  ])('attempt %i, random %d, Retry-After %p s: %i ms', (attempt, random, retryAfter, expected) =>
    expect(waitOf(bounds, attempt, random, retryAfter)).toBe(expected),
  );
});
