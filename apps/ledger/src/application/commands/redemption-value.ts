import type { Problem } from '@jifen/contracts';
import { accept, formatMoney, money, parseMoney, refuse, type Money, type Outcome, type Points } from '@jifen/kernel';
import { moneyOf, type RedemptionRefusal, type RedemptionRule } from '@jifen/ledger';
import type { SpentWorth } from './command-answers.ts';
import type { OrderAmount } from './intent.ts';
import { currencyFor, invalid, type Context } from './plan.ts';

/** What points of one currency may pay, and by which policy; no rule: points have no money value. */
export interface Spending {
  readonly currency: string;
  readonly rule: RedemptionRule | undefined;
}

export function spendingOf(
  { policies }: Pick<Context, 'policies'>,
  asked: string | undefined,
): Outcome<Spending, Problem> {
  const rules = policies?.redemption;
  const currency = currencyFor({ policies }, asked, rules?.[0]?.currency);
  if (!currency.ok) return currency;
  const rule = rules?.find((one) => one.currency === currency.value);
  if (rules !== undefined && rule === undefined)
    return refuse({ code: 'not_redeemable', detail: `${currency.value} cannot be spent in this program` });
  return accept({ currency: currency.value, rule });
}

/** The order's amount in minor units. */
export function amountOf(rule: RedemptionRule | undefined, order: OrderAmount): Outcome<Money, Problem> {
  if (rule === undefined)
    return refuse({ code: 'not_redeemable', detail: 'the program says nothing of what points pay of an order' });
  const { moneyCurrency } = rule;
  if (order.currency !== undefined && order.currency !== moneyCurrency)
    return invalid('/order/currency', `must be ${moneyCurrency}, the money of the program`);
  const amount = parseMoney(order.amount, moneyCurrency);
  return amount.ok ? amount : invalid('/order/amount', `must be an amount with the decimals of ${moneyCurrency}`);
}

export function problemOf({ moneyCurrency }: RedemptionRule, refusal: RedemptionRefusal): Problem {
  switch (refusal.reason) {
    case 'minimum-points': {
      const { minimum } = refusal;
      return {
        code: 'below_minimum',
        detail: `at least ${minimum} points must be spent at once`,
        figures: { minimum },
      };
    }
    case 'minimum-order': {
      const minimum = formatMoney(refusal.minimum, moneyCurrency);
      return { code: 'below_minimum', detail: `orders below ${minimum} take no points`, figures: { minimum } };
    }
    case 'maximum': {
      const worth = formatMoney(refusal.money, moneyCurrency);
      const detail = `at most ${refusal.points} points, worth ${worth}, may pay of this order`;
      return { code: 'above_maximum', detail, figures: { maximum: refusal.points } };
    }
    case 'step':
      return {
        code: 'not_a_step',
        detail: `points are spent in multiples of ${refusal.points}, so that no fraction of the money is left over`,
        figures: { step: refusal.points },
      };
  }
}

/** Money value of points spent and what stays of the order, as an answer says them. */
export function worthOf(rule: RedemptionRule | undefined, spent: Points, order: OrderAmount | undefined): SpentWorth {
  if (rule === undefined) return {};
  const { moneyCurrency } = rule;
  const amount = order === undefined ? undefined : amountOf(rule, order);
  const whole = amount?.ok === true ? amount.value : undefined;
  const plain = moneyOf(rule, spent);
  // Points rounded up to cover an order are worth the order, not a fraction more.
  const value = whole !== undefined && plain > whole ? whole : plain;
  const rest = whole === undefined ? {} : { toPay: formatMoney(money(whole - value), moneyCurrency) };
  return { money: formatMoney(value, moneyCurrency), moneyCurrency, ...rest };
}
