/** An exact decimal number: `units / 10^scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^-?(?:0|[1-9]\d{0,17})(?:\.(\d{1,9}))?$/;

/** A decimal string of at most 18 digits before and 9 after the point; `undefined` if it is not one. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  return { units: BigInt(text.replace('.', '')), scale: match[1]?.length ?? 0 };
}

export const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent);
