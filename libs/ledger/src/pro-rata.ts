import { addPoints, assert, points, pointsFromBigInt, sumPoints, type Points } from '@jifen/kernel';

/**
 * `amount` spread over the weights in their proportion, whole points only: each gets the floor of its exact share, and what
 * that leaves goes one by one to the largest remainders, the earlier first among equals. Σ = amount, and none gets more
 * than its weight while amount ≤ Σ weights.
 */
export function proRata(amount: Points, weights: readonly Points[]): readonly Points[] {
  const total = BigInt(sumPoints(weights));
  assert(amount >= 0 && BigInt(amount) <= total, `${amount} cannot be spread over ${total}`);
  if (total === 0n) return weights;
  const exact = weights.map((weight, index) => {
    const product = BigInt(amount) * BigInt(weight);
    return { index, share: pointsFromBigInt(product / total), rest: product % total };
  });
  const stray = amount - sumPoints(exact.map(({ share }) => share));
  const first = [...exact]
    .sort((a, b) => (a.rest > b.rest ? -1 : a.rest < b.rest ? 1 : a.index - b.index))
    .slice(0, stray)
    .map(({ index }) => index);
  const rounded = new Set(first);
  return exact.map(({ share, index }) => (rounded.has(index) ? addPoints(share, points(1)) : share));
}
