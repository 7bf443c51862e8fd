import type { Calendar, Instant } from '@jifen/kernel';
import { formatMinor, memberRate, worthOf, type ValuePolicies } from '@jifen/ledger';

/** What the reads want of a program's policies. */
export interface ReadPolicies extends ValuePolicies {
  /** By which dates are meant. */
  readonly calendar: Calendar;
  /** Codes of its currencies, the first one meant where none is named. */
  readonly currencies: readonly string[];
}

/** Policies in force of a program; `undefined` when it has published none that the ledger has heard of. */
export interface PolicyReads {
  policiesOf(program: string, now: Instant): Promise<ReadPolicies | undefined>;
}

/** Money as it goes over the wire. */
export interface MoneyView {
  readonly amount: string;
  readonly currency: string;
}

/** What points of a currency are worth now, rounded towards zero; `undefined` where the program states no value. */
export type Worth = (currency: string, points: number) => MoneyView | undefined;

export function worthUnder(policies: ValuePolicies | undefined): Worth {
  return (currency, points) => {
    const rate = policies === undefined ? undefined : memberRate(policies, currency);
    if (rate === undefined) return undefined;
    return { amount: formatMinor(worthOf(points, rate), rate.moneyCurrency), currency: rate.moneyCurrency };
  };
}
