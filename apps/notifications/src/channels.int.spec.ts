import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateMessageSent } from '@jifen/contracts';
import { present } from '@jifen/kernel';
import { CHANNELS } from '@jifen/notifications';
import { absenceOf, PREPARED_CHANNELS } from './adapters/channels/absent.ts';
import { emailChannel } from './adapters/channels/email.ts';
import { logChannel } from './adapters/channels/log.ts';
import { webhookChannel } from './adapters/channels/webhook.ts';
import { deliveryTable } from './adapters/delivery-table.ts';
import { endpointTable } from './adapters/endpoint-table.ts';
import type { Endpoint } from './application/ports.ts';
import { MessageWorld, PROGRAM } from './testing/message-world.ts';

let world: MessageWorld;
const lines: Readonly<Record<string, string>>[] = [];
let nudged = 0;

beforeAll(async () => {
  world = await MessageWorld.start();
  const tables = { endpoints: endpointTable, deliveries: deliveryTable };
  const parts = { tables, inTransaction: world.inTransaction, clock: () => world.now, onQueued: () => nudged++ };
  world.channels.set('webhook', webhookChannel(parts));
  world.channels.set(
    'log',
    logChannel((fields) => lines.push(fields)),
  );
});
afterEach(async () => {
  await world.forgetAll();
  await world.pool.query('DELETE FROM endpoint; DELETE FROM delivery');
  expect(world.faults).toEqual([]);
});
afterAll(() => world.stop());

const endpoint = (id: string, events: readonly string[], program = PROGRAM): Promise<boolean> => {
  const kept: Endpoint = {
    ...{ id, program, events, url: 'https://example.com/', description: undefined, status: 'enabled' },
    ...{ disabledReason: undefined, scheme: 'v1', secrets: { current: new Uint8Array(1) } },
    createdAt: '2026-11-28T00:00:00.000Z',
  };
  return endpointTable.create(world.pool, kept, 50);
};
const queuedFor = (id: string) => deliveryTable.list(world.pool, id, { before: undefined, state: undefined, limit: 9 });

describe('the webhook channel', () => {
  const messages = [{ trigger: 'points-credited', channels: ['webhook'] }] as const;

  it('queues the finished message once for each endpoint that wants it, and wakes the sender', async () => {
    await endpoint('we_push', ['notification.points-credited']);
    await endpoint('we_all', ['notification.*']);
    await endpoint('we_tiers', ['notification.tier-changed']);
    await endpoint('we_other', ['*'], 'other');
    await world.settings({ messages });
    await world.deliver(world.posting('m-1'));
    const before = nudged;
    await world.send();
    expect(nudged).toBe(before + 1);
    const [delivery] = await queuedFor('we_push');
    expect(delivery).toMatchObject({ key: `${PROGRAM}/m-1`, type: 'notification.points-credited', state: 'pending' });
    const found = await deliveryTable.find(world.pool, 'we_push', delivery?.event ?? '');
    expect(JSON.parse(found?.body ?? '')).toMatchObject({
      ...{ id: delivery?.event, type: 'notification.points-credited', program: PROGRAM, member: 'm-1' },
      data: { title: '100 points credited!', deepLink: 'myapp://points', language: 'en', body: expect.any(String) },
    });
    const { data } = JSON.parse(found?.body ?? '') as { data: unknown };
    expect(validateMessageSent(data)).toEqual({ ok: true, value: data });
    const counts = await Promise.all(
      ['we_all', 'we_tiers', 'we_other'].map(async (id) => (await queuedFor(id)).length),
    );
    expect(counts).toEqual([1, 0, 0]);
    expect((await world.told({ channel: 'webhook' })).map(({ state }) => state)).toEqual(['sent']);
  });

  it('without an endpoint that wants it the message is dead, says why, and arrives when there is one and it is resent', async () => {
    await world.settings({ messages });
    await world.deliver(world.posting('m-1'));
    await world.send();
    const [dead] = await world.told({ channel: 'webhook' });
    expect(dead).toMatchObject({ state: 'dead', reason: expect.stringContaining('no webhook of the program wants') });
    await endpoint('we_late', ['*']);
    const { messages: table } = world.tables;
    await world.inTransaction((sql) => table.resend(sql, PROGRAM, [dead?.id ?? 0], 10, world.now));
    await world.send();
    expect((await world.told({ channel: 'webhook' })).map(({ state }) => state)).toEqual(['sent']);
    expect(await queuedFor('we_late')).toHaveLength(1);
  });
});

