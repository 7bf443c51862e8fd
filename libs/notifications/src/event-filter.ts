import { accept, refuse, type Outcome } from '@jifen/kernel';

/** Event types that an endpoint wants: exact (`points.earned`), a family (`points.*`) or everything (`*`). */
export type EventFilter = readonly string[];

export const MAX_FILTERS = 50;
const FILTER = /^(\*|[a-z][a-z-]*\.(\*|[a-z][a-z-]*))$/;

export function eventFilter(patterns: readonly string[]): Outcome<EventFilter, string> {
  if (patterns.length === 0 || patterns.length > MAX_FILTERS) return refuse(`name 1 to ${MAX_FILTERS} event types`);
  const bad = patterns.find((pattern) => !FILTER.test(pattern));
  if (bad !== undefined) return refuse(`'${bad}' is no event type; write points.earned, points.* or *`);
  return accept([...new Set(patterns)]);
}

export const wants = (filter: EventFilter, type: string): boolean =>
  filter.some(
    (pattern) =>
      pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
