import {
  addPoints,
  instantFromMillis,
  instantToMillis,
  negatePoints,
  ZERO,
  type Calendar,
  type Instant,
  type Points,
} from '@jifen/kernel';
import type { Account, Lot } from './account.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Hour of what never expires. */
export const NEVER = 2_147_483_647;
/** Hour and day of what an account has beside its lots: its debt, and what is on its way to another. */
const BESIDE_LOTS = -1;

/** What is owed to members, by the hour (UTC, since 1970) in which it is usable last and the day on which it was earned. */
export interface LiabilityCell {
  readonly expires: number;
  readonly earned: number;
  readonly points: Points;
  readonly debt: Points;
}

/** The hour that ends with the expiry has the last instant at which the lot is usable: an expiry at midnight belongs to the day before. */
const hourOf = (expiresAt: Instant | undefined): number =>
  expiresAt === undefined ? NEVER : Math.max(0, Math.floor((instantToMillis(expiresAt) - 1) / HOUR));
const dayOf = (earnedAt: Instant): number => Math.floor(instantToMillis(earnedAt) / DAY);

/** By how much a decision changes what is owed; only cells that change. */
export function liabilityChanges(before: Account, after: Account): readonly LiabilityCell[] {
  const cells = new Map<string, LiabilityCell>();
  const add = (expires: number, earned: number, points: Points, debt: Points): void => {
    const key = `${expires} ${earned}`;
    const known = cells.get(key) ?? { expires, earned, points: ZERO, debt: ZERO };
    const sums = { points: addPoints(known.points, points), debt: addPoints(known.debt, debt) };
    cells.set(key, { expires, earned, ...sums });
  };
  const lot = ({ expiresAt, earnedAt }: Lot, points: Points): void =>
    add(hourOf(expiresAt), dayOf(earnedAt), points, ZERO);
  for (const now of after.lots.values()) {
    const was = before.lots.get(now.id);
    if (was === now) continue;
    if (was !== undefined) lot(was, negatePoints(was.remaining));
    lot(now, now.remaining);
  }
  if (after.debt !== before.debt) add(BESIDE_LOTS, BESIDE_LOTS, ZERO, addPoints(after.debt, negatePoints(before.debt)));
  return [...cells.values()].filter(({ points, debt }) => points !== 0 || debt !== 0);
}

/** A cell's sum over all partitions. */
export interface LiabilitySum {
  readonly expires: number;
  readonly earned: number;
  readonly points: bigint;
  readonly debt: bigint;
}

/** Full calendar months since the points were earned, as lower bounds. */
export const AGE_MONTHS = [0, 3, 6, 12, 24, 36] as const;

export interface LiabilityTable {
  /** Not expired. */
  readonly outstanding: bigint;
  readonly debt: bigint;
  /** Past their expiry, which is not posted yet. */
  readonly lapsed: bigint;
  /** Points by age, the youngest first: one entry for each of `AGE_MONTHS`. */
  readonly byAge: readonly bigint[];
  /** Points by the month in which they are usable last, soonest first; those that never expire come last, without a month. */
  readonly byExpiry: readonly { readonly month: string | undefined; readonly points: bigint }[];
}

/** Sorts what is owed by age and by month of expiry, in the program's time zone. */
export function liabilityTable(sums: readonly LiabilitySum[], calendar: Calendar, now: Instant): LiabilityTable {
  const at = instantToMillis(now);
  const since = AGE_MONTHS.slice(1).map((months) => dayOf(calendar.addMonths(now, -months)));
  const byAge = AGE_MONTHS.map(() => 0n);
  const months = new Map<string, bigint>();
  let [outstanding, debt, lapsed, never] = [0n, 0n, 0n, 0n];
  for (const { expires, earned, points, debt: owed } of sums) {
    debt += owed;
    if (expires !== NEVER && (expires + 1) * HOUR <= at) {
      lapsed += points;
      continue;
    }
    outstanding += points;
    const age = since.filter((day) => earned < day).length;
    byAge[age] = (byAge[age] ?? 0n) + points;
    if (expires === NEVER) never += points;
    else {
      const month = calendar.dateOf(instantFromMillis(expires * HOUR)).slice(0, 7);
      months.set(month, (months.get(month) ?? 0n) + points);
    }
  }
  const dated = [...months].filter(([, points]) => points !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  const byExpiry = [
    ...dated.map(([month, points]) => ({ month, points })),
    ...(never === 0n ? [] : [{ month: undefined, points: never }]),
  ];
  return { outstanding, debt, lapsed, byAge, byExpiry };
}
