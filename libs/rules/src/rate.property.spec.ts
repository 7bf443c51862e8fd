import type { RecordedOrder } from '@jifen/contracts';
import { canonicalJson } from '@jifen/kernel';
import fc from 'fast-check';
import { line, order, orderInput, program, SPEND, spendOn, targets, TIER_BONUS } from './examples.ts';
import { explain } from './explain/explain.ts';
import { packOrder, unpackOrder } from './inputs.ts';
import { rate, withEarlier, type RatedAward } from './rate.ts';
import { orderInstant, ratedOrder } from './order/rated-order.ts';
import { traceText } from './trace.ts';

const CASES = 2_000;
const minor = fc.integer({ min: 0, max: 500_000 }).map((value) => (value / 100).toFixed(2));
const small = fc.integer({ min: 0, max: 9_000 }).map((value) => (value / 100).toFixed(2));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const lines = fc.array(
  fc
    .record({
      lineId: fc.constantFrom('1', '2', '3'),
      sku: fc.constantFrom('TEA', 'CUP'),
      category: maybe(fc.constantFrom('food', 'gift-card')),
      quantity: fc.integer({ min: 1, max: 9 }),
      amount: minor,
      discount: maybe(small),
      tax: maybe(small),
      refundedAmount: maybe(small),
      refundedQuantity: maybe(fc.integer({ min: 0, max: 9 })),
      isGift: maybe(fc.boolean()),
    })
    .map(defined),
  { maxLength: 6 },
);

const snapshots = fc
  .record({
    source: fc.constant('shop'),
    orderId: fc.constant('A-1'),
    revision: fc.integer({ min: 1, max: 1_000 }),
    status: fc.constantFrom('placed', 'paid', 'shipped', 'completed', 'cancelled'),
    occurredAt: fc.constant('2026-11-01T02:00:00.000Z'),
    placedAt: fc.constant('2026-11-01T01:00:00.000Z'),
    paidAt: maybe(fc.constant('2026-11-01T02:00:00.000Z')),
    completedAt: maybe(fc.constant('2026-11-09T02:00:00.000Z')),
    currency: fc.constantFrom('CNY', 'CNY', 'USD'),
    lines,
    shipping: maybe(small),
    orderDiscount: maybe(small),
    payments: maybe(
      fc.array(fc.record({ kind: fc.constantFrom('cash', 'points', 'gift-card'), amount: small }), { maxLength: 3 }),
    ),
    pricesIncludeTax: maybe(fc.boolean()),
  })
  .map((order) => defined(order) as RecordedOrder);

const RULES = program([
  SPEND,
  { ...spendOn({ tax: 'exclude', shipping: 'include', discount: 'before', pointsPaid: 'gross' }), id: 'rich' },
  {
    ...spendOn({ except: { categories: ['gift-card'] }, giftCardPaid: 'none' }),
    id: 'filtered',
    when: { order: 'completed' },
  },
  { ...SPEND, id: 'order-bonus', earn: { form: 'fixed', points: 7 } },
  TIER_BONUS,
]);

const points = (order: RecordedOrder): Readonly<Record<string, number>> =>
  targets(rate(RULES, orderInput(order, 'silver')));

describe('a rating', () => {
  it('gives whole points, never fewer than none', () => {
    fc.assert(
      fc.property(snapshots, (order) => {
        for (const target of Object.values(points(order)))
          expect(Number.isSafeInteger(target) && target > 0).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it('falls, or stays, when more is refunded', () => {
    fc.assert(
      fc.property(snapshots, fc.nat(), fc.integer({ min: 0, max: 20_000 }), (order, pick, more) => {
        const index = order.lines.length === 0 ? 0 : pick % order.lines.length;
        const refunding = (extra: number): RecordedOrder => ({
          ...order,
          lines: order.lines.map((line, at) =>
            at === index
              ? { ...line, refundedAmount: (Number(line.refundedAmount ?? 0) + extra / 100).toFixed(2) }
              : line,
          ),
        });
        const [before, after] = [points(refunding(0)), points(refunding(more))];
        for (const [rule, target] of Object.entries(after)) expect(target).toBeLessThanOrEqual(before[rule] ?? 0);
      }),
      { numRuns: CASES },
    );
  });

  it('is a function of the latest snapshot: revisions in any order, with repeats, end in the same targets', () => {
    fc.assert(
      fc.property(
        fc.array(snapshots, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (revisions, random) => {
          const numbered = revisions.map((order, index) => ({ ...order, revision: index + 1 }));
          const arrival = [...numbered, ...numbered]
            .map((order) => ({ order, at: random.next().value }))
            .sort((a, b) => a.at - b.at);
          let latest = 0;
          let awards: readonly RatedAward[] = [];
          for (const { order } of arrival) {
            if (order.revision < latest) continue;
            latest = order.revision;
            awards = withEarlier(rate(RULES, orderInput(order, 'silver')).awards, awards);
          }
          const last = numbered.at(-1);
          const total = Object.fromEntries(
            awards.filter(({ target }) => target > 0).map(({ ruleId, target }) => [ruleId, target]),
          );
          expect(total).toEqual(last === undefined ? {} : points(last));
        },
      ),
      { numRuns: CASES },
    );
  });

  it('runs again from its packed inputs to the same bytes', () => {
    fc.assert(
      fc.property(snapshots, (order) => {
        const input = orderInput(order, 'silver');
        const packed = JSON.parse(JSON.stringify(packOrder(RULES, ratedOrder(order)))) as object;
        const again = rate(RULES, { ...input, kind: 'order', order: unpackOrder(RULES, packed, orderInstant(order)) });
        const first = rate(RULES, input);
        expect(traceText(again.trace)).toBe(traceText(first.trace));
        expect(again.awards).toEqual(first.awards);
      }),
      { numRuns: CASES },
    );
  });

  it('has a trace whose text is canonical and that both languages can tell', () => {
    fc.assert(
      fc.property(snapshots, (order) => {
        const { trace } = rate(RULES, orderInput(order, 'silver'));
        expect(traceText(trace)).toBe(canonicalJson(trace));
        for (const language of ['en', 'zh'] as const) {
          const sentences = explain(trace, language).rules.flatMap((rule) => rule.sentences);
          expect(sentences.length).toBeGreaterThanOrEqual(trace.rules.length);
          expect(sentences.join(' ')).not.toMatch(/undefined|NaN|\[object/);
        }
      }),
      { numRuns: CASES },
    );
  });
});

it('packs the usual order into very little', () => {
  const usual = order([
    line('129.00', { category: 'food', discount: '10.00' }),
    line('0.00', { isGift: true }),
    line('5.00'),
  ]);
  expect(JSON.stringify(packOrder(program([SPEND, TIER_BONUS]), ratedOrder(usual)))).toBe(
    '{"l":[[12900,1000],0,[500]]}',
  );
});
