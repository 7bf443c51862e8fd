import type { Violation } from '@jifen/contracts';
import { instantToMillis, parseInstant } from '@jifen/kernel';

/** How far a source's clock may run ahead of ours. */
export const MAX_FUTURE_MILLIS = 24 * 60 * 60 * 1000;

/** The instant in UTC. What is no instant, or lies too far after `now` (milliseconds), is added to `violations`. */
export function readInstant(text: string, now: number, pointer: string, violations: Violation[]): string {
  const parsed = parseInstant(text);
  if (parsed === undefined) {
    violations.push({ pointer, message: 'is not a date-time with an offset' });
    return text;
  }
  if (instantToMillis(parsed) > now + MAX_FUTURE_MILLIS) {
    violations.push({ pointer, message: 'lies more than 24 hours in the future' });
  }
  return parsed;
}
