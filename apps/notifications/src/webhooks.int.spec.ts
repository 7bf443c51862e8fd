import { createPublicKey, verify } from 'node:crypto';
import { MAX_PAYLOAD_LENGTH } from '@jifen/notifications';
import { Webhook } from 'standardwebhooks';
import {
  createEndpoint,
  MAX_ENDPOINTS,
  readEndpoint,
  rotateSecret,
  switchEndpoint,
} from './application/manage-endpoints.ts';
import { eventually, type Answer, type Receiver } from './testing/receiver.ts';
import { eachWithWebhooks } from './testing/webhook-specs.ts';
import { idOf, PROGRAM, valueOf, type WebhookWorld } from './testing/webhook-world.ts';

let world: WebhookWorld;
let receiver: Receiver;

const scripted = (...answers: readonly Answer[]): (() => Answer) => {
  let place = 0;
  return () => answers[Math.min(place++, answers.length - 1)] ?? 204;
};

eachWithWebhooks((own) => ({ world, receiver } = own));

describe('a webhook', () => {
  it('Q30: arrives signed as Standard Webhooks says, with the event in its envelope', async () => {
    const { id, secret } = await world.endpoint(`${receiver.url}/hook`);
    const message = world.event('会员-1', 'points.earned', { points: 100 });
    await world.deliver(message);
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'delivered');
    const [received] = receiver.received;
    expect(secret).toMatch(/^whsec_/);
    expect(new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>)).toEqual({
      id: idOf(message),
      type: 'points.earned',
      time: '2026-03-01T08:00:00.000Z',
      program: PROGRAM,
      member: '会员-1',
      data: { points: 100 },
    });
    expect(received?.headers['webhook-id']).toBe(idOf(message));
  });

  it('is sent for the events that the endpoint wants, of its program only', async () => {
    const points = await world.endpoint(`${receiver.url}/points`, ['points.*']);
    const tiers = await world.endpoint(`${receiver.url}/tiers`, ['tier.changed']);
    const other = await world.endpoint(`${receiver.url}/other`, ['*'], 'other');
    await world.deliver(world.event('m-1'), world.event('m-1', 'tier.changed'), world.event('m-1', 'debt.incurred'));
    expect((await world.deliveries(points.id)).map(({ type }) => type)).toEqual(['points.earned']);
    expect((await world.deliveries(tiers.id)).map(({ type }) => type)).toEqual(['tier.changed']);
    expect(await world.deliveries(other.id)).toEqual([]);
  });

  it('Q30: is tried again after a 500, under the same id and with a signature of its own time', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    receiver.answer = scripted(500, 503, 200);
    await world.deliver(world.event('m-1'));
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'delivered');
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ id: each }) => each)).size).toBe(1);
    const [first, second, third] = receiver.received.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(45);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(95);
    expect((await world.deliveries(id))[0]).toMatchObject({ attempts: 3, lastStatus: 200, lastError: undefined });
  });

  it.each<[string, Answer, string]>([
    ['hangs', 'hang', 'no answer within 100 ms'],
    ['redirects elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'answered 302'],
  ])('of a receiver that %s counts as failed', async (_, answer, error) => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    receiver.answer = () => answer;
    await world.deliver(world.event('m-1'));
    world.sending({ schedule: [], timeoutMs: 100 });
    await eventually(async () => (await world.states(id))['dead'] === 1, 'dead');
    expect((await world.deliveries(id))[0]).toMatchObject({ lastError: error });
    expect(receiver.received).toHaveLength(1);
  });

  it('410 disables the endpoint: nothing more is queued or sent until it is enabled', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    receiver.answer = () => 410;
    await world.deliver(world.event('m-1'));
    world.sending();
    await eventually(
      async () => valueOf(await readEndpoint(world.manage, PROGRAM, id)).status === 'disabled',
      'disabled',
    );
    expect(valueOf(await readEndpoint(world.manage, PROGRAM, id)).disabledReason).toBe('answered 410 Gone');
    await world.deliver(world.event('m-2'));
    expect(await world.states(id)).toEqual({ pending: 1 });
    expect(receiver.received).toHaveLength(1);
    receiver.answer = () => 204;
    valueOf(await switchEndpoint(world.manage, PROGRAM, id, 'enabled'));
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'what waited is delivered');
  });

  it('Q30: reaches an endpoint in order per member, also behind one that is retried', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const failed = new Set<string>();
    receiver.answer = ({ id: each }) => {
      if (Number(each.split('-')[2]) % 3 !== 0 || failed.has(each)) return 204;
      failed.add(each);
      return 500;
    };
    const messages = Array.from({ length: 60 }, (_, place) => world.event(`m-${place % 4}`));
    for (let from = 0; from < messages.length; from += 20) await world.deliver(...messages.slice(from, from + 20));
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 60, 'all delivered');
    const accepted = receiver.received.filter(
      ({ id: each }, place) => !failed.has(each) || receiver.received.slice(0, place).some((r) => r.id === each),
    );
    const memberOf = ({ body }: { readonly body: string }): string => (JSON.parse(body) as { member: string }).member;
    for (const member of ['m-0', 'm-1', 'm-2', 'm-3']) {
      const expected = messages.filter(({ key }) => key === `${PROGRAM}/${member}`).map(idOf);
      expect(accepted.filter((each) => memberOf(each) === member).map(({ id: each }) => each)).toEqual(expected);
    }
  });

  it('Q30: killed between sending and noting it, is sent again under the same id', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const message = world.event('m-1');
    await world.deliver(message);
    let die: () => void = () => undefined;
    const dead = new Promise<never>((_, reject) => (die = () => reject(new Error('killed'))));
    dead.catch(() => undefined);
    const stopDying = world.sending({
      leaseMs: 300,
      places: 1,
      send: (real) => async (endpoint, delivery) => {
        await real(endpoint, delivery);
        return dead;
      },
    });
    await eventually(() => receiver.received.length === 1, 'sent once');
    expect(await world.states(id)).toEqual({ pending: 1 });
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'delivered by the other');
    die();
    await stopDying();
    expect(world.faults.splice(0)).toHaveLength(1);
    expect(receiver.received.map(({ id: each }) => each)).toEqual([idOf(message), idOf(message)]);
  });

  it('Q30: a dead endpoint slows no other, and is left alone more and more', async () => {
    const dead = await world.endpoint(`${receiver.url}/dead`);
    const well = await world.endpoint(`${receiver.url}/well`);
    receiver.answer = ({ path }) => (path === '/dead' ? 'hang' : 204);
    const messages = Array.from({ length: 100 }, (_, place) => world.event(`m-${place}`));
    await world.deliver(...messages);
    world.sending({ timeoutMs: 300, places: 5 });
    const started = performance.now();
    await eventually(async () => (await world.states(well.id))['delivered'] === 100, 'the other gets all');
    expect(performance.now() - started).toBeLessThan(3_000);
    expect((await world.states(dead.id))['delivered']).toBeUndefined();
    expect(receiver.to('/dead').length).toBeLessThan(20);
  });

  it('two senders share the work and send nothing twice', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    await world.deliver(...Array.from({ length: 100 }, (_, place) => world.event(`m-${place % 30}`)));
    world.sending();
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 100, 'all delivered');
    expect(receiver.received).toHaveLength(100);
  });

  it('after a rotation verifies with the old and the new secret', async () => {
    const { id, secret } = await world.endpoint(`${receiver.url}/hook`);
    const next = valueOf(await rotateSecret(world.manage, PROGRAM, id));
    expect(next.secret).not.toBe(secret);
    await world.deliver(world.event('m-1'));
    world.sending();
    await eventually(() => receiver.received.length === 1, 'received');
    const [received] = receiver.received;
    for (const each of [secret, next.secret ?? ''])
      expect(() =>
        new Webhook(each).verify(received?.body ?? '', received?.headers as Record<string, string>),
      ).not.toThrow();
  });

  it('of an endpoint with v1a verifies with nothing but the public key, also over a rotation', async () => {
    const request = { program: PROGRAM, url: `${receiver.url}/hook`, events: ['*'], description: undefined };
    const created = valueOf(await createEndpoint(world.manage, { ...request, scheme: 'v1a' }));
    const next = valueOf(await rotateSecret(world.manage, PROGRAM, created.id));
    expect([created.secret, next.secret]).toEqual([undefined, undefined]);
    await world.deliver(world.event('m-1'));
    world.sending();
    await eventually(() => receiver.received.length === 1, 'received');
    const [received] = receiver.received;
    const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures } = received?.headers ?? {};
    const content = Buffer.from(`${String(id)}.${String(seconds)}.${received?.body ?? ''}`);
    const verifies = (publicKey: string | undefined, place: number): boolean => {
      expect(publicKey).toMatch(/^whpk_/);
      const x = Buffer.from((publicKey ?? '').slice('whpk_'.length), 'base64').toString('base64url');
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      const [scheme, signature = ''] = String(signatures).split(' ')[place]?.split(',') ?? [];
      expect(scheme).toBe('v1a');
      return verify(null, content, key, Buffer.from(signature, 'base64'));
    };
    expect([verifies(next.publicKey, 0), verifies(created.publicKey, 1)]).toEqual([true, true]);
    expect(verifies(created.publicKey, 0)).toBe(false);
  });

  it('keeps what was sent and what was answered, cut short', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    receiver.answer = () => ({ status: 200, headers: {}, body: `thanks\0${'x'.repeat(5_000)}` });
    const message = world.event('m-1', 'points.earned', { points: 7 });
    await world.deliver(message);
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'delivered');
    const found = await world.manage.deliveries.find(world.pool, id, idOf(message));
    expect(found?.body).toBe(receiver.received[0]?.body);
    expect(found?.lastAnswer).toHaveLength(1_024);
    expect(found?.lastAnswer).toMatch(/^thanks\uFFFDxxx/);
    expect(found?.lastMillis).toBeGreaterThanOrEqual(0);
    expect(await world.manage.deliveries.find(world.pool, id, 'ledger-0-999')).toBeUndefined();
  });

  it('is kept with its secret encrypted, and shows it in no answer', async () => {
    const { id, secret } = await world.endpoint(`${receiver.url}/hook`);
    const raw = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const { rows } = await world.pool.query<{ secret: Buffer }>('SELECT secret FROM endpoint WHERE id = $1', [id]);
    expect(rows[0]?.secret.includes(raw)).toBe(false);
    expect(JSON.stringify(valueOf(await readEndpoint(world.manage, PROGRAM, id)))).not.toContain('secret"');
  });

  it('that would be too long is dead from the start, and the next passes', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const next = world.event.bind(world, 'm-1');
    await world.deliver(next('points.adjusted', { note: 'x'.repeat(MAX_PAYLOAD_LENGTH) }), next());
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'the next is delivered');
    expect((await world.deliveries(id)).at(-1)).toMatchObject({ state: 'dead', attempts: 0, type: 'points.adjusted' });
  });

  it('is one of fifty at most', async () => {
    for (let count = 0; count < MAX_ENDPOINTS; count++) await world.endpoint(`${receiver.url}/${count}`);
    await expect(world.endpoint(`${receiver.url}/more`)).rejects.toThrow('at most 50');
  });

  it('without endpoints only the cursor moves: one question, and the event is not even parsed', async () => {
    const message = world.event('m-1');
    const asked = await world.statementsOf(() =>
      world.deliver({ ...message, headers: message.headers, value: 'never read' }),
    );
    expect(asked.filter((text) => /FROM (endpoint|setting)/.test(text))).toHaveLength(1);
    const shard = (await world.store.shards()).find(({ partition }) => partition === message.partition);
    expect(shard?.cursors['jifen.ledger.v1']?.sequence).toBe(message.offset);
    expect(shard?.position).toBe(0);
    const { rows } = await world.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM delivery');
    expect(rows[0]?.n).toBe(0);
  });

  it('what is no event becomes a dead letter and holds up nobody', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const whole = world.event('m-1');
    const bad = { ...whole, headers: whole.headers, value: '{' };
    const good = world.event('m-1');
    await world.deliver(bad, good);
    expect((await world.deliveries(id)).map(({ event }) => event)).toEqual([idOf(good)]);
    const { rows } = await world.pool.query<{ reason: string }>('SELECT reason FROM dead_letter ORDER BY id DESC');
    expect(rows[0]?.reason).toBe('undecodable');
  });
});
