import type { EarnRule, RecordedOrder } from '@jifen/contracts';
import { compileProgram, rate, ratedOrder, type RatingInput } from '@jifen/rules';
import { document, spend } from '../../testing/program-cases.ts';
import type { Gain } from './gains.ts';
import { missingOf } from './missing.ts';

const AT = '2026-11-01T00:00:00.000Z';
const order = (...amounts: string[]): RecordedOrder => ({
  source: 'shop',
  orderId: 'A',
  revision: 1,
  status: 'paid',
  occurredAt: AT,
  placedAt: AT,
  paidAt: AT,
  currency: 'CNY',
  lines: amounts.map((amount, index) => ({ lineId: `${index}`, sku: `S${index}`, quantity: 1, amount })),
});
const from = (id: string, atLeast: string, more: Partial<EarnRule> = {}): EarnRule => ({
  ...spend,
  id,
  if: { order: { amount: { atLeast } } },
  earn: { form: 'fixed', points: 10 },
  ...more,
});

/** What is missing, and how often a cart was rated among all that is known of the member. */
async function missing(rules: EarnRule[], cart: RecordedOrder): Promise<readonly [string[], number]> {
  const program = compileProgram(document(rules), 1);
  const inputOf = (of: RecordedOrder): RatingInput => ({
    kind: 'order',
    member: 'm-1',
    source: 'shop',
    id: 'A',
    order: ratedOrder(of),
  });
  const gainsOf = (of: RecordedOrder): readonly Gain[] =>
    rate(program, inputOf(of)).awards.map((award) => ({
      rule: award.ruleId,
      currency: award.currency,
      points: award.target,
      waiting: 0,
      award: { ...award, revision: 1 },
    }));
  let rated = 0;
  const input = inputOf(cart);
  const found = await missingOf(
    program,
    { order: cart, input, rating: rate(program, input), gains: gainsOf(cart) },
    async (richer) => {
      rated += 1;
      return gainsOf(richer);
    },
  );
  return [found.map(({ rule, amount }) => `${rule} ${amount?.amount}`), rated];
}

describe('Q26: what a cart lacks', () => {
  it('is tried once for all rules that lack the same', async () => {
    const rules = ['a', 'b', 'c', 'd'].map((id) => from(id, '300.00'));
    expect(await missing(rules, order('100.00'))).toEqual([['a 200.00', 'b 200.00', 'c 200.00', 'd 200.00'], 1]);
  });

  it('is not tried where the rule would give no more for another reason', async () => {
    const channel = { if: { order: { amount: { atLeast: '300.00' }, channel: { is: 'app' } } } };
    expect(await missing([from('a', '300.00', channel)], order('100.00', '50.00', '20.00'))).toEqual([[], 0]);
  });

  it('is tried among all that is known where a limit may leave nothing', async () => {
    const limited = from('a', '300.00', { limits: [{ per: 'day', points: 0 }] });
    expect(await missing([limited], order('100.00'))).toEqual([[], 1]);
  });

  it('is found in the line that makes it', async () => {
    const lines: EarnRule = {
      ...from('a', '0.00'),
      if: { lines: { where: { skus: ['S2'] }, amount: { atLeast: '90.00' } } },
    };
    expect(await missing([lines], order('10.00', '10.00', '10.00'))).toEqual([['a 80.00'], 1]);
  });
});
