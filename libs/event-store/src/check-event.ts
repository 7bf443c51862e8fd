import type { NewEvent } from './event.ts';
import { InvalidEventError } from './errors.ts';

export const MAX_NAME_LENGTH = 400;
/** Room above the 1 MB that a broker takes by default, far below what a statement can carry. */
const MAX_DATA_LENGTH = 4 * 1024 * 1024;

/** NUL, which PostgreSQL text refuses, and surrogates without their other half, which have no UTF-8 form. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Refuses what no store can keep byte for byte, before anything is sent. */
export function checkEvent(event: NewEvent): void {
  checkName('stream', event.stream);
  checkName('key', event.key);
  checkName('type', event.type);
  if (!Number.isSafeInteger(event.version) || event.version < 1) throw invalid('version', 'is no positive integer');
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1) {
    throw invalid('schemaVersion', 'is no positive integer');
  }
  if (event.data.length > MAX_DATA_LENGTH) throw invalid('data', `is longer than ${MAX_DATA_LENGTH} characters`);
  checkText('data', event.data);
  for (const text of [event.meta.correlationId, event.meta.causationId, event.meta.traceparent]) {
    if (text !== undefined && text.length > MAX_NAME_LENGTH) throw invalid('meta', 'is too long');
    checkText('meta', text ?? '');
  }
}

/** Text that is kept for people (a reason, a foreign key): what cannot be stored becomes U+FFFD instead of a failure. */
export const storableText = (text: string): string =>
  UNSTORABLE.test(text) ? text.replace(/[\0\p{Cs}]/gu, '\uFFFD') : text;

function checkName(field: string, text: string): void {
  if (text.length === 0 || text.length > MAX_NAME_LENGTH) {
    throw invalid(field, `has ${text.length} characters, not 1 to ${MAX_NAME_LENGTH}`);
  }
  checkText(field, text);
}

function checkText(field: string, text: string): void {
  if (!text.isWellFormed() || text.includes('\0')) throw invalid(field, 'holds a NUL or half a surrogate pair');
}

const invalid = (field: string, what: string): InvalidEventError => new InvalidEventError(field, `${field} ${what}`);
