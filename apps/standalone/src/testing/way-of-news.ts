import type { ProgramDocument } from '@jifen/contracts';
import { Webhook } from 'standardwebhooks';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Shape } from './shape.ts';
import { eventually, paidOrder, refunded, Shop, SHOP_PROGRAM } from './shop.ts';

/** In which the points of the suite end, from the end of a month. */
const MONTHS = 3;
const NOBODY = 'http://127.0.0.1:1/';

interface Inbox {
  readonly data: readonly { readonly trigger: string; readonly title: string }[];
}

interface Hook {
  readonly id: string;
  readonly member: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks that answers as it is told. */
async function receive(answer: (hook: Hook) => Promise<number>): Promise<{ url: string; stop: () => void }> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { id, member } = JSON.parse(body) as { id: string; member: string };
      void answer({ id, member, headers: request.headers, body }).then((status) => response.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A program of its own, whose points end. */
async function shopOf(shape: Shape, name: string): Promise<Shop> {
  const shop = new Shop(shape.urls, await shape.key(name));
  const [spend, ...others] = SHOP_PROGRAM.rules;
  const expiry = { months: MONTHS, endOf: 'month' };
  const program = { ...SHOP_PROGRAM, rules: [{ ...spend, expiry }, ...others] } as ProgramDocument;
  await shop.expect('rules', 'PUT', '/v1/program', program);
  await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
  return shop;
}

/** An order of today. */
const today = (member: string, orderId: string, yuan: number): ReturnType<typeof paidOrder> => {
  const at = new Date(Date.now() - 60_000).toISOString();
  return paidOrder(member, orderId, yuan, { placedAt: at, paidAt: at, occurredAt: at });
};

const inboxOf = (shop: Shop, member: string): Promise<Inbox['data']> =>
  shop.expect<Inbox>('notifications', 'GET', `/v1/members/${member}/inbox`).then(({ data }) => data);

const turnOn = (shop: Shop, settings: object): Promise<unknown> =>
  shop.expect('notifications', 'PUT', '/v1/notifications/settings', settings);

/** What members and receivers outside are told, whatever shape the deployment has. */
export function describeTheNews(shapeOf: () => Shape): void {
  it('A09: reminds of points that were there before reminders were turned on, and U56: of nothing else that is old', async () => {
    const shop = await shopOf(shapeOf(), 'reminded');
    expect(await shop.sendAndRead('m-before', 'orders', today('m-before', 'before-1', 40))).toBe(40);
    const returned = today('m-returned', 'before-2', 30);
    expect(await shop.sendAndRead('m-returned', 'orders', returned)).toBe(30);
    const refund = { ...refunded(returned, 2, 30), occurredAt: returned.occurredAt };
    expect(await shop.sendAndRead('m-returned', 'orders', refund)).toBe(0);
    const messages = ['points-credited', 'points-expiring'].map((trigger) => ({ trigger, channels: ['inbox'] }));
    const settings = { messages, reminderDays: [(MONTHS + 1) * 31], reminderTime: '00:00' };
    await turnOn(shop, settings);
    const told = await eventually(
      () => inboxOf(shop, 'm-before'),
      (inbox) => inbox.length > 0,
    );
    expect(told.map(({ trigger, title }) => `${trigger}: ${title}`)).toEqual([
      'points-expiring: 40 points expire soon',
    ]);
    expect(await inboxOf(shop, 'm-returned')).toEqual([]);
    // Off and on again: read anew, reminded once.
    await turnOn(shop, { ...settings, messages: messages.slice(0, 1) });
    await turnOn(shop, settings);
    expect(await shop.sendAndRead('m-before', 'orders', today('m-before', 'before-3', 5))).toBe(45);
    const all = await eventually(
      () => inboxOf(shop, 'm-before'),
      (inbox) => inbox.length > 1,
    );
    expect(all.map(({ trigger }) => trigger)).toEqual(['points-credited', 'points-expiring']);
  }, 90_000);

  it('is told in the language that the member chose before its order', async () => {
    const shop = await shopOf(shapeOf(), 'languages');
    await turnOn(shop, { language: 'en', messages: [{ trigger: 'points-credited', channels: ['inbox'] }] });
    const members = Array.from({ length: 10 }, (_, place) => `m-${place}`);
    await Promise.all(
      members.map(async (member, place) => {
        const language = place % 2 === 0 ? 'zh' : 'en';
        const path = `/v1/members/${member}/notification-preferences`;
        await shop.expect('notifications', 'PUT', path, { language, mutedTriggers: [], mutedChannels: [] });
        await shop.send('orders', today(member, `language-${place}`, 10));
      }),
    );
    for (const [place, member] of members.entries()) {
      const [told] = await eventually(
        () => inboxOf(shop, member),
        (inbox) => inbox.length > 0,
      );
      expect(told?.title).toBe(place % 2 === 0 ? '积分到账！' : '10 points credited!');
    }
  }, 60_000);

  it('Q30: webhooks arrive once and in order for each member, over a failure, beside an endpoint that is dead', async () => {
    const [members, rounds] = [8, 6];
    const shop = await shopOf(shapeOf(), 'hooks');
    const taken: Hook[] = [];
    let [underWay, mostUnderWay] = [0, 0];
    const refused = new Set<string>();
    const receiver = await receive(async (hook) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20));
      underWay--;
      // The first of one member is refused once: what follows it has to wait for it.
      if (hook.member === 'm-0' && refused.size === 0) {
        refused.add(hook.id);
        return 503;
      }
      taken.push(hook);
      return 204;
    });
    try {
      const hookOf = (url: string): Promise<{ id: string; secret: string }> =>
        shop.expect('notifications', 'POST', '/v1/webhooks', { url, events: ['points.earned'] });
      const dead = await hookOf(NOBODY);
      const live = await hookOf(receiver.url);
      const names = Array.from({ length: members }, (_, place) => `m-${place}`);
      for (let round = 0; round < rounds; round++)
        await shop.send(
          'orders',
          names.map((member) => today(member, `${member}-${round}`, 1 + round)),
        );
      await eventually(
        () => Promise.resolve(taken.length),
        (count) => count >= members * rounds,
      );
      for (const member of names) {
        const ids = taken.filter((hook) => hook.member === member).map(({ id }) => id);
        const positions = ids.map((id) => Number(id.split('-')[2]));
        expect([member, new Set(ids).size, positions]).toEqual([member, rounds, positions.toSorted((a, b) => a - b)]);
      }
      const webhook = new Webhook(live.secret);
      for (const { body, headers } of taken)
        expect(() => webhook.verify(body, headers as Record<string, string>)).not.toThrow();
      expect([refused.size, mostUnderWay > 1]).toEqual([1, true]);
      const states = await shop.expect<{ data: { state: string }[] }>(
        'notifications',
        'GET',
        `/v1/webhooks/${dead.id}/deliveries?state=pending&limit=100`,
      );
      expect(states.data).toHaveLength(members * rounds);
    } finally {
      receiver.stop();
    }
  }, 90_000);
}
