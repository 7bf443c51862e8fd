import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { fakeClock } from '@jifen/testing';
import { budgetTables } from './adapters/budget-tables.ts';
import { tables } from './adapters/tables.ts';
import { previewCart, type CartPreview } from './application/preview/preview-cart.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM, ladderTo } from './testing/program.ts';

const PARTITIONS = 4;
const NOW = '2026-11-15T04:00:00.000Z';
const paid = { when: { order: 'paid' as const }, currency: 'points' };

const rules: EarnRule[] = [
  { ...paid, id: 'spend', earn: { form: 'rate', points: '1', per: '1.00' } },
  { ...paid, id: 'tier-bonus', earn: { form: 'multiplier', of: ['spend'], by: 'tier' } },
  {
    ...paid,
    id: 'big-cart',
    if: { order: { amount: { atLeast: '300.00' } } },
    earn: { form: 'fixed', points: 50 },
  },
  { ...paid, id: 'star', earn: { form: 'rate', points: '1', per: '40.00', mode: 'per-full-unit' }, currency: 'stars' },
  {
    ...paid,
    id: 'pair',
    if: { lines: { where: { skus: ['CUP'] }, quantity: { atLeast: 2 } } },
    earn: { form: 'fixed', points: 30 },
  },
  {
    ...paid,
    id: 'quarter',
    earn: { form: 'target', window: 'quarter', metric: 'amount', reach: '1000.00', points: 500 },
  },
  { ...paid, id: 'daily', earn: { form: 'fixed', points: 10 }, limits: [{ per: 'day', count: 1 }] },
  { ...paid, id: 'rain', earn: { form: 'fixed', points: 100 }, budgets: [{ per: 'lifetime', points: 150 }] },
  { ...paid, id: 'reviewed', earn: { form: 'fixed', points: 7 }, availability: 'on-approval' },
  { ...paid, id: 'delivered', when: { order: 'completed' }, earn: { form: 'fixed', points: 3 } },
  {
    id: 'sign-up',
    when: { activity: 'member.registered' },
    earn: { form: 'fixed', points: 500, once: true },
    currency: 'points',
  },
];

const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  currencies: [
    { code: 'points', decimals: 0 },
    { code: 'stars', decimals: 0 },
  ],
  ladder: ladderTo('gold', 5_000, '1.5'),
  rules,
};

const cartOf = (amount: string, quantity = 1, sku = 'TEA') => ({
  currency: 'CNY',
  lines: [{ lineId: '1', sku, quantity, amount }],
});

const order = (orderId: string, amount: string, occurredAt: string): RecordedOrder => ({
  ...cartOf(amount),
  source: 'shop',
  orderId,
  revision: 1,
  status: 'completed',
  occurredAt,
  placedAt: occurredAt,
  paidAt: occurredAt,
  completedAt: occurredAt,
});

const givenBy = ({ rules: given }: CartPreview): Readonly<Record<string, number>> =>
  Object.fromEntries(given.map(({ rule, points }) => [rule, points]));

