import type { EventStore } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instant, memberKey, partitionOf } from '@jifen/kernel';
import { bootHost, createKey, type RunningHost, type ServiceDefinition } from '@jifen/service-host';
import { checkAnswersOf, startPostgres, type RunningPostgres } from '@jifen/testing';
import { Module } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Webhook } from 'standardwebhooks';
import { notificationsService } from './index.ts';
import { eventually, Receiver } from './testing/receiver.ts';

const PARTITIONS = 4;
const at = instant('2026-03-01T08:00:00.000Z');
let ledger: EventStore<PoolClient>;

@Module({})
class StubModule {}

/** The ledger as far as notifications sees it: its log. */
const ledgerLog: ServiceDefinition = {
  name: 'ledger',
  logs: ['ledger'],
  migrations: [],
  create: (context) => {
    ledger = context.store('ledger');
    return Promise.resolve({ module: { module: StubModule }, consumers: [] });
  },
};

const stub = (name: 'tiering' | 'rules' | 'ingestion', log: 'tier' | 'program' | 'member'): ServiceDefinition => ({
  name,
  logs: [log],
  migrations: [],
  create: () => Promise.resolve({ module: { module: StubModule }, consumers: [] }),
});

const posting = { points: 100, currency: 'points', lots: [], reason: 'earn' };
const balance = { available: 480, pending: 0, held: 0, debt: 0 };

const OTHERS = [stub('tiering', 'tier'), stub('rules', 'program'), stub('ingestion', 'member')];

async function earn(program: string, member: string): Promise<void> {
  const key = memberKey(program, member);
  const partition = partitionOf(key, PARTITIONS);
  await ledger.transact({ partitions: [partition] }, (tx) => {
    const stream = `${key}/${tx.nextPosition(partition)}`;
    const fields = { key, type: 'points.earned', schemaVersion: 1, meta: {} };
    const data = JSON.stringify({ program, member, ...posting, balance });
    tx.append(partition, { ...fields, data, stream, version: 1, occurredAt: at, effectiveAt: at });
    return Promise.resolve();
  });
}

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly data?: readonly Record<string, unknown>[] };
}

