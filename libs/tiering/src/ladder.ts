import { accept, points, refuse, subtractPoints, type Instant, type Outcome, type Points } from '@jifen/kernel';

/** A step of the ladder. `threshold` is reached at or above it; `multiplier` is a decimal factor, used by rules only. */
export interface Tier {
  readonly code: string;
  readonly name: Readonly<Record<string, string>>;
  readonly threshold: Points;
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

/** Tiers in ascending order of threshold, the first at 0; points of one currency count, over the whole lifetime. */
export interface Ladder {
  readonly currency: string;
  readonly tiers: readonly Tier[];
  /** T07: a member is told once when at most so many points are missing to the next tier. */
  readonly nearUpgrade?: Points;
  /** The ladder that held before, for what happened then. Absent: this one has always held. */
  readonly before?: { readonly ladder: Ladder; readonly until: Instant };
}

export const MAX_TIERS = 50;
const MULTIPLIER = /^\d{1,6}(\.\d{1,6})?$/;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesOf = (value: unknown): Readonly<Record<string, string>> =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

const isPositive = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

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

function tierFrom(value: unknown): Tier | string {
  if (!isRecord(value)) return 'a tier must be an object';
  const { code, threshold, multiplier = '1' } = value;
  if (typeof code !== 'string' || code === '' || code.length > 64) return 'a tier needs a code of 1 to 64 characters';
  if (typeof threshold !== 'number' || !Number.isSafeInteger(threshold) || threshold < 0)
    return `tier ${code} needs a threshold of whole points`;
  const factor = typeof multiplier === 'number' ? String(multiplier) : multiplier;
  if (typeof factor !== 'string' || !MULTIPLIER.test(factor)) return `tier ${code} needs a decimal multiplier`;
  return {
    code,
    name: namesOf(value['name']),
    threshold: points(threshold),
    multiplier: factor,
    ...badgeFrom(value['badge']),
    ...benefitsFrom(value['benefits']),
  };
}

/** The ladder of a program document: `undefined` when it has none, a refusal when it has one that decides nothing. */
export function ladderOf(document: Readonly<Record<string, unknown>>): Outcome<Ladder | undefined, string> {
  const ladder = document['ladder'];
  if (ladder === undefined || ladder === null) return accept(undefined);
  if (!isRecord(ladder)) return refuse('the ladder must be an object');
  const { currency, basis, tiers, nearUpgrade } = ladder;
  if (typeof currency !== 'string' || currency === '') return refuse('the ladder needs a currency');
  if (basis !== undefined && basis !== 'lifetime-points') return refuse('the basis must be lifetime-points');
  if (nearUpgrade !== undefined && !isPositive(nearUpgrade)) return refuse('nearUpgrade must be whole points above 0');
  if (!Array.isArray(tiers) || tiers.length === 0 || tiers.length > MAX_TIERS)
    return refuse(`the ladder needs 1 to ${MAX_TIERS} tiers`);
  const parsed: Tier[] = [];
  for (const value of tiers as readonly unknown[]) {
    const tier = tierFrom(value);
    if (typeof tier === 'string') return refuse(tier);
    parsed.push(tier);
  }
  parsed.sort((a, b) => a.threshold - b.threshold);
  if (parsed[0]?.threshold !== 0) return refuse('the first tier must start at 0');
  if (new Set(parsed.map((tier) => tier.threshold)).size < parsed.length) return refuse('two tiers share a threshold');
  if (new Set(parsed.map((tier) => tier.code)).size < parsed.length) return refuse('two tiers share a code');
  return accept({
    currency,
    tiers: parsed,
    ...(nearUpgrade === undefined ? {} : { nearUpgrade: points(nearUpgrade) }),
  });
}

/** Whether two ladders put everybody on the same steps: names, badges, benefits and multipliers decide nothing. */
export const sameSteps = (a: Ladder | undefined, b: Ladder | undefined): boolean =>
  a?.currency === b?.currency &&
  a?.tiers.length === b?.tiers.length &&
  (a?.tiers ?? []).every(
    ({ code, threshold }, place) => code === b?.tiers[place]?.code && threshold === b.tiers[place].threshold,
  );

/** The next tier and what is missing to it; `undefined` on the highest. */
export function nextTier(
  ladder: Ladder,
  lifetime: Points,
): { readonly tier: Tier; readonly missing: Points } | undefined {
  const tier = ladder.tiers[stepOf(ladder, lifetime) + 1];
  return tier && { tier, missing: subtractPoints(tier.threshold, lifetime) };
}

/** Place in the ladder that a lifetime total reaches; a total below 0 stands on the first step. */
export function stepOf(ladder: Ladder, lifetime: Points): number {
  let step = 0;
  for (let next = 1; next < ladder.tiers.length; next++) {
    const tier = ladder.tiers[next];
    if (tier !== undefined && tier.threshold <= lifetime) step = next;
  }
  return step;
}
