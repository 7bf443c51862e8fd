import { InvariantError } from './assert.ts';

declare const instantBrand: unique symbol;

/** A UTC instant as `YYYY-MM-DDTHH:mm:ss.sssZ`: comparable as text. Years 1970 to 9999. */
export type Instant = string & { readonly [instantBrand]: true };

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const MAX_MILLIS = 253402300799999;
/** Most texts are ours and were normalised already; up to the 28th every month has the day. */
const NORMALISED =
  /^(?:19[7-9]\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Any RFC 3339 date-time with an offset, normalised to UTC milliseconds; `undefined` if it is none, or no real date. */
export function parseInstant(text: string): Instant | undefined {
  if (NORMALISED.test(text)) return text as Instant;
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const day = Number(match[3]);
  const lastDay = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  if (day < 1 || day > lastDay) return undefined;
  const millis = Date.parse(text);
  if (!Number.isFinite(millis) || millis < 0 || millis > MAX_MILLIS) return undefined;
  return new Date(millis).toISOString() as Instant;
}

export function instantFromMillis(millis: number): Instant {
  if (!Number.isInteger(millis) || millis < 0 || millis > MAX_MILLIS) throw new InvariantError(`no instant: ${millis}`);
  return new Date(millis).toISOString() as Instant;
}

/** Digits at fixed places: the parser of dates, which takes texts of every kind, is several times slower. */
export const instantToMillis = (instant: Instant): number =>
  instant.length === 24 && instant.endsWith('Z')
    ? Date.UTC(
        1000 * digit(instant, 0) + 100 * digit(instant, 1) + two(instant, 2),
        two(instant, 5) - 1,
        two(instant, 8),
        two(instant, 11),
        two(instant, 14),
        two(instant, 17),
        100 * digit(instant, 20) + two(instant, 21),
      )
    : Date.parse(instant);

const NOUGHT = 0x30;
const digit = (text: string, at: number): number => text.charCodeAt(at) - NOUGHT;
const two = (text: string, at: number): number => 10 * digit(text, at) + digit(text, at + 1);

/** The instant that the text is known to be, because it was normalised before it was stored. */
export function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new InvariantError(`no instant: ${text}`);
  return parsed;
}
