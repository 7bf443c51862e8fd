import { points, type Points } from '@jifen/kernel';

/** A step of the ladder. `threshold` is reached at or above it; `multiplier` is a decimal factor, used by rules only. */
export interface Tier {
  readonly code: string;
  readonly name: Readonly<Record<string, string>>;
  readonly threshold: Points;
  /** What a review asks for to keep the tier; the threshold when absent. */
  readonly keep?: Points;
  readonly multiplier: string;
  /** How it is shown: sRGB `#rrggbb`, and a reference that the showing system understands. */
  readonly badge?: { readonly colour: string; readonly icon?: string };
  /** What it gives besides points: data that other systems act on. */
  readonly benefits?: readonly Benefit[];
}

export interface Benefit {
  readonly code: string;
  readonly name: Readonly<Record<string, string>>;
  readonly value?: string;
}

export const keepOf = ({ keep, threshold }: Tier): Points => keep ?? threshold;

const MULTIPLIER = /^\d{1,6}(\.\d{1,6})?$/;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isWhole = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const namesOf = (value: unknown): Readonly<Record<string, string>> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function badgeFrom(value: unknown): Pick<Tier, 'badge'> {
  if (!isRecord(value)) return {};
  const colour = textOf(value['colour']);
  const icon = textOf(value['icon']);
  return colour === undefined ? {} : { badge: { colour, ...(icon === undefined ? {} : { icon }) } };
}

function benefitsFrom(value: unknown): Pick<Tier, 'benefits'> {
  if (!Array.isArray(value)) return {};
  const benefits = (value as readonly unknown[]).filter(isRecord).map((each): Benefit => {
    const amount = textOf(each['value']);
    return {
      code: textOf(each['code']) ?? '',
      name: namesOf(each['name']),
      ...(amount === undefined ? {} : { value: amount }),
    };
  });
  return { benefits };
}

/** A tier of a program document, or why it is none. */
export function tierFrom(value: unknown): Tier | string {
  if (!isRecord(value)) return 'a tier must be an object';
  const { code, threshold, keep, multiplier = '1' } = value;
  if (typeof code !== 'string' || code === '' || code.length > 64) return 'a tier needs a code of 1 to 64 characters';
  if (!isWhole(threshold)) return `tier ${code} needs a threshold of whole points`;
  if (keep !== undefined && (!isWhole(keep) || keep > threshold))
    return `tier ${code} must be kept by whole points, at most its threshold`;
  const factor = typeof multiplier === 'number' ? String(multiplier) : multiplier;
  if (typeof factor !== 'string' || !MULTIPLIER.test(factor)) return `tier ${code} needs a decimal multiplier`;
  return {
    code,
    name: namesOf(value['name']),
    threshold: points(threshold),
    ...(keep === undefined ? {} : { keep: points(keep) }),
    multiplier: factor,
    ...badgeFrom(value['badge']),
    ...benefitsFrom(value['benefits']),
  };
}
