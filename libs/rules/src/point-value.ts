import type { ProgramDocument } from '@jifen/contracts';
import { currencyDecimals, parseDecimal, parseMoney, pointsFromBigInt, powerOfTen, present } from '@jifen/kernel';

/** As liability reports take it where the program is silent. */
const VALUE_OF_POINT = '0.01';

/** Points in their smallest unit for minor units of the program's money, as a fraction. */
export interface Share {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The points that money in minor units allows. */
export const allowed = ({ numerator, denominator }: Share, minor: number): number =>
  minor <= 0 ? 0 : pointsFromBigInt((BigInt(minor) * numerator) / denominator);

/** The points of a currency that cost a part of some money, e.g. `0.03` of it. The currency's point must be worth something. */
export function shareOf(document: ProgramDocument, currency: string, text: string): Share {
  const { moneyCurrency, currencies } = document;
  const share = present(parseDecimal(text), 'a share');
  const value = present(parseDecimal(valueOfPoint(document, currency)), 'the value of a point');
  const decimals = currencies.find(({ code }) => code === currency)?.decimals ?? 0;
  return {
    numerator: share.units * powerOfTen(value.scale) * powerOfTen(decimals),
    denominator: powerOfTen(share.scale) * value.units * powerOfTen(currencyDecimals(moneyCurrency)),
  };
}

const valueOfPoint = ({ pointValue }: ProgramDocument, currency: string): string =>
  pointValue?.find((each) => each.currency === currency)?.money ?? VALUE_OF_POINT;

export const isWorthNothing = (document: ProgramDocument, currency: string): boolean =>
  parseDecimal(valueOfPoint(document, currency))?.units === 0n;

/** What a limit or budget says in money, in points. */
export function pointsWorth(document: ProgramDocument, currency: string, worth: string): number {
  const amount = parseMoney(worth, document.moneyCurrency);
  if (!amount.ok) throw new Error(`${worth} is no amount of ${document.moneyCurrency}`);
  return allowed(shareOf(document, currency, '1'), amount.value);
}

/** Why an amount cannot be said in points; `undefined` when it can. */
export function worthProblem(document: ProgramDocument, currency: string, worth: string): string | undefined {
  const { moneyCurrency } = document;
  const amount = parseMoney(worth, moneyCurrency);
  if (!amount.ok)
    return `must be an amount of ${moneyCurrency} with at most ${currencyDecimals(moneyCurrency)} decimals`;
  if (isWorthNothing(document, currency))
    return `needs a point of ${currency} to be worth something: its pointValue is 0`;
  const { numerator, denominator } = shareOf(document, currency, '1');
  return (BigInt(amount.value) * numerator) / denominator > BigInt(MAX_POINTS)
    ? `must be worth at most ${MAX_POINTS} points`
    : undefined;
}

/** As many as the schema lets a limit or budget have. */
const MAX_POINTS = 1_000_000_000_000;
