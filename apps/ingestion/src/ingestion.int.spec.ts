import { parseToken } from '@jifen/contracts';
import { createPool } from '@jifen/event-store-postgres';
import { bootHost, createKey, type RunningHost } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import { anOrder, NOW } from '../test/harness.ts';
import { ingestionService } from './index.ts';

let postgres: RunningPostgres;
let host: RunningHost;
let key: string;

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  const options = { environment: {}, databaseUrl: postgres.url, port: 0, logLevel: 'silent' };
  host = await bootHost([ingestionService], { ...options, clock: () => NOW });
  await checkAnswersOf(host.url);
  const admin = createPool(postgres.url);
  key = (await createKey(admin, { program: 'demo', name: 'spec' })).key;
  await admin.end();
});
afterAll(async () => {
  await host.stop();
  await postgres.stop();
});

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string }[];
}
interface Answer extends Problem {
  readonly accepted: number;
  readonly duplicates: number;
  readonly waiting: number;
  readonly rejected: readonly { readonly index: number; readonly id: string; readonly problem: Problem }[];
  readonly position?: string;
  readonly data: readonly { readonly id: string; readonly problem: Problem; readonly outcome?: string }[];
  readonly next?: string;
  readonly body: string;
  readonly encoding: string;
  readonly examined: number;
}

async function call(
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: Answer }> {
  const response = await fetch(host.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

let next = 0;
const fresh = (): string => `D-${++next}`;
const text = (change: object = {}): string => JSON.stringify({ ...anOrder({ orderId: fresh() }), ...change });
/** An order with one more field, as raw JSON. */
const withRaw = (raw: string): string => `${text().slice(0, -1)},${raw}}`;

describe('the doors', () => {
  it('take one record and answer with its place', async () => {
    const { status, body } = await call('POST', '/v1/orders', text());
    expect([status, body.accepted, body.rejected]).toEqual([202, 1, []]);
    expect(parseToken(body.position ?? '')?.log).toBe('activity');
  });

  it('take an array, and name what they refuse by index', async () => {
    const bad = withRaw('"surprise":1');
    const { status, body } = await call('POST', '/v1/orders', `[${text()}, ${bad} ,${text()},{"broken":tru}]`);
    expect([status, body.accepted]).toEqual([202, 2]);
    expect(body.rejected.map(({ index, problem }) => [index, problem.code])).toEqual([
      [1, 'invalid_request'],
      [3, 'malformed_json'],
    ]);
    const kept = await call('GET', `/v1/rejected/${body.rejected[0]?.id ?? ''}`);
    expect([kept.body.body, kept.body.encoding]).toEqual([bad, 'utf-8']);
  });

  it('answer the problem of a single refused record', async () => {
    const { status, body } = await call('POST', '/v1/orders', text({ revision: -1 }));
    expect([status, body.code, body.errors]).toMatchObject([400, 'invalid_request', [{ pointer: '/revision' }]]);
    expect(body.detail).toMatch(/kept as \/v1\/rejected\/[0-9a-f]{32}/);
  });

  it('take refunds and activities', async () => {
    const refund = {
      source: 'shop',
      refundId: 'r',
      orderId: 'not-yet',
      occurredAt: '2026-11-20T00:00:00Z',
      amount: '1',
    };
    expect((await call('POST', '/v1/order-refunds', JSON.stringify(refund))).body).toMatchObject({ waiting: 1 });
    expect((await call('GET', '/v1/waiting-refunds')).body.data).toMatchObject([{ orderId: 'not-yet', refundId: 'r' }]);
    const activity = { source: 'app', id: 'c', member: 'm', type: 'check-in', occurredAt: '2026-11-20T00:00:00Z' };
    expect((await call('POST', '/v1/activities', JSON.stringify([activity, activity]))).body).toMatchObject({
      accepted: 1,
      duplicates: 1,
    });
  });

  it('take at most 1,000 records, and none at all', async () => {
    const many = `[${Array.from({ length: 1001 }, () => '{}').join(',')}]`;
    expect(await call('POST', '/v1/orders', many)).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(await call('POST', '/v1/orders', '[]')).toMatchObject({ status: 202, body: { accepted: 0 } });
    const full = `[${Array.from({ length: 1000 }, () => text()).join(',')}]`;
    expect(await call('POST', '/v1/orders', full)).toMatchObject({ status: 202, body: { accepted: 1000 } });
  });

  it('refuse a body above the limit, and what is not JSON by its type', async () => {
    expect((await call('POST', '/v1/orders', `"${'x'.repeat(5_000_000)}"`)).status).toBe(413);
    expect((await call('POST', '/v1/orders', 'a=b', { 'content-type': 'text/csv' })).status).toBe(415);
  });

  it('are documented by the schemas that validate', async () => {
    const response = await fetch(`${host.url}/openapi.json`);
    const document = JSON.stringify(await response.json());
    for (const words of ['/v1/orders', '/v1/rejected/redrive', 'price × quantity before discount']) {
      expect(document).toContain(words);
    }
  });

  it('count what they take', async () => {
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    expect(metrics).toMatch(/jifen_ingestion_records_total\{[^}]*kind="order"[^}]*\} [1-9]/);
    expect(metrics).toMatch(/jifen_ingestion_flush_records_count/);
  });

  it('need a key', async () => {
    expect((await call('POST', '/v1/orders', text(), { authorization: 'Bearer nonsense' })).status).toBe(401);
  });
});

