import { instantFromMillis, instantToMillis, type Calendar, type Instant } from '@jifen/kernel';
import type { QuietHours } from './settings.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Milliseconds after midnight of `HH:mm`. */
export const clockMillis = (time: string): number =>
  (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * MINUTE;

/**
 * The end of the quiet hours that the instant is in; `undefined` when it is in none. By the wall clock: where the clocks
 * jump over the end, it is the instant after the jump; where they show it twice, the next time that they show it.
 */
export function quietUntil(calendar: Calendar, { from, to }: QuietHours, at: Instant): Instant | undefined {
  const local = calendar.wall(at);
  const time = local % DAY;
  const [begin, end] = [clockMillis(from), clockMillis(to)];
  const quiet = begin < end ? time >= begin && time < end : begin !== end && (time >= begin || time < end);
  if (!quiet) return undefined;
  const localEnd = local - time + end + (time < end ? 0 : DAY);
  const until = calendar.fromWall(localEnd);
  return until > at ? until : instantFromMillis(instantToMillis(at) + localEnd - local);
}
