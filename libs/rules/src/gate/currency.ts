import type { EarnRule, ProgramDocument, Violation } from '@jifen/contracts';
import { currencyDecimals, divideRounded, parseDecimal, powerOfTen, present, type Decimal } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import type { RuleContext } from '../compile.ts';
import { asksForMoney } from '../condition/bounds.ts';
import type { ReasonWords, StepWords } from '../explain/sentence.ts';
import { NONE, violation } from '../violation.ts';
import type { Gate } from './gate.ts';

export interface ExchangeStep {
  readonly from: string;
  readonly on: string;
  readonly rate: string;
  readonly rounding: RoundingMode;
  readonly step: 'exchange';
  readonly to: string;
}

/** The rates of a program by pair of currencies, each list by date. */
export interface Exchange {
  readonly rounding: RoundingMode;
  readonly rates: ReadonlyMap<string, readonly DatedRate[]>;
}

interface DatedRate {
  readonly on: string;
  readonly text: string;
  readonly value: Decimal;
}

const pair = (from: string, to: string): string => `${from}>${to}`;

export function compileExchange({ exchange }: ProgramDocument): Exchange {
  const rates = new Map<string, DatedRate[]>();
  for (const { from, to, on, rate: text } of exchange?.rates ?? []) {
    const list = rates.get(pair(from, to)) ?? [];
    list.push({ on, text, value: present(parseDecimal(text), 'rate') });
    rates.set(pair(from, to), list);
  }
  for (const list of rates.values()) list.sort((a, b) => (a.on < b.on ? -1 : 1));
  return { rounding: exchange?.rounding ?? 'floor', rates };
}

/** The rate in force on a date. */
export const rateOn = ({ rates }: Exchange, from: string, to: string, date: string): DatedRate | undefined =>
  rates.get(pair(from, to))?.findLast(({ on }) => on <= date);

/** Exact, and rounded once to the minor unit of the other currency. */
export function exchanged(
  minor: number,
  from: string,
  to: string,
  { units, scale }: Decimal,
  mode: RoundingMode,
): number {
  const numerator = BigInt(minor) * units * powerOfTen(currencyDecimals(to));
  return Number(divideRounded(numerator, powerOfTen(scale + currencyDecimals(from)), mode));
}

/** What is in another currency than the rule's is converted or earns nothing, never taken for the rule's own (U35). */
export function compileCurrency(rule: EarnRule, { money, document }: RuleContext): Gate | undefined {
  const { when, earn, otherCurrency = 'refuse' } = rule;
  const asks = rule.if !== undefined && asksForMoney(rule.if);
  if ('activity' in when ? !('data' in earn) : earn.form === 'multiplier' && !asks) return undefined;
  const { rounding = 'floor' } = document.exchange ?? {};
  return (run, steps) => {
    const from = run.currency() ?? money;
    if (from === money) return undefined;
    if (otherCurrency === 'refuse') return 'other-currency';
    const rate = run.exchangeRate(from, money);
    if (rate === undefined) return 'no-exchange-rate';
    steps.push({ from, on: rate.on, rate: rate.text, rounding, step: 'exchange', to: money });
    return undefined;
  };
}

export function exchangeViolations({ exchange }: ProgramDocument): readonly Violation[] {
  const known = new Set<string>();
  return (exchange?.rates ?? []).flatMap(({ from, to, on, rate }, index) => {
    const pointer = `/exchange/rates/${index}`;
    const key = `${pair(from, to)} ${on}`;
    const twice = known.has(key);
    known.add(key);
    const real = !Number.isNaN(Date.parse(on)) && new Date(on).toISOString().slice(0, 10) === on;
    return [
      ...(from === to ? [violation(`${pointer}/to`, 'must be another currency than from')] : NONE),
      ...((parseDecimal(rate)?.units ?? 0n) > 0n ? NONE : [violation(`${pointer}/rate`, 'must be greater than 0')]),
      ...(real ? NONE : [violation(`${pointer}/on`, 'must be a date, YYYY-MM-DD')]),
      ...(twice ? [violation(pointer, 'there is a rate of that date already')] : NONE),
    ];
  });
}

export const currencyWords: { readonly exchange: StepWords<ExchangeStep> } = {
  exchange: {
    en: ({ from, on, rate, to }) => `Amounts in ${from} are converted at ${rate} ${to}, the rate of ${on}.`,
    zh: ({ from, on, rate, to }) => `${from} 金额按 ${on} 的汇率 ${rate} 折算为 ${to}。`,
  },
};

export const currencyReasons = {
  'other-currency': { en: 'the order is in another currency', zh: '订单为其他币种' },
  'no-exchange-rate': {
    en: 'the program has no exchange rate for its currency on that day',
    zh: '计划没有该币种当日的汇率',
  },
} satisfies ReasonWords;
