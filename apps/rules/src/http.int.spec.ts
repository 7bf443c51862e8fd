import { bootRules, DEMO, type Answer, type RulesHost } from './testing/rules-host.ts';

const order = {
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-01T00:00:00Z',
  placedAt: '2026-11-01T00:00:00Z',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '129.90' }],
};

describe('the doors of rules', () => {
  let host: RulesHost;
  let key: string;

  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> =>
    host.call(key, method, path, body, headers);

  beforeAll(async () => {
    host = await bootRules();
    key = await host.keyOf('test');
  }, 120_000);
  afterAll(() => host.stop());

  it('has no draft, no version and no award at first', async () => {
    for (const path of ['/v1/program', '/v1/program/versions/1', '/v1/awards/m-1~spend~shop~A-1?recompute=true'])
      expect(await call('GET', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await call('GET', '/v1/program/versions')).toMatchObject({ status: 200, body: { data: [] } });
    expect(await call('GET', '/v1/members/m-1/ratings?explain=true&recompute=true')).toMatchObject({
      status: 200,
      body: { data: [] },
    });
  });

  it('validates without writing', async () => {
    expect(await call('POST', '/v1/program/validate', DEMO)).toMatchObject({ status: 200, body: { valid: true } });
    const bad = await call('POST', '/v1/program/validate', { ...DEMO, timeZone: 'Nowhere', extra: 1 });
    expect(bad).toMatchObject({ status: 200, body: { valid: false } });
    expect((await call('GET', '/v1/program')).status).toBe(404);
  });

  it('saves a draft under its entity tag, publishes it and shows the version', async () => {
    expect(await call('PUT', '/v1/program', DEMO)).toMatchObject({ status: 200, etag: '"1"', body: { revision: 1 } });
    expect(await call('PUT', '/v1/program', DEMO, { 'if-match': '"7"' })).toMatchObject({ status: 409 });
    expect(await call('PUT', '/v1/program', DEMO, { 'if-match': 'seven' })).toMatchObject({ status: 400 });
    expect(await call('PUT', '/v1/program', DEMO, { 'if-match': '"1"' })).toMatchObject({ status: 200, etag: '"2"' });
    expect(await call('PUT', '/v1/program', [])).toMatchObject({ status: 422, body: { code: 'invalid_program' } });
    expect(await call('POST', '/v1/program/publish', { effectiveFrom: 'soon' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/effectiveFrom' }] },
    });
    expect(await call('POST', '/v1/program/publish', { effectiveFrom: '2026-01-01T00:00:00Z' })).toMatchObject({
      status: 200,
      body: { version: 1, published: true },
    });
    expect(await call('POST', '/v1/program/publish')).toMatchObject({ status: 200, body: { published: false } });
    expect(await call('GET', '/v1/program/versions/1')).toMatchObject({ status: 200, body: { document: DEMO } });
    expect(await call('GET', '/v1/program/versions?limit=1')).toMatchObject({
      body: { data: [{ version: 1 }], next: 1 },
    });
    expect((await call('GET', '/v1/program/versions?limit=0')).status).toBe(400);
  });

  it.each([100, 5_000, 1_000_000])('answers a document nested %d deep, and goes on', async (depth) => {
    const nested = `{"rules":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    for (const [method, path] of [
      ['POST', '/v1/program/validate'],
      ['POST', '/v1/program/simulate'],
      ['PUT', '/v1/program'],
    ] as const) {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const response = await fetch(host.url + path, { method, headers, body: nested });
      expect([path, response.status < 500]).toEqual([path, true]);
    }
    await call('PUT', '/v1/program', DEMO);
  });

  it('simulates', async () => {
    const answer = await call('POST', '/v1/program/simulate', { order, tier: 'gold' });
    expect(answer).toMatchObject({ status: 200, body: { programVersion: 1, totals: { points: 193 } } });
    expect(await call('POST', '/v1/program/simulate', { order: { ...order, lines: 7 } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/order/lines' }] },
    });
  });

  it('answers no caller without the scope', async () => {
    const as = { authorization: `Bearer ${await host.keyOf('reader', ['program:read'])}` };
    expect(await call('PUT', '/v1/program', DEMO, as)).toMatchObject({ status: 403 });
    expect(await call('GET', '/v1/members/m-1/ratings', undefined, as)).toMatchObject({ status: 403 });
    expect(await call('GET', '/v1/members/m-1/progress', undefined, as)).toMatchObject({ status: 403 });
    expect(await call('GET', '/v1/approvals', undefined, as)).toMatchObject({ status: 403 });
    expect(await call('POST', '/v1/approvals', { decisions: [] }, as)).toMatchObject({ status: 403 });
    expect(await call('POST', '/v1/awards/a~b~c~d/decision', {}, as)).toMatchObject({ status: 403 });
    expect((await call('GET', '/v1/program', undefined, as)).status).toBe(200);
  });

  it('tells the progress of a member under the version in force', async () => {
    const capped = {
      ...DEMO,
      limits: [{ id: 'day', per: 'day', currency: 'points', points: 1_000 }],
    };
    await call('PUT', '/v1/program', capped);
    expect(await call('POST', '/v1/program/publish')).toMatchObject({ status: 200, body: { published: true } });
    expect(await call('GET', '/v1/members/m-1/progress')).toMatchObject({
      status: 200,
      body: {
        member: 'm-1',
        programVersion: 2,
        data: [{ kind: 'limit', limit: 'day', reached: 0, goal: 1_000, missing: 1_000, state: 'approaching' }],
      },
    });
    const described = await call('GET', '/openapi.json');
    expect(described.body).toHaveProperty(['paths', '/v1/members/{member}/progress', 'get']);
  });

  it('C08: lists approvals and answers decisions, each for itself', async () => {
    expect(await call('GET', '/v1/approvals')).toMatchObject({ status: 200, body: { data: [] } });
    const one = { verdict: 'approve', points: 100, actor: 'lead-1' };
    const path = '/v1/awards/m-1~spend~shop~A-1/decision';
    expect(await call('POST', path, one)).toMatchObject({ status: 404, body: { code: 'unknown_award' } });
    const wrong: readonly (readonly [object, string])[] = [
      [{ ...one, actor: '' }, '/actor'],
      [{ ...one, points: undefined }, '/points'],
      [{ ...one, points: 1.5 }, '/points'],
      [{ ...one, points: 0 }, '/points'],
      [{ verdict: 'reject', actor: 'lead-1' }, '/reason'],
      [{ ...one, verdict: 'perhaps' }, '/verdict'],
      [{ ...one, at: '2026-11-01T00:00:00Z' }, '/at'],
    ];
    for (const [body, pointer] of wrong) {
      const answer = await call('POST', path, body);
      const pointers = (answer.body['errors'] as { pointer: string }[]).map((each) => each.pointer);
      expect([answer.status, new Set(pointers)]).toEqual([400, new Set([pointer])]);
    }
    const decisions = [
      { ...one, awardId: 'm-1~spend~shop~A-1' },
      { ...one, awardId: 'nonsense' },
    ];
    expect(await call('POST', '/v1/approvals', { decisions })).toMatchObject({
      status: 200,
      body: {
        approved: 0,
        rejected: 0,
        unchanged: 0,
        refused: [
          { index: 0, problem: { code: 'unknown_award' } },
          { index: 1, problem: { code: 'unknown_award' } },
        ],
      },
    });
    expect(await call('POST', '/v1/approvals', { decisions: [{ ...decisions[0], actor: '' }] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/decisions/0/actor' }] },
    });
    for (const many of [[], Array.from({ length: 1_001 }, () => decisions[0])])
      expect(await call('POST', '/v1/approvals', { decisions: many })).toMatchObject({ status: 400 });
    const metrics = await (await fetch(`${host.url}/metrics`)).text();
    expect(metrics).toMatch(/^jifen_rules_approvals_waiting\{service="rules"\} 0$/m);
    expect(metrics).toMatch(/^jifen_rules_approval_age_seconds\{service="rules"\} 0$/m);
  });

  it.each([
    '/v1/approvals?state=lost',
    '/v1/approvals?limit=201',
    '/v1/approvals?cursor=nonsense',
    '/v1/approvals?member=m~1',
    '/v1/approvals?after=nonsense',
    '/v1/members/m~1/ratings',
    '/v1/members/m~1/progress',
    '/v1/members/m-1/progress?after=nonsense',
    '/v1/awards/m-1~spend~shop~A-1?recompute=maybe',
    '/v1/members/m-1/ratings?limit=9999',
    '/v1/members/m-1/ratings?explain=maybe',
    '/v1/members/m-1/ratings?cursor=%25',
    '/v1/members/m-1/ratings?after=nonsense',
  ])('answers 400 for %s', async (path) => {
    expect((await call('GET', path)).status).toBe(400);
  });

  it('Q26: previews a cart with a key that may do nothing else', async () => {
    const as = { authorization: `Bearer ${await host.keyOf('shop', ['cart:preview'])}` };
    const { lines, currency } = order;
    const asked = await call('POST', '/v1/carts/preview', { member: 'm-1', cart: { lines, currency } }, as);
    expect(asked).toMatchObject({ status: 200, body: { member: 'm-1', totals: { points: 129 } } });
    expect(await call('GET', '/v1/members/m-1/ratings', undefined, as)).toMatchObject({ status: 403 });
    const bad: readonly (readonly [object, string])[] = [
      [{}, '/cart'],
      [{ member: 'm~1', cart: { lines, currency } }, '/member'],
      [{ at: 'soon', cart: { lines, currency } }, '/at'],
      [{ cart: { lines, currency, status: 'paid' } }, '/cart/status'],
      [{ cart: { lines: [{ ...lines[0], amount: '-1' }], currency } }, '/cart/lines/0/amount'],
    ];
    for (const [body, pointer] of bad) {
      const answer = await call('POST', '/v1/carts/preview', body, as);
      expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request']);
      expect((answer.body['errors'] as { pointer: string }[]).map((each) => each.pointer)).toContain(pointer);
    }
  });

  it('Q23: tells what budgets have given, at an instant', async () => {
    const [rule] = DEMO.rules;
    const budgets = [{ id: 'all', currency: 'points', per: 'month', points: 1_000, rules: [rule?.id] }];
    expect(await call('GET', '/v1/budgets')).toMatchObject({ status: 200, body: { data: [] } });
    expect(await call('PUT', '/v1/program', { ...DEMO, budgets })).toMatchObject({ status: 200 });
    const published = await call('POST', '/v1/program/publish', { effectiveFrom: '2099-01-01T00:00:00Z' });
    expect(published).toMatchObject({ status: 200, body: { published: true } });
    expect(await call('GET', '/v1/budgets?at=2099-02-01T00:00:00Z')).toMatchObject({
      status: 200,
      body: {
        at: '2099-02-01T00:00:00.000Z',
        programVersion: published.body['version'],
        data: [
          { budget: '*all:month', window: '2099-02', total: 1_000, granted: 0, wished: 0, left: 1_000, rules: [] },
        ],
      },
    });
    expect(await call('GET', '/v1/budgets?at=soon')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/at' }] },
    });
  });
});