describe('notifications behind their host', () => {
  let postgres: RunningPostgres;
  let host: RunningHost;
  let receiver: Receiver;
  const keys = new Map<string, string>();

  const boot = (environment: Readonly<Record<string, string>>): Promise<RunningHost> =>
    bootHost([ledgerLog, ...OTHERS, notificationsService], {
      environment: { JIFEN_WEBHOOK_ALLOW_PRIVATE: '1', JIFEN_WEBHOOK_RETRY_SECONDS: '0.05', ...environment },
      databaseUrl: postgres.url,
      port: 0,
      partitions: PARTITIONS,
      logLevel: 'error',
    });
  const call = async (
    method: string,
    path: string,
    body?: object,
    program = 'demo',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> => {
    const response = await fetch(host.url + path, {
      method,
      headers: { authorization: `Bearer ${keys.get(program)}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answered['body'] };
  };

  beforeAll(async () => {
    postgres = await startPostgres({ fsync: false });
    receiver = await Receiver.start();
    host = await boot({ JIFEN_SECRET_KEY: 'a key of at least thirty-two characters' });
    await checkAnswersOf(host.url);
    const admin = createPool(postgres.url, { max: 1 });
    for (const program of ['demo', 'other', 'third'])
      keys.set(program, (await createKey(admin, { program, name: 'test' })).key);
    await admin.end();
  }, 120_000);

  afterAll(async () => {
    await host.stop();
    await receiver.stop();
    await postgres.stop();
  });

  it('creates a webhook, shows its secret once, delivers, and lists what was delivered', async () => {
    const created = await call('POST', '/v1/webhooks', { url: `${receiver.url}/hook`, events: ['points.*'] });
    expect(created).toMatchObject({ status: 201, body: { status: 'enabled', events: ['points.*'] } });
    const { id, secret } = created.body as { id: string; secret: string } & Answered['body'];
    await earn('demo', 'm-1');
    await earn('other', 'm-2');
    await eventually(() => receiver.received.length > 0, 'received');
    const [received] = receiver.received;
    expect(new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>)).toMatchObject(
      {
        member: 'm-1',
        data: { program: 'demo', member: 'm-1', ...posting, balance },
      },
    );
    await eventually(
      async () => (await call('GET', `/v1/webhooks/${id}/deliveries?state=delivered`)).body.data?.length === 1,
      'listed',
    );
    expect((await call('GET', `/v1/webhooks/${id}/deliveries`)).body).toEqual({
      data: [expect.objectContaining({ id: received?.id, member: 'm-1', state: 'delivered', attempts: 1 })],
    });
    const answers = [await call('GET', '/v1/webhooks'), await call('GET', `/v1/webhooks/${id}`)];
    expect(JSON.stringify(answers)).not.toContain(secret);
    const resent = await call('POST', `/v1/webhooks/${id}/resend`, { deliveries: [received?.id] });
    expect(resent).toEqual({ status: 202, body: { resent: 1 } });
    await eventually(() => receiver.received.length === 2, 'received again');
    expect(receiver.received[1]?.id).toBe(received?.id);
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    expect(metrics).toMatch(/jifen_webhook_attempts_total\{[^}]*end="delivered"[^}]*\} 2/);
  });

  it('pages deliveries, newest first', async () => {
    const { id } = (await call('POST', '/v1/webhooks', { url: `${receiver.url}/page` })).body as { id: string };
    for (let place = 0; place < 5; place++) await earn('demo', 'm-3');
    await eventually(
      async () => (await call('GET', `/v1/webhooks/${id}/deliveries?state=delivered`)).body.data?.length === 5,
      'delivered',
    );
    const seen: unknown[] = [];
    let path = `/v1/webhooks/${id}/deliveries?limit=2`;
    for (let page = 0; page < 3; page++) {
      const { body } = await call('GET', path);
      seen.push(...(body.data ?? []).map((each) => each['id']));
      path = `/v1/webhooks/${id}/deliveries?limit=2&cursor=${String(body['next'])}`;
      expect(body['next'] === undefined).toBe(page === 2);
    }
    const sequences = seen.map((each) => Number(String(each).split('-')[2]));
    expect(sequences).toEqual([...sequences].sort((a, b) => b - a));
    expect(new Set(seen).size).toBe(5);
  });

  it('replays from a time or a position, marked, and refuses what is neither or both', async () => {
    const { id } = (await call('POST', '/v1/webhooks', { url: `${receiver.url}/again` })).body as { id: string };
    for (let place = 0; place < 3; place++) await earn('demo', 'm-5');
    const heard = (): readonly string[] => receiver.to('/again').map((each) => each.id);
    const delivered = async (): Promise<boolean> =>
      (await call('GET', `/v1/webhooks/${id}/deliveries?state=delivered`)).body.data?.length === 3;
    await eventually(async () => heard().length === 3 && (await delivered()), 'delivered');
    const [first = '', second = '', third = ''] = heard();
    const replay = (body: object, program?: string): Promise<Answered> =>
      call('POST', `/v1/webhooks/${id}/replay`, body, program);
    expect(await replay({ delivery: second })).toEqual({ status: 202, body: { replayed: 2 } });
    await eventually(async () => heard().length === 5 && (await delivered()), 'two again');
    expect(heard().slice(3)).toEqual([second, third]);
    expect(receiver.to('/again').map(({ headers }) => headers['jifen-replay'])).toEqual([
      ...Array<undefined>(3),
      ...Array<string>(2).fill('true'),
    ]);
    expect(await replay({ from: '2020-01-01T00:00:00Z' })).toEqual({ status: 202, body: { replayed: 3 } });
    await eventually(() => heard().length === 8, 'all again');
    expect(heard().slice(5)).toEqual([first, second, third]);
    expect(await replay({ from: '2999-01-01T00:00:00Z' })).toEqual({ status: 202, body: { replayed: 0 } });
    for (const body of [{}, { from: '2020-01-01T00:00:00Z', delivery: first }, { delivery: 'ledger-0-999999' }])
      expect(await replay(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect((await replay({ from: 'yesterday' })).body['errors']).toEqual([
      expect.objectContaining({ pointer: '/from' }),
    ]);
    expect((await replay({ delivery: first }, 'other')).status).toBe(404);
  });

  it('rotates, disables and enables', async () => {
    const created = (await call('POST', '/v1/webhooks', { url: `${receiver.url}/turn` })).body as {
      id: string;
      secret: string;
    };
    const rotated = await call('POST', `/v1/webhooks/${created.id}/rotate`);
    expect(rotated).toMatchObject({ status: 200, body: { secretsInForce: 2 } });
    expect(rotated.body['secret']).not.toBe(created.secret);
    const disabled = await call('POST', `/v1/webhooks/${created.id}/disable`);
    expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'disabled by request' });
    const enabled = await call('POST', `/v1/webhooks/${created.id}/enable`);
    expect(enabled.body).toMatchObject({ status: 'enabled' });
    expect(enabled.body).not.toHaveProperty('disabledReason');
  });

  it('shows a program nothing of another', async () => {
    const { id } = (await call('POST', '/v1/webhooks', { url: `${receiver.url}/own` })).body as { id: string };
    expect((await call('GET', `/v1/webhooks/${id}`, undefined, 'other')).status).toBe(404);
    expect((await call('GET', `/v1/webhooks/${id}/deliveries`, undefined, 'other')).status).toBe(404);
    expect((await call('POST', `/v1/webhooks/${id}/rotate`, undefined, 'other')).status).toBe(404);
    expect((await call('GET', '/v1/webhooks', undefined, 'other')).body.data).toEqual([]);
  });

  it.each([
    ['no URL', { url: 'example' }, '/url'],
    ['a missing URL', {}, '/url'],
    ['an unknown event form', { url: 'https://example.com/', events: ['POINTS'] }, '/events'],
    ['an unknown field', { url: 'https://example.com/', secret: 'mine' }, '/secret'],
  ])('refuses %s', async (_, body, pointer) => {
    const { status, body: problem } = await call('POST', '/v1/webhooks', body);
    expect(status).toBe(400);
    expect(problem['code']).toBe('invalid_request');
    expect((problem['errors'] as readonly { pointer: string }[])[0]?.pointer).toBe(pointer);
  });

  describe('messages to members', () => {
    const rule = { trigger: 'points-credited', channels: ['inbox'] };

    it('starts from settings that tell nobody anything, and keeps what an operator puts', async () => {
      const before = await call('GET', '/v1/notifications/settings', undefined, 'third');
      expect(before.body).toMatchObject({ enabled: false, revision: 0, reminderDays: [30, 7, 1] });
      const saved = await call('PUT', '/v1/notifications/settings', { messages: [rule], dailyCap: null }, 'third');
      expect(saved).toMatchObject({
        status: 200,
        body: { enabled: true, revision: 1, messages: [rule], changedBy: 'test' },
      });
      expect(saved.body).not.toHaveProperty('dailyCap');
      expect((await call('GET', '/v1/notifications/settings', undefined, 'third')).body).toEqual(saved.body);
      expect((await call('GET', '/v1/notifications/settings')).body['revision']).toBe(0);
    });

    it('refuses a change of settings that somebody else changed meanwhile', async () => {
      const put = (etag: string): Promise<Answered> =>
        call('PUT', '/v1/notifications/settings', { messages: [rule] }, 'third', { 'if-match': etag });
      expect(await put('"7"')).toMatchObject({ status: 409, body: { code: 'version_conflict', revision: 1 } });
      expect(await put('seven')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(await put('"1"')).toMatchObject({ status: 200, body: { revision: 2 } });
    });

    it.each([
      ['a kind that there is not', { messages: [{ trigger: 'birthday', channels: ['inbox'] }] }, '/messages/0/trigger'],
      ['a kind twice', { messages: [rule, rule] }, '/messages/1/trigger'],
      ['a channel without adapter', { messages: [{ ...rule, channels: ['sms'] }] }, '/messages/0/channels/0'],
      ['an hour that there is not', { messages: [], quietHours: { from: '24:00', to: '08:00' } }, '/quietHours/from'],
      ['no rules', {}, '/messages'],
      [
        'a template with a misspelt variable',
        { messages: [{ ...rule, templates: { zh: { title: '到账', body: '{{ poinst }}' } } }] },
        '/messages/0/templates/zh',
      ],
    ])('refuses %s', async (_, body, pointer) => {
      const { status, body: problem } = await call('PUT', '/v1/notifications/settings', body, 'third');
      expect([status, problem['code']]).toEqual([400, 'invalid_request']);
      expect((problem['errors'] as readonly { pointer: string }[])[0]?.pointer).toBe(pointer);
    });

    it('A08: a credit is in the inbox, counted as unread until it is read', async () => {
      await earn('third', 'm-9');
      const inbox = '/v1/members/m-9/inbox';
      await eventually(async () => (await call('GET', inbox, undefined, 'third')).body.data?.length === 1, 'told');
      const { body } = await call('GET', inbox, undefined, 'third');
      expect(body).toMatchObject({ unread: 1 });
      expect(body.data?.[0]).toMatchObject({
        trigger: 'points-credited',
        title: '100 points credited!',
        body: 'You earned 100 points. Your balance is 480.',
        deepLink: 'myapp://points',
      });
      const upTo = body.data?.[0]?.['id'];
      expect((await call('POST', `${inbox}/read`, { upTo }, 'third')).body).toEqual({ read: 1 });
      const read = (await call('GET', inbox, undefined, 'third')).body;
      expect(read).toMatchObject({ unread: 0, data: [{ readAt: expect.any(String) }] });
      expect((await call('GET', inbox)).body).toEqual({ data: [], unread: 0 });
      expect(await (await fetch(`${host.url}/metrics`)).text()).toMatch(
        /jifen_message_attempts_total\{[^}]*end="delivered"[^}]*\} 1/,
      );
    });

    it('Q36: keeps how a member is reached until it is erased, and shows it to its program alone', async () => {
      const contact = '/v1/members/m-9/contact';
      expect((await call('PUT', contact, { email: 'nobody' }, 'third')).status).toBe(400);
      expect((await call('PUT', contact, { email: 'li@example.com' }, 'third')).body).toEqual({
        email: 'li@example.com',
      });
      expect((await call('GET', contact)).body).toEqual({});
      const erase = { method: 'DELETE', headers: { authorization: `Bearer ${keys.get('third')}` } };
      for (let time = 0; time < 2; time++) expect((await fetch(host.url + contact, erase)).status).toBe(204);
      expect((await call('GET', contact, undefined, 'third')).body).toEqual({});
    });

    it('keeps what a member wants, and previews a real message in its language', async () => {
      const path = '/v1/members/m-9/notification-preferences';
      const wants = {
        language: 'zh',
        mutedTriggers: ['points-held'],
        mutedChannels: [],
        quietHours: { from: '21:00', to: '09:00' },
      };
      expect((await call('GET', path, undefined, 'third')).body).toEqual({ mutedTriggers: [], mutedChannels: [] });
      expect((await call('PUT', path, wants, 'third')).body).toEqual(wants);
      expect((await call('GET', path, undefined, 'third')).body).toEqual(wants);
      const preview = (body: object): Promise<Answered> =>
        call('POST', '/v1/notifications/preview', { member: 'm-9', trigger: 'points-credited', ...body }, 'third');
      expect((await preview({})).body).toMatchObject({
        ...{ language: 'zh', title: '积分到账！', body: '您获得 100 points，当前可用 480。', figures: 'of the member' },
      });
      expect((await preview({ trigger: 'points-expiring' })).body).toMatchObject({ figures: 'sample' });
      const template = { title: 'Hi {{ member }}', body: '{{ points }}' };
      expect((await preview({ template })).body).toMatchObject({ title: 'Hi m-9', body: '100' });
      const misspelt = await preview({ template: { ...template, body: '{{ pionts }}' } });
      expect(misspelt).toMatchObject({ status: 400, body: { errors: [{ pointer: '/template' }] } });
    });

    it('lists what was told by state, and sends again only what did not arrive', async () => {
      const listed = await call('GET', '/v1/notifications/messages?state=sent&member=m-9', undefined, 'third');
      expect(listed.body.data).toEqual([
        expect.objectContaining({ trigger: 'points-credited', channel: 'inbox', attempts: 1 }),
      ]);
      expect((await call('GET', '/v1/notifications/messages?state=lost', undefined, 'third')).status).toBe(400);
      const ids = { messages: [listed.body.data?.[0]?.['id']] };
      expect(await call('POST', '/v1/notifications/messages/resend', ids, 'third')).toEqual({
        status: 202,
        body: { resent: 0 },
      });
      expect((await call('GET', '/v1/notifications/messages')).body.data).toEqual([]);
    });
  });

  it('without a key for secrets says so, and leaves the rest alone', async () => {
    const { id } = (await call('POST', '/v1/webhooks', { url: `${receiver.url}/kept` })).body as { id: string };
    await host.stop();
    host = await boot({});
    const refused = await call('POST', '/v1/webhooks', { url: 'https://example.com/' });
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(refused.body['detail']).toContain('JIFEN_SECRET_KEY');
    expect((await call('GET', `/v1/webhooks/${id}`)).status).toBe(200);
  }, 30_000);
});
