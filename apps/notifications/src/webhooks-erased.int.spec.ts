import { createHash } from 'node:crypto';
import type { MemberStanding } from '@jifen/contracts';
import { instant, present } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import { deliveryTable } from './adapters/delivery-table.ts';
import { replayDeliveries, resendDeliveries } from './application/manage-endpoints.ts';
import { eventually, type Receiver } from './testing/receiver.ts';
import { eachWithWebhooks } from './testing/webhook-specs.ts';
import { idOf, PROGRAM, valueOf, type WebhookWorld } from './testing/webhook-world.ts';

let world: WebhookWorld;
let receiver: Receiver;
eachWithWebhooks((own) => ({ world, receiver } = own));

const TYPES = {
  active: 'member.reactivated',
  deactivated: 'member.deactivated',
  anonymised: 'member.anonymised',
  removed: 'member.removed',
};

function stands(member: string, standing: MemberStanding['standing']): Message {
  const at = instant('2026-11-20T02:00:00Z');
  const content: MemberStanding = { program: PROGRAM, member, standing, reason: 'legal', actor: 'li.wei', at };
  return world.event(member, TYPES[standing], content);
}
const hash = (body: string): string => createHash('sha256').update(body).digest('hex');
const found = async (endpoint: string, message: Message) =>
  present(await deliveryTable.find(world.pool, endpoint, idOf(message)), 'the delivery');
const settled = async (endpoint: string, ended: number): Promise<void> =>
  eventually(async () => {
    const { delivered = 0, dead = 0 } = await world.states(endpoint);
    return delivered + dead === ended;
  }, `${ended} ended`);

describe('Q36: webhooks of members that take no part', () => {
  it('tell the endpoints that want it, and no other, with who decided it and why', async () => {
    const [all, family, exact, points] = await Promise.all(
      [['*'], ['member.*'], ['member.removed'], ['points.*']].map((events) =>
        world.endpoint(`${receiver.url}/hook`, events),
      ),
    );
    const [off, on, gone] = [stands('m-1', 'deactivated'), stands('m-1', 'active'), stands('m-1', 'removed')];
    await world.deliver(off, on, gone);
    const told = async (endpoint = all) => (await world.deliveries(present(endpoint, 'it').id)).map(({ type }) => type);
    expect(await told()).toEqual(['member.removed', 'member.reactivated', 'member.deactivated']);
    expect(await told(family)).toEqual(await told());
    expect(await told(exact)).toEqual(['member.removed']);
    expect(await told(points)).toEqual([]);
    world.sending();
    await settled(present(exact, 'it').id, 1);
    const body = JSON.parse(receiver.received.find(({ id }) => id === idOf(gone))?.body ?? '') as object;
    expect(body).toEqual({
      id: idOf(gone),
      type: 'member.removed',
      time: expect.any(String),
      program: PROGRAM,
      member: 'm-1',
      data: expect.objectContaining({ standing: 'removed', reason: 'legal', actor: 'li.wei' }),
    });
  });

  it.each(['anonymised', 'removed'] as const)('%s: what is dead loses its body, and is not sent again', async (as) => {
    receiver.answer = () => 500;
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const [hers, others] = [world.event('m-1'), world.event('m-10')];
    await world.deliver(hers, others);
    const stop = world.sending();
    await settled(id, 2);
    await stop();
    const [before, kept] = [await found(id, hers), await found(id, others)];
    await world.deliver(stands('m-1', 'deactivated'));
    expect(await found(id, hers)).toEqual(before);
    await world.deliver(stands('m-1', as));
    expect(await found(id, hers)).toEqual({ ...before, body: '', erased: hash(before.body), lastAnswer: undefined });
    expect(await found(id, others)).toEqual(kept);
    expect(valueOf(await resendDeliveries(world.manage, PROGRAM, id, [idOf(hers)]))).toEqual({ resent: 0 });
    expect(valueOf(await resendDeliveries(world.manage, PROGRAM, id, undefined))).toEqual({ resent: 1 });
    const from = { from: '2020-01-01T00:00:00Z' };
    expect(valueOf(await replayDeliveries(world.manage, PROGRAM, id, from))).toEqual({ replayed: 0 });
  });

  it('what is queued goes out in its order, and loses its body when it ended, delivered or dead', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const queued = [world.event('m-1'), world.event('m-1', 'points.redeemed'), stands('m-1', 'anonymised')];
    const others = world.event('m-2');
    await world.deliver(...queued, others);
    const late = world.event('m-1', 'points.expired', { points: -7 });
    await world.deliver(late);
    receiver.answer = ({ id: sent }) => (sent === idOf(late) ? 500 : 204);
    const bodies = new Map(
      await Promise.all([...queued, late].map(async (one) => [one, (await found(id, one)).body] as const)),
    );
    world.sending();
    await settled(id, 5);
    const order = receiver.received.map(({ id: sent }) => sent).filter((sent) => sent !== idOf(others));
    expect(order.slice(0, 3)).toEqual(queued.map(idOf));
    expect((await world.states(id))['dead']).toBe(1);
    for (const message of [...queued, late])
      expect(await found(id, message)).toMatchObject({ body: '', erased: hash(bodies.get(message) ?? '') });
    expect(await found(id, others)).toMatchObject({ body: expect.stringContaining('"m-2"'), erased: undefined });
  });

  it('what would still tell the member something in its words is not sent', async () => {
    const { id } = await world.endpoint(`${receiver.url}/hook`);
    const words = {
      endpoint: id,
      key: `${PROGRAM}/m-1`,
      type: 'notification.points-credited',
      body: '{"title":"积分到账"}',
    };
    const others = { ...words, key: `${PROGRAM}/m-2` };
    await deliveryTable.queue(
      world.pool,
      [
        { ...words, event: 'notification-1' },
        { ...others, event: 'notification-2' },
      ],
      Date.now(),
    );
    const gone = stands('m-1', 'removed');
    await world.deliver(gone);
    world.sending();
    await settled(id, 3);
    expect(receiver.received.map(({ id: sent }) => sent).sort()).toEqual([idOf(gone), 'notification-2'].sort());
    expect(await deliveryTable.find(world.pool, id, 'notification-1')).toMatchObject({
      ...{ state: 'dead', body: '', erased: hash(words.body), attempts: 0, lastError: 'the member was erased' },
    });
    await eventually(async () => (await world.pool.query('SELECT FROM lane')).rowCount === 0, 'no lane is left behind');
  });
});
