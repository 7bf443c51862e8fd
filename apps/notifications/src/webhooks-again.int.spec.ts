import { instantFromMillis } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import { deliveryTable } from './adapters/delivery-table.ts';
import { replayDeliveries, resendDeliveries } from './application/manage-endpoints.ts';
import { eventually, type Receiver } from './testing/receiver.ts';
import { eachWithWebhooks } from './testing/webhook-specs.ts';
import { idOf, PROGRAM, REMEMBERED_MS, valueOf, type WebhookWorld } from './testing/webhook-world.ts';

let world: WebhookWorld;
let receiver: Receiver;
eachWithWebhooks((own) => ({ world, receiver } = own));

describe('a webhook that comes again', () => {
  it('U56: a replay of the whole log queues and sends nothing twice', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const messages = Array.from({ length: 20 }, (_, place) => world.event(`m-${place % 3}`));
    await world.deliver(...messages);
    const stop = world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 20, 'all delivered');
    await replay(messages);
    await stop();
    expect(receiver.received.map(({ id: each }) => each).sort()).toEqual(messages.map(idOf).sort());
    expect(await world.states(id)).toEqual({ delivered: 20 });
  });

  it('U56: of what is older than the endpoint, or than deliveries are kept, a replay queues nothing', async () => {
    const before = (millis: number): Message =>
      world.event('m-1', undefined, undefined, undefined, instantFromMillis(Date.now() - millis));
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    await world.pool.query(`UPDATE endpoint SET created_at = created_at - interval '1 minute'`);
    await world.deliver(before(REMEMBERED_MS + 1), before(600_000), before(90_000), world.event('m-1'));
    expect((await world.deliveries(id)).length).toBe(2);
    await world.pool.query(`UPDATE endpoint SET created_at = created_at - interval '90 days'`);
    await world.deliver(before(REMEMBERED_MS + 1), before(REMEMBERED_MS - 60_000));
    expect((await world.deliveries(id)).length).toBe(3);
  });

  it('Q30: is dead after the last try, visible, and can be sent again', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    receiver.answer = () => 500;
    const message = world.event('m-1');
    await world.deliver(message);
    world.sending();
    await eventually(async () => (await world.states(id))['dead'] === 1, 'dead');
    expect((await world.deliveries(id))[0]).toMatchObject({ attempts: 3, lastStatus: 500, lastError: 'answered 500' });
    receiver.answer = () => 204;
    expect(valueOf(await resendDeliveries(world.manage, PROGRAM, id, undefined))).toEqual({ resent: 1 });
    await eventually(async () => (await world.states(id))['delivered'] === 1, 'delivered at last');
    expect(new Set(receiver.received.map(({ id: each }) => each))).toEqual(new Set([idOf(message)]));
  });

  it('is sent again from a delivery on: in the order of each member, under the same id, marked, and nothing before it', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const messages = Array.from({ length: 12 }, (_, place) => world.event(`m-${place % 3}`));
    await world.deliver(...messages);
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 12, 'all delivered');
    const sent = receiver.received.splice(0);
    expect(sent.map(({ headers }) => headers['jifen-replay'])).toEqual(sent.map(() => undefined));
    const ids = messages.map(idOf);
    expect(valueOf(await replayDeliveries(world.manage, PROGRAM, id, { delivery: ids[4] }))).toEqual({ replayed: 8 });
    await eventually(async () => (await world.states(id))['delivered'] === 12, 'all delivered again');
    expect(receiver.received.map(({ id: each }) => each).sort()).toEqual(ids.slice(4).sort());
    expect(receiver.received.every(({ headers }) => headers['jifen-replay'] === 'true')).toBe(true);
    for (const member of [0, 1, 2]) {
      const inOrder = ids.filter((_, place) => place >= 4 && place % 3 === member);
      expect(receiver.received.map(({ id: each }) => each).filter((each) => inOrder.includes(each))).toEqual(inOrder);
    }
    // The receiver can tell that it has them: the bytes are those of the first time.
    const bodies = new Map(sent.map(({ id: each, body }) => [each, body]));
    expect(receiver.received.map(({ body }) => body)).toEqual(
      receiver.received.map(({ id: each }) => bodies.get(each)),
    );
  });

  it('is sent again from an instant on, in pages, and never what is pending already', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    await world.deliver(world.event('m-1'), world.event('m-2'), world.event('m-3'));
    expect(valueOf(await replayDeliveries(world.manage, PROGRAM, id, { from: '2020-01-01T00:00:00Z' }))).toEqual({
      replayed: 0,
    });
    world.sending();
    await eventually(async () => (await world.states(id))['delivered'] === 3, 'all delivered');
    const late = { from: '2999-01-01T00:00:00Z' };
    expect(valueOf(await replayDeliveries(world.manage, PROGRAM, id, late))).toEqual({ replayed: 0 });
    const page = await world.manage.inTransaction((sql) =>
      deliveryTable.replay(sql, id, { after: 0, since: '2020-01-01T00:00:00Z' }, 2, world.manage.clock()),
    );
    expect(page.replayed).toBe(2);
    expect(valueOf(await replayDeliveries(world.manage, PROGRAM, id, { cursor: String(page.last) }))).toEqual({
      replayed: 1,
    });
  });

  it('of which nothing is known, or of two beginnings, is no replay', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const codes = await Promise.all(
      [{ delivery: 'ledger-0-999999' }, {}, { cursor: '1', from: '2020-01-01T00:00:00Z' }].map((from) =>
        replayDeliveries(world.manage, PROGRAM, id, from),
      ),
    );
    expect(codes.map((outcome) => (outcome.ok ? 'ok' : outcome.refusal.code))).toEqual(
      Array.from({ length: 3 }, () => 'invalid_request'),
    );
  });
});

/** The log from its first message on, as after a cursor was lost. */
async function replay(messages: readonly Message[]): Promise<void> {
  const seen = new Map<string, number>();
  for (const message of messages) {
    const place = `${message.topic} ${message.partition}`;
    if (!seen.has(place)) seen.set(place, message.offset);
  }
  await world.admin.query(
    `UPDATE notifications.shard SET cursors = cursors || (
       SELECT coalesce(jsonb_object_agg(topic, jsonb_build_object('offset', first, 'sequence', first - 1)), '{}')
         FROM unnest($1::text[], $2::int[], $3::bigint[]) AS place (topic, partition, first)
        WHERE place.partition = shard.partition)`,
    [
      [...seen.keys()].map((place) => place.split(' ')[0]),
      [...seen.keys()].map((place) => Number(place.split(' ')[1])),
      [...seen.values()],
    ],
  );
  await world.deliver(...messages);
}
