import {
  validateRatingMade,
  type Condition,
  type EarnRule,
  type ProgramDocument,
  type RatingMade,
  type RecordedOrder,
} from '@jifen/contracts';
import { compileProgram, orderInstant, packOrder, rate, ratedOrder, type RatingInput } from '@jifen/rules';
import { inputAgain, rateAgain, ratingMade } from './make-rating.ts';
import { PLAIN_PROGRAM } from '../testing/program.ts';

const rule: EarnRule = {
  id: 'birthday',
  when: { order: 'paid' },
  if: { member: { birthday: { in: 'month' } } },
  earn: { form: 'fixed', points: 10 },
  currency: 'points',
  effects: [{ kind: 'coupon', ref: 'gift' }],
};
const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  rules: [rule],
};
const birthday = compileProgram(document, 1);
const PAID: RecordedOrder = {
  source: 'shop',
  orderId: 'A',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-11T00:00:00.000Z',
  placedAt: '2026-11-11T00:00:00.000Z',
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '10.00' }],
};

function made(order: RecordedOrder, revision: number, last?: RatingMade, program = birthday): RatingMade {
  const rated = ratedOrder(order);
  const facts = { birthday: '1990-11-30', city: 'Shanghai' };
  const input: RatingInput = { kind: 'order', member: 'm-1', source: 'shop', id: 'A', order: rated, facts };
  const head = {
    program: 'demo',
    member: 'm-1',
    cause: { source: 'shop', id: 'A', revision: order.revision },
    origin: { partition: 0, position: revision },
    occurredAt: orderInstant(order),
  };
  const inputs = packOrder(program, rated, facts);
  return ratingMade(head, revision, last, { program, input, rating: rate(program, input), inputs });
}

it('Q12: what is taken back keeps the limit of debt that the award had, whatever the program says now', () => {
  const limited = { ...document, debtLimits: [{ currency: 'points', points: 40 }] };
  const first = made(PAID, 1, undefined, compileProgram(limited, 1));
  expect(first.awards).toMatchObject([{ target: 10, debtLimit: 40 }]);
  const gone = made({ ...PAID, revision: 2, status: 'cancelled' }, 2, first, compileProgram(document, 2));
  expect(gone.awards).toMatchObject([{ target: 0, debtLimit: 40 }]);
});

describe('E23: a rating with an effect', () => {
  const first = made(PAID, 1);
  const refunded = made({ ...PAID, revision: 2, status: 'cancelled' }, 2, first);

  it('publishes it with an id, a revision and a target, and withdraws it with the order', () => {
    const effect = { effectId: 'm-1~birthday~shop~A~coupon~gift', kind: 'coupon', ref: 'gift', ruleId: 'birthday' };
    expect(first.effects).toEqual([{ ...effect, ruleVersion: 1, revision: 1, target: 1 }]);
    expect(refunded.effects).toEqual([{ ...effect, ruleVersion: 1, revision: 2, target: 0 }]);
    expect(validateRatingMade(JSON.parse(JSON.stringify(first))).ok).toBe(true);
  });

  it('keeps the facts that it used and no others, and runs again to the same bytes', () => {
    expect(first.inputs).toMatchObject({ f: { birthday: '1990-11-30' } });
    expect(rateAgain(birthday, JSON.parse(JSON.stringify(first)) as typeof first).same).toBe(true);
  });
});

describe('an order whose attributes a rule reads', () => {
  const conditions: readonly (readonly [string, Condition])[] = [
    ['a test of an attribute', { order: { attributes: { coupon: { is: 'X1' } } } }],
    ['an expression over the order', { cel: 'order.attributes.coupon == "X1"' }],
  ];

  it.each(conditions)('is kept as an order and runs again to the same bytes: %s', (_, condition) => {
    const reads = compileProgram({ ...document, rules: [{ ...rule, if: condition }] }, 1);
    const first = made({ ...PAID, attributes: { coupon: 'X1' } }, 1, undefined, reads);
    expect(first.awards).toMatchObject([{ target: 10 }]);
    expect(first.inputs).toMatchObject({ a: { coupon: 'X1' } });
    const stored = JSON.parse(JSON.stringify(first)) as typeof first;
    expect(inputAgain(reads, stored)).toMatchObject({ kind: 'order', order: { attributes: { coupon: 'X1' } } });
    expect(rateAgain(reads, stored).same).toBe(true);
  });
});
