import type { Order, OrderRecorded } from '@jifen/contracts';
import { canonicalJson } from '@jifen/kernel';
import fc from 'fast-check';
import { anOrder, startHarness, type Harness } from '../../test/harness.ts';
import type { RecordKind } from './submission.ts';

const CASES = 100;

let ingestion: Harness;
beforeAll(async () => {
  ingestion = await startHarness();
});
afterAll(() => ingestion.stop());

interface Sent {
  readonly kind: RecordKind;
  readonly value: object;
}

const cents = (minor: number): string => (minor / 100).toFixed(2);

const revision = (number: number): fc.Arbitrary<Sent> =>
  fc
    .record({
      status: fc.constantFrom<Order['status'][]>('placed', 'paid', 'completed', 'cancelled'),
      amounts: fc.array(fc.integer({ min: 100, max: 30_000 }), { minLength: 1, maxLength: 3 }),
      refunded: fc.boolean(),
    })
    .map(({ status, amounts, refunded }) => {
      const lines = amounts.map((amount, index) => ({
        lineId: String(index),
        sku: 'TEA',
        quantity: 1,
        amount: cents(amount),
        ...(refunded && index === 0 ? { refundedAmount: cents(amount >> 1) } : {}),
      }));
      return { kind: 'order', value: anOrder({ revision: number, status, lines }) };
    });

const notice = (refundId: string): fc.Arbitrary<Sent> =>
  fc
    .record({
      amount: fc.integer({ min: 1, max: 20_000 }).map(cents),
      line: fc.option(fc.integer({ min: 0, max: 3 }).map(String)),
    })
    .map(({ amount, line }) => ({
      kind: 'order-refund',
      value: {
        source: 'shop',
        refundId,
        occurredAt: '2026-11-20T12:00:00.000Z',
        ...(line === null ? { amount } : { lines: [{ lineId: line, amount }] }),
      },
    }));

/** What happened, an order in which it arrives (some of it twice), and in how many submissions at a time. */
const arrival = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }))
  .chain(([revisions, refunds]) =>
    fc.tuple(
      ...Array.from({ length: revisions }, (_, index) => revision(index + 1)),
      ...Array.from({ length: refunds }, (_, index) => notice(`r${index}`)),
    ),
  )
  .chain((facts) =>
    fc.record({
      facts: fc.constant(facts),
      arrived: fc
        .shuffledSubarray(facts)
        .chain((again) => fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length })),
      atOnce: fc.integer({ min: 1, max: 4 }),
    }),
  );

const effective = async (orderId: string): Promise<OrderRecorded | undefined> => {
  const last = (await ingestion.store.readStream(`demo/shop/order/${orderId}`, 0, 1000)).at(-1);
  return last === undefined ? undefined : (JSON.parse(last.data) as OrderRecorded);
};

async function submit(orderId: string, records: readonly Sent[], atOnce: number): Promise<string> {
  for (let start = 0; start < records.length; start += atOnce) {
    await Promise.all(
      records.slice(start, start + atOnce).map(async ({ kind, value }) => {
        const [receipt] = await ingestion.send(kind, [{ ...value, orderId }]);
        expect(receipt?.outcome).toMatch(/^(accepted|duplicate|stale|waiting)$/);
      }),
    );
  }
  return canonicalJson(await effective(orderId)).replaceAll(orderId, '');
}

describe('through the whole way in', () => {
  it('an order ends the same in any order of arrival, repeated and at the same moment', async () => {
    let next = 0;
    await fc.assert(
      fc.asyncProperty(arrival, async ({ facts, arrived, atOnce }) => {
        const ids = [`plain-${++next}`, `mixed-${next}`] as const;
        expect(await submit(ids[1], arrived, atOnce)).toBe(await submit(ids[0], facts, 1));
      }),
      { numRuns: CASES, endOnFailure: true },
    );
    expect(await ingestion.count('waiting_refund')).toBe(0);
    expect(await ingestion.count('rejected')).toBe(0);
  }, 120_000);
});