describe('Q26: what a cart would earn', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(NOW));

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    await bed.publish(document, '2026-01-01T00:00:00Z');
  }, 60_000);
  afterAll(() => bed.close());

  const parts = () => ({
    store: bed.ratings,
    tables,
    catalog: bed.catalog,
    budgets: budgetTables(bed.pool, PARTITIONS),
    sql: bed.pool,
    clock: clock.now,
  });
  const ask = (cart: unknown, member?: string, at: string = NOW) =>
    previewCart(parts(), { program: PROGRAM, member, at: instant(at), cart });
  const preview = async (cart: unknown, member?: string, at?: string): Promise<CartPreview> => {
    const answer = await ask(cart, member, at);
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    return answer.value;
  };

  it('Q26: tells by rule what somebody of whom nothing is known would get, with the reasons and what is missing', async () => {
    const told = await preview(cartOf('100.00'));
    expect(told).toMatchObject({
      at: NOW,
      programVersion: 1,
      tier: { code: 'bronze', multiplier: '1' },
      totals: { points: 213, stars: 2 },
      waiting: { points: 7 },
    });
    expect(told).not.toHaveProperty('member');
    expect(givenBy(told)).toEqual({
      spend: 100,
      'tier-bonus': 0,
      'big-cart': 0,
      star: 2,
      pair: 0,
      quarter: 0,
      daily: 10,
      rain: 100,
      reviewed: 0,
      delivered: 3,
    });
    const byRule = new Map(told.rules.map((each) => [each.rule, each]));
    expect(byRule.get('spend')?.en.at(-1)).toBe('Rule spend gives 100 points.');
    expect(byRule.get('big-cart')?.en).toEqual([
      'The amount of the order is 100.00 CNY; it must be at least 300.00 CNY: no.',
      'Rule big-cart gives nothing: its condition does not hold.',
    ]);
    expect(byRule.get('reviewed')).toMatchObject({ points: 0, waiting: 7 });
    expect(byRule.get('delivered')).toMatchObject({ points: 3, onCompletion: true });
    expect(byRule.get('delivered')).not.toHaveProperty('availableAt');
    expect(told.missing.map(({ en, zh }) => [en, zh])).toEqual([
      ['200.00 CNY more and rule big-cart gives 50 points more.', '再加 200.00 CNY，规则 big-cart 可多得 50 points。'],
      ['20.00 CNY more and rule star gives 1 stars more.', '再加 20.00 CNY，规则 star 可多得 1 stars。'],
    ]);
    expect(told.goals.map(({ en }) => en)).toEqual([
      '100.00 CNY of 1000.00 CNY; 900.00 CNY more by 2026-12-31 gives 500 points.',
    ]);
    expect(told.en[0]).toContain('nothing is promised');
    expect(told.zh[0]).toContain('不构成承诺');
  });

  it('Q26: counts what the member has: tier, daily limit, budget, and the quarter that the cart completes', async () => {
    await bed.deliver(
      bed.tier('m-1', [{ tier: 'gold', since: '2026-11-01T00:00:00.000Z' }]),
      bed.order('m-1', order('A-1', '600.00', '2026-10-20T04:00:00.000Z')),
      bed.order('m-1', order('A-2', '100.00', '2026-11-15T01:00:00.000Z')),
    );
    const before = await snapshot(bed);
    const told = await preview(cartOf('350.00'), 'm-1');
    expect(told).toMatchObject({ member: 'm-1', tier: { code: 'gold', name: { zh: '第二级' }, multiplier: '1.5' } });
    expect(givenBy(told)).toMatchObject({ spend: 350, 'tier-bonus': 175, 'big-cart': 50, quarter: 500, daily: 0 });
    const byRule = new Map(told.rules.map((each) => [each.rule, each]));
    // 150 for all: the first order took 100, the second the 50 that were left.
    expect(byRule.get('rain')).toMatchObject({ points: 0, wished: 100 });
    expect(byRule.get('daily')).toMatchObject({ points: 0, wished: 10 });
    expect(byRule.get('daily')?.en.join(' ')).toContain('leaves no further time');
    expect(byRule.get('quarter')?.en.join(' ')).toContain('In 2026-Q4 it adds up to 1050.00 CNY');
    expect(told.goals).toEqual([]);
    expect(await snapshot(bed)).toEqual(before);
  });

  it('Q26: says each sentence once', async () => {
    const { rules: told } = await preview(cartOf('120.00'), 'm-told-once');
    for (const { rule, en, zh } of told) {
      expect([rule, en]).toEqual([rule, [...new Set(en)]]);
      expect([rule, zh]).toEqual([rule, [...new Set(zh)]]);
    }
  });

  it('Q26: tells exactly what the order then earns', async () => {
    const cart = cartOf('350.00');
    const told = await preview(cart, 'm-1');
    const earned = async (): Promise<number> =>
      Object.entries(await bed.awardsOf('m-1'))
        .filter(([id]) => !id.includes('~star~'))
        .reduce((sum, [, target]) => sum + target, 0);
    const before = await earned();
    await bed.deliver(bed.order('m-1', { ...order('A-3', '350.00', NOW), ...cart }));
    expect((await earned()) - before).toBe(told.totals['points']);
  });

  it('Q26: tells what pieces lack, and nothing that would not pay', async () => {
    const told = await preview(cartOf('50.00', 1, 'CUP'));
    expect(told.missing.map(({ rule, pieces, gives }) => [rule, pieces, gives])).toEqual([
      ['big-cart', undefined, 50],
      ['star', undefined, 1],
      ['pair', 1, 30],
    ]);
    // Of tea no number makes a pair of cups.
    expect((await preview(cartOf('50.00', 1, 'TEA'))).missing.map(({ rule }) => rule)).toEqual(['big-cart', 'star']);
  });

  it('Q26: tells in the money of the cart what a rule in another money lacks, and of which rules nothing can be told', async () => {
    const at = '2026-12-15T04:00:00.000Z';
    const convert = { ...paid, otherCurrency: 'convert' as const };
    const abroad: EarnRule[] = [
      { ...convert, id: 'big', if: { order: { amount: { atLeast: '710.00' } } }, earn: { form: 'fixed', points: 40 } },
      { ...convert, id: 'odd', if: { order: { amount: { moreThan: '500.00' } } }, earn: { form: 'fixed', points: 20 } },
      { ...convert, id: 'unit', earn: { form: 'rate', points: '1', per: '100.00', mode: 'per-full-unit' } },
      { ...convert, id: 'free', if: { cel: 'order.left > 1000.0' }, earn: { form: 'fixed', points: 9 } },
      { ...paid, id: 'home', if: { order: { amount: { atLeast: '900.00' } } }, earn: { form: 'fixed', points: 9 } },
    ];
    const exchange = { rates: [{ from: 'USD', to: 'CNY', on: '2026-01-01', rate: '7.1' }] };
    await bed.publish({ ...document, rules: abroad, exchange }, '2026-12-01T00:00:00Z');
    const told = await preview({ ...cartOf('60.00'), currency: 'USD' }, undefined, at);
    // 60 dollars are 426.00 yuan; 74.01 yuan are 10.424 dollars.
    expect(told.missing.map(({ rule, amount, gives, en }) => [rule, amount, gives, en])).toEqual([
      ['big', { amount: '40.00', currency: 'USD' }, 40, '40.00 USD more and rule big gives 40 points more.'],
      ['odd', { amount: '10.43', currency: 'USD' }, 20, '10.43 USD more and rule odd gives 20 points more.'],
      ['unit', { amount: '10.43', currency: 'USD' }, 1, '10.43 USD more and rule unit gives 1 points more.'],
    ]);
    expect(told.untold).toEqual(['free']);
    expect(told.en.at(-1)).toBe('What is missing cannot be told where the condition is an expression: free.');
    expect(told.zh.at(-1)).toContain('free');
    expect(await preview(cartOf('1001.00'), undefined, at)).not.toHaveProperty('untold');
  });

  it.each<readonly [unknown, string, string]>([
    [undefined, 'invalid_request', '/cart'],
    [[], 'invalid_request', '/cart'],
    [{ ...cartOf('1.00'), orderId: 'A-1' }, 'invalid_request', '/cart/orderId'],
    [{ ...cartOf('1.00'), 'a/b': 1 }, 'invalid_request', '/cart/a~1b'],
    [{ lines: [] }, 'invalid_request', '/cart/currency'],
    [cartOf('free'), 'invalid_request', '/cart/lines/0/amount'],
    [{ ...cartOf('1.00'), currency: 'yuan' }, 'invalid_request', '/cart/currency'],
  ])('Q26: refuses the cart %j', async (cart, code, pointer) => {
    const answer = await ask(cart);
    expect(answer).toMatchObject({ ok: false, refusal: { code } });
    const errors = answer.ok || !('errors' in answer.refusal) ? [] : (answer.refusal.errors ?? []);
    expect(errors.map((each) => each.pointer)).toContain(pointer);
  });

  it('Q26: an empty cart earns what needs no amount, and before the first version nothing is in force', async () => {
    expect((await preview({ currency: 'CNY', lines: [] })).totals['stars']).toBe(0);
    const early = await preview(cartOf('1.00'), undefined, '2025-01-01T00:00:00.000Z');
    expect(early).toMatchObject({ programVersion: 0, totals: {}, rules: [] });
    expect(early.en).toEqual(['No version of the program is in force then.']);
  });
});

/** Every row of the service. */
async function snapshot({ pool }: Testbed): Promise<unknown> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'rules' AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  expect(rows.length).toBeGreaterThan(10);
  const contents: unknown[] = [];
  for (const { name } of rows)
    contents.push([name, (await pool.query(`SELECT t::text FROM rules.${name} t ORDER BY 1`)).rows]);
  return contents;
}
