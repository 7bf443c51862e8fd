import type { Ladder, ProgramDocument, Violation } from '@jifen/contracts';
import { atLeastOne, repeated, violation } from './violation.ts';

const MONTHS_OF = { month: 1, quarter: 3, half: 6, year: 12 } as const;
const CALENDAR_MONTHS: readonly number[] = Object.values(MONTHS_OF);
/** No month is shorter: a grace ends before the next review. */
const SHORTEST_MONTH = 28;

/** What the schema cannot say of a ladder; `tiering` holds to the same. */
export function ladderViolations({ ladder, currencies }: ProgramDocument): readonly Violation[] {
  if (ladder === undefined) return [];
  const codes = currencies.map(({ code }) => code);
  return [
    ...(codes.includes(ladder.currency)
      ? []
      : [violation('/ladder/currency', `must be one of the currencies: ${codes.join(', ')}`)]),
    ...windowViolations(ladder),
    ...reviewViolations(ladder),
    ...repeated(
      ladder.tiers.map(({ code }) => code),
      (index) => `/ladder/tiers/${index}/code`,
    ),
    ...tierViolations(ladder),
  ];
}

function windowViolations({ basis, window }: Ladder): readonly Violation[] {
  if (basis === 'lifetime-points' && window !== undefined)
    return [violation('/ladder/window', 'must be absent: lifetime-points count for ever; points have a window')];
  return basis === 'points' && window === undefined
    ? [violation('/ladder/window', 'must be there: points without a window are lifetime-points')]
    : [];
}

function reviewViolations({ window, review }: Ladder): readonly Violation[] {
  if (review === undefined) return [];
  if (window === undefined)
    return [violation('/ladder/review', 'must be absent: without a window nothing lapses that was counted')];
  const period = window.per === undefined ? undefined : MONTHS_OF[window.per];
  const { clock, months = period ?? 12, graceDays = 0 } = review;
  if (clock === 'rolling') return rollingViolations(window, review);
  if (period !== undefined && clock !== 'calendar')
    return [violation('/ladder/review/clock', 'must be calendar: a calendar window is reviewed at its end')];
  if (period !== undefined && months !== period)
    return [violation('/ladder/review/months', `must be ${period}: a calendar window is reviewed at its end`)];
  if (clock === 'calendar' && !CALENDAR_MONTHS.includes(months))
    return [violation('/ladder/review/months', `must be one of ${CALENDAR_MONTHS.join(', ')}`)];
  return graceDays < months * SHORTEST_MONTH
    ? []
    : [violation('/ladder/review/graceDays', `must be less than ${months * SHORTEST_MONTH}: before the next review`)];
}

/** Each day is reviewed, so that there is no next review which a grace must end before. */
function rollingViolations(
  window: NonNullable<Ladder['window']>,
  { months }: NonNullable<Ladder['review']>,
): Violation[] {
  const violations: Violation[] = [];
  if (window.months === undefined)
    violations.push(violation('/ladder/review/clock', 'must not be rolling: the window is none of months'));
  if (months !== undefined) violations.push(violation('/ladder/review/months', 'must be absent of a rolling review'));
  return violations;
}

function tierViolations({ tiers }: Ladder): readonly Violation[] {
  let below = -1;
  return tiers.flatMap(({ threshold, keep, multiplier }, index) => {
    const pointer = `/ladder/tiers/${index}`;
    const violations = [...atLeastOne(multiplier, `${pointer}/multiplier`)];
    if (index === 0 && threshold !== 0)
      violations.push(violation(`${pointer}/threshold`, 'the first tier must have threshold 0'));
    else if (threshold <= below) violations.push(violation(`${pointer}/threshold`, `must be greater than ${below}`));
    if (keep !== undefined && keep > threshold)
      violations.push(violation(`${pointer}/keep`, `must be at most the threshold, ${threshold}`));
    below = threshold;
    return violations;
  });
}
