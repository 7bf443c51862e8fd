import { createPool, verifyLog } from '@jifen/event-store-postgres';
import { bootHost, createKey, type RunningHost } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { anOrder, NOW } from '../test/harness.ts';
import { ingestionService } from './index.ts';

let postgres: RunningPostgres;
let host: RunningHost;
let admin: Pool;
const keys: Record<string, string> = {};

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  const options = { environment: {}, databaseUrl: postgres.url, port: 0, logLevel: 'silent' };
  host = await bootHost([ingestionService], { ...options, clock: () => NOW });
  await checkAnswersOf(host.url);
  admin = createPool(postgres.url);
  keys['demo'] = (await createKey(admin, { program: 'demo', name: 'spec' })).key;
  keys['till'] = (await createKey(admin, { program: 'demo', name: 'till', scopes: ['member:write'] })).key;
  keys['other'] = (await createKey(admin, { program: 'other', name: 'spec' })).key;
}, 120_000);
afterAll(async () => {
  await admin.end();
  await host.stop();
  await postgres.stop();
});

async function call(method: string, path: string, body?: object, key = 'demo') {
  const response = await fetch(host.url + path, {
    method,
    headers: { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const put = (member: string, standing: string, key = 'demo') =>
  call('PUT', `/v1/members/${member}/standing`, { standing, reason: 'request', actor: 'li.wei' }, key);
const order = (orderId: string, change: object = {}) =>
  call('POST', '/v1/orders', { ...anOrder({ orderId }), ...change });
/** Of the sender of an order, by what the source knows of it. */
const known = (value: string) => ({ member: undefined, identity: { namespace: 'shop', value } });
const link = (member: string, value: string, facts = {}) =>
  call('PUT', `/v1/members/${member}`, { identities: [{ namespace: 'shop', value }], facts });
const eventsOf = async (log: string, stream: string) => {
  const text = 'SELECT type, data FROM ingestion.event WHERE log = $1 AND stream = $2 ORDER BY version';
  const { rows } = await admin.query<{ type: string; data: string }>(text, [log, stream]);
  return rows.map(({ type, data }) => ({ type, data: JSON.parse(data) as Record<string, unknown> }));
};

describe('Q36: members that take no part', () => {
  it('deactivated: nothing new is taken, what is known goes on, and a reactivation lets it be redriven', async () => {
    expect(await call('GET', '/v1/members/d-1/standing')).toMatchObject({ body: { standing: 'active' } });
    expect((await order('D-1', { member: 'd-1' })).status).toBe(202);
    const first = await put('d-1', 'deactivated');
    expect(first).toMatchObject({ status: 200, body: { member: 'd-1', standing: 'deactivated' } });
    // The same again writes nothing.
    expect((await put('d-1', 'deactivated')).body).toEqual(first.body);
    expect(await call('GET', '/v1/members/d-1/standing')).toMatchObject({
      body: { standing: 'deactivated', reason: 'request', actor: 'li.wei' },
    });

    expect(await order('D-2', { member: 'd-1' })).toMatchObject({
      status: 409,
      body: { code: 'member_inactive', standing: 'deactivated' },
    });
    const activity = { source: 'app', id: 'c-1', member: 'd-1', type: 'check-in', occurredAt: '2026-11-20T00:00:00Z' };
    expect(await call('POST', '/v1/activities', activity)).toMatchObject({ body: { code: 'member_inactive' } });
    // A return of what was bought before, and what comes twice.
    const returned = { member: 'd-1', revision: 2, status: 'cancelled', occurredAt: '2026-11-21T10:00:00Z' };
    expect(await order('D-1', returned)).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await order('D-1', returned)).toMatchObject({ status: 202, body: { duplicates: 1 } });
    // Neighbours are not held up.
    expect((await order('D-3', { member: 'd-2' })).status).toBe(202);

    expect((await put('d-1', 'active')).status).toBe(200);
    const again = await call('POST', '/v1/rejected/redrive', { all: true, code: 'member_inactive' });
    expect(again.body).toMatchObject({ examined: 2, accepted: 2, rejected: [] });
    expect((await eventsOf('member', 'demo/d-1')).map(({ type }) => type)).toEqual([
      'member.deactivated',
      'member.reactivated',
    ]);
  });

  it('anonymised: identities, facts and kept bytes are gone, the log and its chain stay', async () => {
    await link('a-1', 'alice@example.com', { birthday: '1990-05-17' });
    expect((await order('A-1', known('alice@example.com'))).status).toBe(202);
    const { body: kept } = await call('POST', '/v1/orders', [
      { ...anOrder(), ...known('alice@example.com'), orderId: 'A-2', revision: -1 },
      { ...anOrder({ member: 'a-10' }), orderId: 'A-3', revision: -1 },
    ]);
    const [hers, another] = (kept['rejected'] as { id: string }[]).map(({ id }) => id);
    const done = await put('a-1', 'anonymised');
    expect(done.body).toMatchObject({
      standing: 'anonymised',
      forgotten: { identities: 1, records: 1, deadLetters: 0 },
    });

    expect(await call('GET', `/v1/rejected/${hers}`)).toMatchObject({ body: { body: '', outcome: 'erased' } });
    expect((await call('GET', `/v1/rejected/${another}`)).body['body']).toContain('a-10');
    const rows = await admin.query<{ text: string }>(
      `SELECT identity::text AS text FROM ingestion.identity UNION ALL SELECT encode(bytes, 'escape') FROM ingestion.rejected`,
    );
    expect(rows.rows.filter(({ text }) => text.includes('alice'))).toEqual([]);
    expect((await eventsOf('activity', 'demo/member/a-1')).at(-1)).toMatchObject({ data: { facts: {} } });
    // Nobody has the identity, and by its own id nothing new comes.
    expect(await order('A-4', known('alice@example.com'))).toMatchObject({ body: { code: 'unknown_member' } });
    expect(await order('A-5', { member: 'a-1' })).toMatchObject({ body: { code: 'member_inactive' } });
    expect(await link('a-1', 'alice@example.com')).toMatchObject({ status: 409, body: { code: 'member_inactive' } });
    // What was kept since is dropped by the same again, which is no event.
    expect((await put('a-1', 'anonymised')).body).toMatchObject({ forgotten: { identities: 0, records: 1 } });
    expect(await eventsOf('member', 'demo/a-1')).toHaveLength(1);
    // She may come back as somebody new.
    expect((await link('a-2', 'alice@example.com')).status).toBe(200);
    for (const log of ['activity', 'member'])
      expect(await verifyLog({ pool: admin, schema: 'ingestion', log })).toMatchObject({ ok: true });
  });

  it('removed: there is no way back, and a returning order is taken back still', async () => {
    await order('R-1', { member: 'r-1' });
    expect((await put('r-1', 'removed')).status).toBe(200);
    for (const standing of ['active', 'deactivated', 'anonymised'])
      expect(await put('r-1', standing)).toMatchObject({ status: 409, body: { code: 'member_inactive' } });
    expect(await order('R-1', { member: 'r-1', revision: 2, status: 'cancelled' })).toMatchObject({ status: 202 });
    expect((await put('r-1', 'removed')).status).toBe(200);
    expect(await eventsOf('member', 'demo/r-1')).toMatchObject([
      { type: 'member.removed', data: { reason: 'request', actor: 'li.wei' } },
    ]);
  });

  it('refuses what is asked wrongly, and who may not ask', async () => {
    expect(await put('x', 'gone')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/standing' }] } });
    expect(await put('x', 'removed', 'till')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    // Members of another program are others.
    expect((await put('d-2', 'removed', 'other')).status).toBe(200);
    expect((await order('X-1', { member: 'd-2' })).status).toBe(202);
  });

  it('asked for many times at once it is one event', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => put('c-1', 'anonymised')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['position'])}`)).size).toBe(1);
    expect(await eventsOf('member', 'demo/c-1')).toHaveLength(1);
  });
});
