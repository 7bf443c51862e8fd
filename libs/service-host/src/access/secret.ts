import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `jf_<id>_<secret>`: the id finds the row, the secret proves it. */
export interface KeyText {
  readonly id: string;
  readonly secret: string;
}

const KEY = /^jf_([a-z0-9]{12})_([A-Za-z0-9-]{43})$/;
const ID_ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 12;
const SECRET_BYTES = 32;

export function newKeyText(): KeyText {
  const id = Array.from(randomBytes(ID_LENGTH), (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join('');
  // '_' separates the parts of a key; giving it up costs less than two of 256 bits.
  return { id, secret: randomBytes(SECRET_BYTES).toString('base64url').replaceAll('_', '-') };
}

export const formatKey = (key: KeyText): string => `jf_${key.id}_${key.secret}`;

export function parseKey(text: string): KeyText | undefined {
  const match = KEY.exec(text);
  return match === null ? undefined : { id: match[1] ?? '', secret: match[2] ?? '' };
}

/** The secret is 256 random bits, so a plain hash at rest is enough: there is nothing to guess. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** In constant time. */
export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);