it('the log channel writes the message and to whom, and nothing else of the member', async () => {
  await world.settings({ messages: [{ trigger: 'points-credited', channels: ['log'] }] });
  await world.deliver(world.posting('m-1'));
  await world.send();
  expect(lines).toEqual([
    {
      ...{ program: PROGRAM, member: 'm-1', trigger: 'points-credited', title: '100 points credited!' },
      ...{ body: 'You earned 100 points. Your balance is 480.', link: 'myapp://points' },
    },
  ]);
  expect((await world.told({ channel: 'log' })).map(({ state }) => state)).toEqual(['sent']);
});

describe('A10: the ways to a member', () => {
  const prepared = ['sms', 'wechat', 'wecom'] as const;
  const open = ['inbox', 'email', 'webhook', 'log'] as const;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jifen-ways-'));
    const email = emailChannel({ url: `file://${directory}`, from: 'points@example.com', timeoutMs: 1_000 });
    for (const channel of [email, ...PREPARED_CHANNELS]) world.channels.set(channel.id, channel);
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('declare what they can do, and every name of settings has one', () => {
    const declared = [...world.channels.values()].map(({ abilities }) => abilities);
    expect(declared.map(({ name }) => name).sort()).toEqual([...CHANNELS].sort());
    // Staff confirms what WeCom sends, and a customer gets one a day.
    expect(declared.filter(({ needsStaffConfirmation }) => needsStaffConfirmation)).toEqual([
      { name: 'wecom', automatic: false, needsStaffConfirmation: true, interrupts: true, quota: 1 },
    ]);
    expect(declared.filter(({ automatic }) => automatic).map(({ name }) => name)).not.toContain('wecom');
    expect(declared.filter(({ interrupts }) => !interrupts).map(({ name }) => name)).toEqual(['inbox', 'log']);
  });

  it('take one piece of news at the same time, each once; those without an adapter say so and can be sent again', async () => {
    await endpoint('we_push', ['notification.*']);
    await world.settings({ messages: [{ trigger: 'points-credited', channels: CHANNELS }] });
    await world.tables.recipients.setEmail(
      world.pool,
      { program: PROGRAM, member: 'm-1' },
      'li@example.com',
      world.now,
    );
    await world.deliver(world.posting('m-1'));
    await world.send();
    const told = await world.told();
    const states = Object.fromEntries(told.map(({ channel, state }) => [channel, state]));
    expect(told).toHaveLength(CHANNELS.length);
    expect(states).toEqual(
      Object.fromEntries([...open.map((name) => [name, 'sent']), ...prepared.map((name) => [name, 'dead'])]),
    );
    for (const { channel, reason } of told.filter(({ state }) => state === 'dead'))
      expect([channel, reason]).toEqual([channel, expect.stringMatching(/^there is no adapter for /)]);
    expect(await world.titles('m-1')).toEqual(['100 points credited!']);
    expect(await queuedFor('we_push')).toHaveLength(1);
    expect(await readdir(directory)).toHaveLength(1);
    const ids = told.filter(({ channel }) => channel === 'sms').map(({ id }) => id);
    // An adapter comes: nothing else changes.
    const sms = present(world.channels.get('sms'), 'the channel');
    const { send } = logChannel((fields) => lines.push(fields));
    world.channels.set('sms', { id: 'sms', abilities: sms.abilities, send });
    await world.inTransaction((sql) => world.tables.messages.resend(sql, PROGRAM, ids, 10, world.now));
    await world.send();
    expect((await world.told({ channel: 'sms' })).map(({ state }) => state)).toEqual(['sent']);
    world.channels.set('sms', sms);
  });

  it.each(prepared)('%s cannot be named by settings until it has an adapter', (name) => {
    const channel = PREPARED_CHANNELS.find(({ id }) => id === name);
    expect(channel === undefined ? undefined : absenceOf(channel)).toMatch(/^there is no adapter for /);
  });
});
