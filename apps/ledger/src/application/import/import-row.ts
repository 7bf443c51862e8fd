import type { Problem } from '@jifen/contracts';
import {
  accept,
  ID_PATTERN,
  parseInstant,
  points,
  refuse,
  type Calendar,
  type Instant,
  type Outcome,
  type Points,
} from '@jifen/kernel';

/** An opening lot, as another system had it. */
export interface ImportRow {
  readonly row: string;
  readonly member: string;
  readonly currency: string;
  readonly points: Points;
  readonly earnedOn: Instant;
  readonly expiresAt: Instant | undefined;
  readonly note: string | undefined;
}

export interface RowContext {
  /** Of the program's time zone: dates without a time are meant there. */
  readonly calendar: Calendar;
  readonly currencies: readonly string[];
  readonly now: Instant;
}

const ROW_PATTERN = /^[A-Za-z0-9._-]{1,40}$/;
const MEMBER_PATTERN = new RegExp(ID_PATTERN);
const MAX_NOTE = 500;
const FIELDS: ReadonlySet<string> = new Set(['row', 'member', 'currency', 'points', 'earnedOn', 'expiresOn', 'reason']);

const invalid = (pointer: string, message: string): Outcome<never, Problem> =>
  refuse({ code: 'invalid_request', detail: `${pointer.slice(1)} ${message}`, errors: [{ pointer, message }] });

/** Name of the row within its import: what makes it the same row when it is sent again. */
export const rowName = (value: unknown): string | undefined => {
  const row = typeof value === 'object' && value !== null && 'row' in value ? value.row : undefined;
  return typeof row === 'string' && ROW_PATTERN.test(row) ? row : undefined;
};

export function parseRow(value: unknown, context: RowContext): Outcome<ImportRow, Problem> {
  const row = rowName(value);
  if (row === undefined) return invalid('/row', 'must be 1 to 40 letters, digits, dots, dashes or underscores');
  const fields = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return invalid(`/${unknown.slice(0, 40)}`, 'is no field of a row');
  const { member, currency = context.currencies[0], points: amount, earnedOn, expiresOn, reason } = fields;
  if (typeof member !== 'string' || !MEMBER_PATTERN.test(member)) return invalid('/member', 'must be a member id');
  if (typeof currency !== 'string' || !context.currencies.includes(currency))
    return invalid('/currency', `must be one of the currencies: ${context.currencies.join(', ')}`);
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount <= 0)
    return invalid('/points', 'must be a whole number above 0');
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_NOTE))
    return invalid('/reason', `must be a text of at most ${MAX_NOTE} characters`);
  const earned = earnedOn === undefined ? context.now : moment(earnedOn, context.calendar, 'start');
  if (earned === undefined) return invalid('/earnedOn', WHEN);
  const expires = expiresOn === undefined ? undefined : moment(expiresOn, context.calendar, 'end');
  if (expiresOn !== undefined && expires === undefined) return invalid('/expiresOn', WHEN);
  return accept({
    row,
    member,
    currency,
    points: points(amount),
    earnedOn: earned,
    expiresAt: expires,
    note: reason === '' ? undefined : reason,
  });
}

const WHEN = 'must be a date like 2026-11-30 or an instant like 2026-11-30T16:00:00Z';

/** A date is the whole day in the program's zone: points earned on it count from its start, and can be used through it. */
function moment(value: unknown, calendar: Calendar, edge: 'start' | 'end'): Instant | undefined {
  if (typeof value !== 'string') return undefined;
  const start = calendar.startOf(value);
  if (start === undefined) return parseInstant(value);
  return edge === 'start' ? start : calendar.startOf(nextDate(value));
}

/** In dates, not in hours: a day may have 23 or 25 of them. */
const nextDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
