import type { Problem } from '@jifen/contracts';

/** A place in a list, opaque to callers. */
export const encodeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const MAX_CURSOR = 4_000;

/** `undefined` when the text is none of ours; what is inside is the caller's to check. */
export function decodeCursor(text: string): unknown {
  if (text.length > MAX_CURSOR) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

export const notOurs: Problem = {
  code: 'invalid_request',
  detail: 'the cursor is none of this list',
  errors: [{ pointer: '/cursor', message: 'not a cursor of this list' }],
};
