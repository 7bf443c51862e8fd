import type { MoneyTest, OrderTest } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import { ruleMoney } from '../rule-money.ts';
import type { Run } from '../run.ts';
import { NONE, violation } from '../violation.ts';
import { moneyBounds, moneyViolations } from './bounds.ts';
import type { ConditionKind } from './condition.ts';
import { allOf, compileTest, type Check, type Value } from './test.ts';
import type { Subject } from './words.ts';

const TEXTS = ['channel', 'store', 'status'] as const;

const PAID = {
  cash: ['paid-cash', 'cashPaid'],
  points: ['paid-points', 'pointsPaid'],
  giftCard: ['paid-gift-card', 'giftCardPaid'],
  storeCredit: ['paid-store-credit', 'creditPaid'],
} as const satisfies Readonly<Record<string, readonly [Subject, string]>>;

const KINDS_OF_PAYMENT = Object.keys(PAID) as (keyof typeof PAID)[];

/** About the order as a whole, as it stands after refunds. */
export const order: ConditionKind<'order'> = {
  violations: ({ amount, paid = {} }, { document, rule }, pointer) => {
    if (!('order' in rule.when)) return [violation(pointer, 'needs an order: when must be {"order": …}')];
    const currency = ruleMoney(document, rule);
    return [
      ...(amount === undefined ? NONE : moneyViolations(amount, currency, `${pointer}/amount`)),
      ...KINDS_OF_PAYMENT.flatMap((kind) => moneyViolations(paid[kind], currency, `${pointer}/paid/${kind}`)),
    ];
  },

  compile: (test, context) => {
    const { use, money } = context;
    const checks: Check[] = [];
    if (test.amount !== undefined) checks.push(amountCheck(test.amount, context));
    if (test.quantity !== undefined) {
      use.quantity = true;
      checks.push(compileTest('order-quantity', undefined, test.quantity, (run) => run.quantity()));
    }
    if (test.source !== undefined)
      checks.push(compileTest('source', undefined, test.source, ({ input }) => input.source));
    for (const field of TEXTS) {
      const text = test[field];
      if (text === undefined) continue;
      use.place = true;
      checks.push(compileTest(field, undefined, text, (run) => run.order().order[field]));
    }
    for (const kind of KINDS_OF_PAYMENT) {
      const paid: MoneyTest | undefined = test.paid?.[kind];
      if (paid === undefined) continue;
      use.payments = true;
      use.cash = true;
      const [subject, field] = PAID[kind];
      const read = (run: Run): Value => run.convert(run.order().order[field], money);
      checks.push(compileTest(subject, undefined, moneyBounds(paid, money), read));
    }
    for (const [key, value] of Object.entries(test.attributes ?? {})) {
      use.attributes.add(key);
      checks.push(compileTest('attribute', key, value, (run) => run.order().order.attributes?.[key] ?? undefined));
    }
    return allOf(checks);
  },
};

function amountCheck({ basis, ...bounds }: NonNullable<OrderTest['amount']>, context: RuleContext): Check {
  const index = context.basisOf(basis);
  const { money } = context;
  return compileTest('order-amount', undefined, moneyBounds(bounds, money), (run) => {
    const { amount, refusal } = run.basis(index);
    return refusal === undefined ? run.convert(amount, money) : 0;
  });
}
