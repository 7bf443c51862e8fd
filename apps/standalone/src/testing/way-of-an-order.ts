import { checkAnswersOf } from '@jifen/testing';
import { Webhook } from 'standardwebhooks';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Shape } from './shape.ts';
import { describeTheNews } from './way-of-news.ts';
import { at, eventually, paidOrder, refunded, Shop, SHOP_PROGRAM, SOURCE } from './shop.ts';

interface Simulated {
  readonly state: string;
  readonly problem?: string;
  readonly report?: { readonly totals: readonly unknown[] };
}

const START_MS = 180_000;

interface Hook {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The suite: whatever shape the deployment has, it must behave the same. */
export function describeTheWay(start: () => Promise<Shape>): void {
  let shape: Shape;
  let shop: Shop;
  let stop = (): Promise<void> => Promise.resolve();

  beforeAll(async () => {
    shape = await start();
    await checkAnswersOf(...Object.values(shape.urls));
    stop = () => shape.stop();
    shop = new Shop(shape.urls, await shape.key('shop'));
    await shop.expect('rules', 'PUT', '/v1/program', SHOP_PROGRAM);
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    const ladder = await eventually(
      () => shop.call('tiering', 'GET', '/v1/tiers'),
      ({ status }) => status === 200,
    );
    expect(ladder.status).toBe(200);
  }, START_MS);
  afterAll(() => stop(), START_MS);

  it('turns a paid order into points that a read right after it sees', async () => {
    expect(await shop.sendAndRead('m-paid', 'orders', paidOrder('m-paid', 'paid-1', 129))).toBe(129);
  });

  it('pays once for an order that is delivered twice, and for one that is twice in a batch', async () => {
    const order = paidOrder('m-twice', 'twice-1', 50);
    expect(await shop.send('orders', order)).toMatchObject({ accepted: 1, duplicates: 0 });
    const again = await shop.send('orders', [order, order]);
    expect(again).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(await shop.balance('m-twice', again)).toBe(50);
  });

  it('takes points back for refunds, by snapshot and by notice, and does not count both', async () => {
    const order = paidOrder('m-refund', 'refund-1', 100);
    expect(await shop.sendAndRead('m-refund', 'orders', order)).toBe(100);
    expect(await shop.sendAndRead('m-refund', 'orders', refunded(order, 2, 30))).toBe(70);
    const notice = { source: SOURCE, refundId: 'r-1', orderId: 'refund-1', occurredAt: at(20) };
    const lines = [{ lineId: '1', amount: '30.00' }];
    expect(await shop.sendAndRead('m-refund', 'order-refunds', { ...notice, lines })).toBe(70);
    expect(
      await shop.sendAndRead('m-refund', 'order-refunds', {
        ...notice,
        refundId: 'r-2',
        lines: [{ lineId: '1', amount: '20.00' }],
      }),
    ).toBe(50);
  });

  it('U06: an order that is cancelled and completed again ends with its points, whatever came between', async () => {
    const order = paidOrder('m-flip', 'flip-1', 80);
    const steps = [
      [order, 80],
      [{ ...order, revision: 2, status: 'cancelled', occurredAt: at(2) }, 0],
      [{ ...order, revision: 3, status: 'completed', completedAt: at(3), occurredAt: at(3) }, 80],
      [{ ...order, revision: 4, status: 'cancelled', occurredAt: at(4) }, 0],
      [{ ...order, revision: 5, status: 'completed', completedAt: at(5), occurredAt: at(5) }, 80],
    ] as const;
    for (const [record, points] of steps) expect(await shop.sendAndRead('m-flip', 'orders', record)).toBe(points);
  });

  it('Q12: what was spent of an order that is cancelled is owed up to the limit of the tier, and the rest is forgiven', async () => {
    const order = paidOrder('m-owes', 'owes-1', 129);
    expect(await shop.sendAndRead('m-owes', 'orders', order)).toBe(129);
    const once = { 'idempotency-key': 'owes-1' };
    await shop.expect('ledger', 'POST', '/v1/members/m-owes/redemptions', { points: 90 }, once);
    const cancelled = await shop.send('orders', { ...order, revision: 2, status: 'cancelled', occurredAt: at(2) });
    const path = `/v1/members/m-owes/balance?after=${cancelled.position}`;
    expect(await shop.expect('ledger', 'GET', path)).toMatchObject({ data: [{ available: 0, debt: 40, net: -40 }] });
    expect(await shop.sendAndRead('m-owes', 'orders', paidOrder('m-owes', 'owes-2', 100))).toBe(60);
  });

  it('ignores a revision that comes late, and refuses one that is known with other content', async () => {
    const order = paidOrder('m-late', 'late-1', 60);
    expect(await shop.sendAndRead('m-late', 'orders', { ...order, revision: 3 })).toBe(60);
    const late = await shop.send('orders', { ...paidOrder('m-late', 'late-1', 10), revision: 2 });
    expect(late).toMatchObject({ accepted: 0, stale: 1 });
    expect(await shop.balance('m-late', late)).toBe(60);
    const other = await shop.send('orders', [{ ...paidOrder('m-late', 'late-1', 99), revision: 3 }]);
    expect(other.rejected[0]?.problem.code).toBe('revision_conflict');
    expect(await shop.balance('m-late')).toBe(60);
  });

  it('ends the same when a refund comes before its order and revisions come backwards', async () => {
    const notice = { source: SOURCE, refundId: 'early-1', orderId: 'back-1', occurredAt: at(9) };
    const early = await shop.send('order-refunds', { ...notice, lines: [{ lineId: '1', amount: '40.00' }] });
    expect(early).toMatchObject({ waiting: 1 });
    const order = paidOrder('m-back', 'back-1', 100);
    expect(await shop.sendAndRead('m-back', 'orders', { ...order, revision: 2 })).toBe(60);
    expect(await shop.sendAndRead('m-back', 'orders', order)).toBe(60);
  });

  it('rates orders by the tier in force when they were placed, though the tier became known after them', async () => {
    const first = paidOrder('m-tier', 'tier-1', 1000);
    const second = paidOrder('m-tier', 'tier-2', 200, { placedAt: at(60), paidAt: at(61), occurredAt: at(61) });
    const before = paidOrder('m-tier', 'tier-3', 10, { placedAt: at(-60), paidAt: at(-59), occurredAt: at(-59) });
    await shop.send('orders', [first, second]);
    // 1000 at ×1, then 200 at ×1.5.
    expect(
      await eventually(
        () => shop.balance('m-tier'),
        (points) => points === 1300,
      ),
    ).toBe(1300);
    await shop.send('orders', before);
    expect(
      await eventually(
        () => shop.balance('m-tier'),
        (points) => points === 1310,
      ),
    ).toBe(1310);
    const standing = await shop.expect<{ tier: unknown }>('tiering', 'GET', '/v1/members/m-tier/tier');
    expect(JSON.stringify(standing)).toContain('silver');
    // The order that made the tier is undone: so is the multiplier.
    await shop.send('orders', { ...first, revision: 2, status: 'cancelled', occurredAt: at(90) });
    expect(
      await eventually(
        () => shop.balance('m-tier'),
        (points) => points === 210,
      ),
    ).toBe(210);
  });

  it('says why: the award with its rule, version and arithmetic, and the statement that sums to the balance', async () => {
    const sent = await shop.send('orders', paidOrder('m-why', 'why-1', 77));
    expect(await shop.balance('m-why', sent)).toBe(77);
    const why = await shop.expect<object>(
      'rules',
      'GET',
      `/v1/awards/m-why~spend~${SOURCE}~why-1?after=${sent.position}`,
    );
    expect(why).toMatchObject({ target: 77, rule: { id: 'spend', version: 1 } });
    expect(JSON.stringify(why)).toContain('77.00');
    const statement = await shop.expect<{ data: { points: number }[] }>('ledger', 'GET', '/v1/members/m-why/statement');
    expect(statement.data.reduce((sum, { points }) => sum + points, 0)).toBe(77);
    const lots = await shop.expect<{ data: { remaining: number }[] }>('ledger', 'GET', '/v1/members/m-why/lots');
    expect(lots.data.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(77);
  });

  it('pays a once-only activity once, under any id', async () => {
    const join = (id: string) => ({
      source: SOURCE,
      id,
      type: 'member.registered',
      member: 'm-join',
      occurredAt: at(0),
    });
    expect(await shop.sendAndRead('m-join', 'activities', join('j-1'))).toBe(500);
    expect(await shop.sendAndRead('m-join', 'activities', join('j-2'))).toBe(500);
  });

  it('E15: pays the referrer when the referee has bought, takes it back with the refund, and says by which order', async () => {
    const registered = {
      source: SOURCE,
      id: 'referred-1',
      type: 'referral.registered',
      member: 'm-referee',
      occurredAt: at(0),
      data: { referrer: 'm-referrer' },
    };
    const referrer = (points: number): Promise<number> =>
      eventually(
        () => shop.balance('m-referrer'),
        (balance) => balance === points,
      );
    const path = '/v1/members/m-referee/referral';
    const sent = await shop.send('activities', registered);
    expect(await shop.expect('rules', 'GET', `${path}?after=${sent.position}`)).toMatchObject({
      referrer: 'm-referrer',
      state: 'waiting',
    });
    const order = paidOrder('m-referee', 'referee-1', 80);
    expect(await shop.sendAndRead('m-referee', 'orders', order)).toBe(80);
    expect(await referrer(500)).toBe(500);
    const why = await shop.expect<{ en: string[] }>(
      'rules',
      'GET',
      '/v1/awards/m-referrer~referral~jifen~referral:m-referee',
    );
    expect(why.en).toContain(
      `Member m-referrer referred member m-referee, who qualified by the order ${SOURCE}/referee-1.`,
    );
    expect(await shop.sendAndRead('m-referee', 'orders', refunded(order, 2, 80))).toBe(0);
    expect(await referrer(0)).toBe(0);
    expect(await shop.expect('rules', 'GET', path)).toMatchObject({ state: 'waiting' });
  });

  it('keeps what it refuses, with the reason, and takes it in after a fix', async () => {
    const { member: _, ...order } = paidOrder('', 'fix-1', 33);
    const identity = { namespace: 'wecom', value: 'w-1' };
    const good = paidOrder('m-good', 'fix-2', 5);
    const sent = await shop.send('orders', [
      { ...order, identity },
      good,
      { ...good, orderId: 'fix-3', currency: 'nonsense' },
    ]);
    expect(sent.accepted).toBe(1);
    expect(sent.rejected.map(({ index, problem }) => [index, problem.code])).toEqual([
      [0, 'unknown_member'],
      [2, expect.stringMatching(/^invalid_/)],
    ]);
    const kept = await shop.expect<{ data: { id: string }[] }>('ingestion', 'GET', '/v1/rejected');
    expect(kept.data.map(({ id }) => id)).toEqual(expect.arrayContaining(sent.rejected.map(({ id }) => id)));
    await shop.expect('ingestion', 'PUT', '/v1/members/m-fix', { identities: [identity] });
    await shop.expect('ingestion', 'POST', '/v1/rejected/redrive', { ids: [sent.rejected[0]?.id] });
    expect(
      await eventually(
        () => shop.balance('m-fix'),
        (points) => points === 33,
      ),
    ).toBe(33);
  });

  it('tells a webhook, signed so that the standard library verifies it', async () => {
    const hooks: Hook[] = [];
    const server: Server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        hooks.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      const hook = await shop.expect<{ secret: string }>('notifications', 'POST', '/v1/webhooks', {
        url,
        events: ['points.*'],
      });
      await shop.send('orders', paidOrder('m-hook', 'hook-1', 21));
      const mine = (): Hook | undefined => hooks.find(({ body }) => body.includes('m-hook'));
      const got = await eventually(
        () => Promise.resolve(mine()),
        (found) => found !== undefined,
      );
      expect(got).toBeDefined();
      expect(() => new Webhook(hook.secret).verify(got?.body ?? '', got?.headers ?? {})).not.toThrow();
      expect(() => new Webhook(hook.secret).verify(`${got?.body} `, got?.headers ?? {})).toThrow();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  describeTheNews(() => shape);

  it('N03: rates history again under a draft, out of the log of ingestion', async () => {
    const own = new Shop(shape.urls, await shape.key('history'));
    await own.expect('rules', 'PUT', '/v1/program', SHOP_PROGRAM);
    await own.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    expect(await own.sendAndRead('m-past', 'orders', paidOrder('m-past', 'past-1', 70))).toBe(70);
    const [spend, ...others] = SHOP_PROGRAM.rules;
    const earn = { form: 'rate', points: '3', per: '1.00' } as const;
    await own.expect('rules', 'PUT', '/v1/program', { ...SHOP_PROGRAM, rules: [{ ...spend, earn }, ...others] });
    const asked = await own.expect<{ id: string }>('rules', 'POST', '/v1/program/simulations', { candidate: 'draft' });
    const { body } = await eventually(
      () => own.call<Simulated>('rules', 'GET', `/v1/program/simulations/${asked.id}`),
      (answer) => answer.body.state === 'done' || answer.body.state === 'failed',
    );
    expect(body.problem).toBeUndefined();
    expect(body.report?.totals).toMatchObject([{ currency: 'points', candidate: 210, baseline: 70 }]);
    expect(await own.balance('m-past')).toBe(70);
  });

  it('shows nothing of a program to the key of another', async () => {
    const mine = await shop.send('orders', paidOrder('m-secret', 'secret-1', 11));
    expect(await shop.balance('m-secret', mine)).toBe(11);
    const other = new Shop(shape.urls, await shape.key('other'));
    expect(await other.balance('m-secret')).toBe(0);
    const award = await other.call('rules', 'GET', `/v1/awards/m-secret~spend~${SOURCE}~secret-1`);
    expect(award.status).toBe(404);
    const foreign = await other.send('orders', [{ ...paidOrder('m-secret', 'secret-2', 11), program: 'shop' }]);
    expect(foreign.rejected[0]?.problem.code).toBe('wrong_program');
    const kept = await other.expect<{ data: { id: string }[] }>('ingestion', 'GET', '/v1/rejected');
    expect(kept.data.every(({ id }) => foreign.rejected.some((rejected) => rejected.id === id))).toBe(true);
    const nobody = new Shop(shape.urls, 'jf_nobody');
    expect((await nobody.call('ledger', 'GET', '/v1/members/m-secret/balance')).status).toBe(401);
  });

  it('is alive and ready, and shows its lag, in every process', async () => {
    for (const url of new Set(Object.values(shape.urls))) {
      const answers = await Promise.all(
        ['healthz', 'readyz', 'version', 'docs', 'openapi.json'].map((path) => fetch(`${url}/${path}`)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('jifen_pool_connections');
      expect(metrics).toContain('process_cpu_seconds_total');
    }
    const ledger = await (await fetch(`${shape.urls.ledger}/metrics`)).text();
    expect(ledger).toMatch(/jifen_consumer_lag\{[^}]*service="ledger"/);
    expect(ledger).toMatch(/jifen_dead_letters\{[^}]*service="ledger"[^}]*\} 0/);
    expect(ledger).toMatch(/jifen_parked_members\{[^}]*service="ledger"[^}]*\} 0/);
  });
}
