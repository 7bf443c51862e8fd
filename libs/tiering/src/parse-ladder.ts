import { accept, points, refuse, type Outcome } from '@jifen/kernel';
import { calendarOf } from './dates.ts';
import { MONTHS_OF, type Basis, type Ladder, type Review, type Window } from './ladder.ts';
import { isRecord, tierFrom, type Tier } from './tier.ts';

export const MAX_TIERS = 50;
const MAX_MONTHS = 60;
const MAX_DAYS = 180;
/** No month is shorter: a grace ends before the next review. */
const SHORTEST_MONTH = 28;
const BASES: ReadonlySet<unknown> = new Set<Basis>(['lifetime-points', 'points', 'spend', 'orders']);
const CLOCKS: ReadonlySet<unknown> = new Set<Review['clock']>(['calendar', 'anniversary', 'tier-start', 'rolling']);
const CALENDAR_MONTHS: ReadonlySet<number> = new Set(Object.values(MONTHS_OF));

const isBetween = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most;

function windowFrom(value: unknown): Window | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) return 'the window must be an object';
  const { per, months, since } = value;
  if (since === 'change') return { since };
  if (typeof per === 'string' && Object.hasOwn(MONTHS_OF, per)) return { per: per as keyof typeof MONTHS_OF };
  return isBetween(months, 1, MAX_MONTHS)
    ? { months }
    : 'the window needs a calendar period, a number of months, or since change';
}

const monthsBy = (clock: unknown, window: Window | undefined): number =>
  clock === 'rolling' ? 0 : window !== undefined && 'per' in window ? MONTHS_OF[window.per] : 12;

/** Absent fields of a review have their defaults here and nowhere else. */
function reviewFrom(value: unknown, window: Window | undefined): Review | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) return 'the review must be an object';
  const { clock, fall = 'one-step', graceDays = 0, noticeDays = 0 } = value;
  const { months = monthsBy(clock, window) } = value;
  if (!CLOCKS.has(clock)) return 'the review needs a clock';
  if (clock === 'rolling') {
    if (window === undefined || !('months' in window)) return 'a rolling review needs a rolling window';
    if (months !== 0) return 'a rolling review has no months';
  } else if (!isBetween(months, 1, MAX_MONTHS)) return `a review comes every 1 to ${MAX_MONTHS} months`;
  if (clock === 'calendar' && !CALENDAR_MONTHS.has(months)) return 'a calendar has periods of 1, 3, 6 and 12 months';
  if (fall !== 'one-step' && fall !== 'to-fit') return 'a tier falls one-step or to-fit';
  if (!isBetween(graceDays, 0, MAX_DAYS) || !isBetween(noticeDays, 0, MAX_DAYS))
    return `grace and notice are 0 to ${MAX_DAYS} days`;
  if (clock !== 'rolling' && graceDays >= months * SHORTEST_MONTH) return 'a grace must end before the next review';
  if (window === undefined) return 'a review needs a window: what was ever counted never lapses';
  if ('per' in window && (clock !== 'calendar' || months !== MONTHS_OF[window.per]))
    return 'what is counted in a calendar period is reviewed at its end';
  return { clock: clock as Review['clock'], months, fall, graceDays, noticeDays };
}

function tiersFrom(value: unknown): readonly Tier[] | string {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_TIERS)
    return `the ladder needs 1 to ${MAX_TIERS} tiers`;
  const parsed: Tier[] = [];
  for (const each of value as readonly unknown[]) {
    const tier = tierFrom(each);
    if (typeof tier === 'string') return tier;
    parsed.push(tier);
  }
  parsed.sort((a, b) => a.threshold - b.threshold);
  if (parsed[0]?.threshold !== 0) return 'the first tier must start at 0';
  if (new Set(parsed.map((tier) => tier.threshold)).size < parsed.length) return 'two tiers share a threshold';
  if (new Set(parsed.map((tier) => tier.code)).size < parsed.length) return 'two tiers share a code';
  return parsed;
}

/** The ladder of a program document: `undefined` when it has none, a refusal when it has one that decides nothing. */
export function ladderOf(document: Readonly<Record<string, unknown>>): Outcome<Ladder | undefined, string> {
  const ladder = document['ladder'];
  if (ladder === undefined || ladder === null) return accept(undefined);
  if (!isRecord(ladder)) return refuse('the ladder must be an object');
  const { timeZone = 'UTC', moneyCurrency = 'CNY' } = document;
  const { currency, basis = 'lifetime-points', nearUpgrade } = ladder;
  if (typeof currency !== 'string' || currency === '') return refuse('the ladder needs a currency');
  if (typeof timeZone !== 'string' || calendarOf(timeZone) === undefined) return refuse('there is no such time zone');
  if (typeof moneyCurrency !== 'string') return refuse('the money currency must be a code');
  if (!BASES.has(basis)) return refuse(`the basis must be one of ${[...BASES].join(', ')}`);
  if (nearUpgrade !== undefined && !isBetween(nearUpgrade, 1, Number.MAX_SAFE_INTEGER))
    return refuse('nearUpgrade must be whole points above 0');
  const window = windowFrom(ladder['window']);
  if (typeof window === 'string') return refuse(window);
  if ((basis === 'lifetime-points') !== (window === undefined) && (basis === 'lifetime-points' || basis === 'points'))
    return refuse('lifetime-points have no window, points need one');
  const review = reviewFrom(ladder['review'], window);
  if (typeof review === 'string') return refuse(review);
  const tiers = tiersFrom(ladder['tiers']);
  if (typeof tiers === 'string') return refuse(tiers);
  return accept({
    currency,
    basis: basis as Basis,
    ...(window === undefined ? {} : { window }),
    ...(review === undefined ? {} : { review }),
    timeZone,
    moneyCurrency,
    tiers,
    ...(nearUpgrade === undefined ? {} : { nearUpgrade: points(nearUpgrade) }),
  });
}
