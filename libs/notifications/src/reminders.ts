import type { Calendar, Instant } from '@jifen/kernel';

/** A day on which points end, and which of the reminders before it is due. */
export interface DueReminder {
  /** Last date on which the points can be spent, `YYYY-MM-DD`. */
  readonly lastDay: string;
  readonly daysBefore: number;
  /** Lots that expire after `from` and not after `to` end with the day. */
  readonly from: Instant;
  readonly to: Instant;
}

const DAY = 86_400_000;

/** `date` and some days, by the calendar: no clock is asked, so no clock change can be off by one. */
export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

/**
 * The reminders that are due on the day of `at`: for each day that points may end on, the last of the reminders whose time has
 * come. So one that was missed is made good by the next run, an earlier one is not sent after a later one, and what has ended
 * is never reminded of.
 */
export function remindersDue(calendar: Calendar, days: readonly number[], at: Instant): readonly DueReminder[] {
  const today = calendar.dateOf(at);
  const ascending = [...days].sort((a, b) => a - b);
  const due: DueReminder[] = [];
  for (let left = 0; left <= (ascending.at(-1) ?? -1); left++) {
    const daysBefore = ascending.find((each) => each >= left);
    const lastDay = plusDays(today, left);
    const from = calendar.startOf(lastDay);
    const to = calendar.startOf(plusDays(lastDay, 1));
    if (daysBefore === undefined || from === undefined || to === undefined) continue;
    due.push({ lastDay, daysBefore, from: from > at ? from : at, to });
  }
  return due;
}

/** The day whose reminders are to be sent at `at`: today from the time on, `undefined` before it. */
export function reminderDay(calendar: Calendar, startMillis: number, at: Instant): string | undefined {
  return calendar.wall(at) % DAY >= startMillis ? calendar.dateOf(at) : undefined;
}
