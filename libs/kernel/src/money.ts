import { assert } from './assert.ts';
import { parseDecimal, powerOfTen } from './decimal.ts';
import { accept, refuse, type Outcome } from './outcome.ts';

declare const moneyBrand: unique symbol;

/** Money in minor units of its ISO 4217 currency, a safe integer; the currency travels beside it. */
export type Money = number & { readonly [moneyBrand]: true };

export type MoneyRefusal = 'not-a-decimal' | 'too-many-decimals' | 'out-of-range';

/** Currencies whose minor unit is not a hundredth (ISO 4217 list one). */
const DECIMALS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

export const currencyDecimals = (currency: string): number => DECIMALS[currency] ?? 2;

export function money(value: number): Money {
  assert(Number.isSafeInteger(value), `money out of range: ${value}`);
  return (value === 0 ? 0 : value) as Money;
}

/** A decimal string in major units ("129.90") as minor units; more decimals than the currency has is an error. */
export function parseMoney(text: string, currency: string): Outcome<Money, MoneyRefusal> {
  const decimal = parseDecimal(text);
  if (decimal === undefined) return refuse('not-a-decimal');
  const decimals = currencyDecimals(currency);
  if (decimal.scale > decimals) return refuse('too-many-decimals');
  const minor = decimal.units * powerOfTen(decimals - decimal.scale);
  if (minor > 9007199254740991n || minor < -9007199254740991n) return refuse('out-of-range');
  return accept(money(Number(minor)));
}

export function formatMoney(value: Money, currency: string): string {
  const decimals = currencyDecimals(currency);
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
