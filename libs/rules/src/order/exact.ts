/** `a × b ÷ c` rounded down, with the remainder: exact for whole numbers from 0, whatever the size of the product. */
export function shareOf(a: number, b: number, c: number): { readonly share: number; readonly remainder: number } {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % c;
    return { share: (product - remainder) / c, remainder };
  }
  const [exact, divisor] = [BigInt(a) * BigInt(b), BigInt(c)];
  return { share: Number(exact / divisor), remainder: Number(exact % divisor) };
}

/**
 * An amount spread over weights in whole minor units by the largest remainder (Hamilton), the earlier one first when
 * remainders are equal. The parts add up to the amount, or to nothing when there is no weight.
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (amount === 0 || total === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => shareOf(amount, weight, total));
  const parts = exact.map(({ share }) => share);
  let left = amount - parts.reduce((sum, part) => sum + part, 0);
  if (left === 0) return parts;
  const order = exact.map((_, index) => index);
  order.sort((a, b) => (exact[b]?.remainder ?? 0) - (exact[a]?.remainder ?? 0) || a - b);
  for (const index of order) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}
