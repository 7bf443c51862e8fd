import type { OrderRecorded, RecordedOrder } from '@jifen/contracts';
import { canonicalJson } from '@jifen/kernel';
import fc from 'fast-check';
import { decideOrder, type OrderCommand, type OrderState } from './order.ts';

const CASES = 3000;
const AT = '2026-11-20T00:00:00.000Z';

const cents = (minor: number): string => (minor / 100).toFixed(2);

const snapshot = (revision: number): fc.Arbitrary<OrderCommand> =>
  fc
    .record({
      status: fc.constantFrom('placed', 'paid', 'shipped', 'completed', 'cancelled' as const),
      lines: fc.array(
        fc.record({ amount: fc.integer({ min: 0, max: 30_000 }), share: fc.integer({ min: 0, max: 100 }) }),
        {
          maxLength: 4,
        },
      ),
      pricesIncludeTax: fc.boolean(),
    })
    .map(({ status, lines, pricesIncludeTax }) => {
      const order: RecordedOrder = {
        source: 'shop',
        orderId: 'A-1',
        revision,
        status,
        occurredAt: AT,
        placedAt: AT,
        currency: 'CNY',
        pricesIncludeTax,
        lines: lines.map(({ amount, share }, index) => {
          const refunded = Math.floor((amount * share) / 100);
          return {
            lineId: String(index),
            sku: 'TEA',
            quantity: 3,
            amount: cents(amount),
            ...(refunded > 0 && share > 50 ? { refundedAmount: cents(refunded) } : {}),
          };
        }),
      };
      return { type: 'snapshot', program: 'demo', member: 'm-1', order };
    });

const notice = (refundId: string): fc.Arbitrary<OrderCommand> =>
  fc
    .oneof(
      fc.integer({ min: 0, max: 40_000 }).map((amount) => ({ amount: cents(amount) })),
      fc
        .uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 })
        .chain((ids) => fc.tuple(fc.constant(ids), fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 2 })))
        .map(([ids, amount, quantity]) => ({
          lines: ids.map((id) => ({ lineId: String(id), amount: cents(amount), quantity })),
        })),
    )
    .map((content) => ({ type: 'refund', notice: { refundId, occurredAt: AT, ...content } }));

const history = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }))
  .chain(([revisions, refunds]) =>
    fc.tuple(
      ...Array.from({ length: revisions }, (_, index) => snapshot(index + 1)),
      ...Array.from({ length: refunds }, (_, index) => notice(`r${index}`)),
    ),
  );

/** As ingestion does it: what waits is decided again after the first snapshot. */
function play(commands: readonly OrderCommand[]): OrderRecorded | undefined {
  let state: OrderState;
  const waiting: OrderCommand[] = [];
  const decide = (command: OrderCommand): void => {
    const decision = decideOrder(state, command);
    if (!decision.ok) throw new Error(decision.refusal.detail);
    if (decision.value.outcome === 'waiting') waiting.push(command);
    if (decision.value.outcome === 'recorded') state = decision.value.event;
  };
  for (const command of commands) {
    decide(command);
    if (state !== undefined) waiting.splice(0).forEach(decide);
  }
  return state;
}

const arrival = history.chain((commands) =>
  fc.tuple(
    fc.constant(commands),
    fc
      .tuple(fc.shuffledSubarray(commands, { minLength: commands.length }), fc.shuffledSubarray(commands))
      .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
  ),
);

describe('an order', () => {
  it('ends the same in any order of arrival, however often each thing is said', () => {
    fc.assert(
      fc.property(arrival, ([inOrder, shuffled]) => {
        expect(canonicalJson(play(shuffled))).toBe(canonicalJson(play(inOrder)));
      }),
      { numRuns: CASES },
    );
  });

  it('writes nothing for a command that it has seen', () => {
    fc.assert(
      fc.property(arrival, ([, shuffled]) => {
        const state = play(shuffled);
        for (const command of shuffled) {
          const decision = decideOrder(state, command);
          expect(decision.ok && decision.value.outcome).toMatch(/^(duplicate|stale)$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never refunds more than a line costs, nor less than its snapshot reports', () => {
    fc.assert(
      fc.property(arrival, ([, shuffled]) => {
        const state = play(shuffled);
        const reported = new Map(state?.reported?.map((refund) => [refund.lineId, Number(refund.refundedAmount)]));
        for (const line of state?.order.lines ?? []) {
          const refunded = Number(line.refundedAmount ?? 0);
          expect(refunded).toBeLessThanOrEqual(Number(line.amount));
          expect(refunded).toBeGreaterThanOrEqual(reported.get(line.lineId) ?? 0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
