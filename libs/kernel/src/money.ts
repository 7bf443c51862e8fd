import { InvariantError } from './assert.ts';
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
  if (!Number.isSafeInteger(value)) throw new InvariantError(`money out of range: ${value}`);
  return (value === 0 ? 0 : value) as Money;
}

/** A decimal string in major units ("129.90") as minor units; more decimals than the currency has is an error. */
export function parseMoney(text: string, currency: string): Outcome<Money, MoneyRefusal> {
  const decimals = currencyDecimals(currency);
  const plain = plainMinor(text, decimals);
  if (plain !== undefined) return accept(plain as Money);
  const decimal = parseDecimal(text);
  if (decimal === undefined) return refuse('not-a-decimal');
  if (decimal.scale > decimals) return refuse('too-many-decimals');
  const minor = decimal.units * powerOfTen(decimals - decimal.scale);
  if (minor > 9007199254740991n || minor < -9007199254740991n) return refuse('out-of-range');
  return accept(money(Number(minor)));
}

/** So many digits are a safe integer in any currency. */
const PLAIN_LENGTH = 12;
const [POINT, NOUGHT] = [0x2e, 0x30];

/** What nearly every amount is: a few digits, as many decimals as the currency has or fewer. `undefined`: look closer. */
function plainMinor(text: string, decimals: number): number | undefined {
  const { length } = text;
  if (length === 0 || length > PLAIN_LENGTH) return undefined;
  let value = 0;
  let point = length;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - NOUGHT;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === POINT - NOUGHT && point === length && at > 0 && at < length - 1) point = at;
    else return undefined;
  }
  const scale = point === length ? 0 : length - point - 1;
  if (scale > decimals || (point > 1 && text.charCodeAt(0) === NOUGHT)) return undefined;
  for (let missing = scale; missing < decimals; missing++) value *= 10;
  return value;
}

export function formatMoney(value: Money, currency: string): string {
  const decimals = currencyDecimals(currency);
  const sign = value < 0 ? '-' : '';
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