const bytes = (...parts: readonly (string | number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));

describe('hostile input', () => {
  it.each<[string, () => string | Uint8Array<ArrayBuffer>, number, string, string | undefined]>([
    ['__proto__', () => withRaw('"__proto__":{"admin":true}'), 400, 'invalid_request', '/__proto__'],
    ['an escaped __proto__', () => withRaw('"\\u005f_proto__":1'), 400, 'invalid_request', '/__proto__'],
    [
      'constructor as an attribute',
      () => withRaw('"attributes":{"constructor":"x"}'),
      400,
      'invalid_request',
      '/attributes/constructor',
    ],
    [
      'prototype as an attribute',
      () => withRaw('"attributes":{"prototype":"x"}'),
      400,
      'invalid_request',
      '/attributes/prototype',
    ],
    ['NUL in a text', () => withRaw('"channel":"a\\u0000b"'), 400, 'invalid_request', '/channel'],
    ['NUL in a key', () => withRaw('"attributes":{"a\\u0000":1}'), 400, 'invalid_request', '/attributes/a\uFFFD'],
    ['half a surrogate pair', () => withRaw('"store":"\\ud83d"'), 400, 'invalid_request', '/store'],
    ['1e400', () => withRaw('"attributes":{"n":1e400}'), 400, 'invalid_request', '/attributes/n'],
    [
      '2^60 as an attribute',
      () => withRaw('"attributes":{"n":1152921504606846976}'),
      400,
      'invalid_request',
      '/attributes/n',
    ],
    [
      '2^60 as a revision',
      () => text().replace('"revision":1', '"revision":1152921504606846976'),
      400,
      'invalid_request',
      '/revision',
    ],
    ['a number as an id', () => text({ orderId: 17 }), 400, 'invalid_request', '/orderId'],
    [
      'deep nesting',
      () => withRaw(`"attributes":${'['.repeat(40)}${']'.repeat(40)}`),
      400,
      'invalid_request',
      undefined,
    ],
    ['very deep nesting', () => '['.repeat(1_000_000), 400, 'malformed_json', undefined],
    [
      'very deep closed nesting',
      () => `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`,
      400,
      'invalid_request',
      undefined,
    ],
    [
      'a great many fields',
      () => `{${Array.from({ length: 100_000 }, (_, n) => `"f${n}":1`).join(',')}}`,
      400,
      'invalid_request',
      '',
    ],
    ['a very long text', () => text({ orderId: 'x'.repeat(1_000_000) }), 400, 'invalid_request', '/orderId'],
    ['a slash in an id', () => text({ orderId: 'a/b' }), 400, 'invalid_request', '/orderId'],
    ['no object', () => '42', 400, 'invalid_request', ''],
    ['null', () => 'null', 400, 'invalid_request', ''],
    ['an open string', () => '{"a":"', 400, 'malformed_json', undefined],
    ['text behind the array', () => `[${text()}] x`, 400, 'malformed_json', undefined],
    ['invalid UTF-8', () => bytes('{"a":"', [0xff, 0xfe], '"}'), 400, 'malformed_json', undefined],
    ['an empty body', () => ' ', 400, 'malformed_json', undefined],
    ['a contradiction', () => text({ orderDiscount: '100.01' }), 400, 'invalid_order', '/orderDiscount'],
    ['another program', () => text({ program: 'other' }), 403, 'wrong_program', undefined],
    [
      'an unknown identity',
      () => text({ member: undefined, identity: { namespace: 'a', value: 'b' } }),
      422,
      'unknown_member',
      '/identity',
    ],
  ])('%s is refused', async (_name, body, status, code, pointer) => {
    const answer = await call('POST', '/v1/orders', body());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (pointer !== undefined) expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it.each<[string, () => string | Uint8Array<ArrayBuffer>]>([
    ['a byte order mark', () => bytes([0xef, 0xbb, 0xbf], text())],
    ['a key given twice, the last counts', () => text().replace('"revision":1', '"revision":-5,"revision":1')],
    ['white space around', () => ` \n\t ${text()} \r\n`],
    ['a whole surrogate pair', () => withRaw('"channel":"\\ud83d\\ude00"')],
  ])('%s is accepted', async (_name, body) => {
    expect(await call('POST', '/v1/orders', body())).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it('an empty element spoils only itself', async () => {
    const { body } = await call('POST', '/v1/orders', `[${text()},,${text()}]`);
    expect([body.accepted, body.rejected.map(({ index }) => index)]).toEqual([2, [1]]);
  });
});

describe('members and redrive', () => {
  const profile = { identities: [{ namespace: 'wecom', value: 'w-1' }], facts: { city: 'Harbin' } };

  it('link identities and facts, once', async () => {
    const first = await call('PUT', '/v1/members/m-1', JSON.stringify(profile));
    expect([first.status, parseToken(first.body.position ?? '')?.log]).toEqual([200, 'activity']);
    expect((await call('PUT', '/v1/members/m-1', JSON.stringify(profile))).body).toEqual(first.body);
  });

  it('refuse an identity that belongs to somebody else, and write nothing of the rest', async () => {
    const other = { identities: [{ namespace: 'wecom', value: 'w-9' }, ...profile.identities] };
    const { status, body } = await call('PUT', '/v1/members/m-2', JSON.stringify(other));
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([409, 'identity_conflict', '/identities/1']);
    expect((await call('PUT', '/v1/members/m-3', JSON.stringify({ identities: [other.identities[0]] }))).status).toBe(
      200,
    );
  });

  it.each([
    ['/v1/members/a%2Fb', '{}', '/member'],
    ['/v1/members/m-1', '{"facts":{"constructor":1}}', '/facts/constructor'],
    ['/v1/members/m-1', '{"name":"Wang"}', '/name'],
  ])('refuse %s %s', async (path, body, pointer) => {
    const answer = await call('PUT', path, body);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('send a refused record again after the fix', async () => {
    const order = text({ member: undefined, identity: { namespace: 'wecom', value: 'w-later' } });
    expect((await call('POST', '/v1/orders', order)).status).toBe(422);
    const open = (await call('GET', '/v1/rejected?code=unknown_member&limit=200')).body.data;
    const id = open.at(-1)?.id ?? '';
    const redrive = (more: object) => call('POST', '/v1/rejected/redrive', JSON.stringify({ ids: [id], ...more }));
    expect((await redrive({})).body).toMatchObject({ examined: 1, accepted: 0, rejected: [{ id }] });
    await call('PUT', '/v1/members/m-5', JSON.stringify({ identities: [{ namespace: 'wecom', value: 'w-later' }] }));
    expect((await redrive({ dryRun: true })).body).toMatchObject({ accepted: 1, dryRun: true });
    expect((await redrive({})).body).toMatchObject({ examined: 1, accepted: 1, rejected: [] });
    expect((await redrive({})).body).toMatchObject({ examined: 0 });
    expect((await call('GET', '/v1/rejected?state=redriven')).body.data).toMatchObject([{ id, outcome: 'accepted' }]);
    expect((await call('POST', '/v1/orders', order)).body).toMatchObject({ duplicates: 1 });
  });

  it('page through what was refused', async () => {
    const first = (await call('GET', '/v1/rejected?limit=2')).body;
    const second = (await call('GET', `/v1/rejected?limit=2&cursor=${first.next ?? ''}`)).body;
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(4);
    expect((await call('GET', '/v1/rejected?limit=0')).status).toBe(400);
    expect((await call('GET', '/v1/rejected/nonsense')).status).toBe(404);
    expect((await call('POST', '/v1/rejected/redrive', '{}')).status).toBe(400);
  });

  it('redrive everything that is open, and lose nothing of it', async () => {
    const { body } = await call('POST', '/v1/rejected/redrive', JSON.stringify({ all: true }));
    expect(body.examined).toBeGreaterThan(20);
    expect(body.examined).toBe(body.rejected.length);
  });
});
