import type { Instant } from '@jifen/kernel';

/*
 * Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): `webhook-signature` holds, separated by spaces, one
 * `<scheme>,<base64 of the signature over "<id>.<seconds>.<body>">` for every secret in force. The cryptography is the edge's.
 */

/** `v1`: HMAC-SHA256 with a shared secret. `v1a`: Ed25519, where the receiver holds only the public key. */
export const SIGNATURE_SCHEMES = ['v1', 'v1a'] as const;
export type SignatureScheme = (typeof SIGNATURE_SCHEMES)[number];

export const SECRET_PREFIX = 'whsec_';
export const PUBLIC_KEY_PREFIX = 'whpk_';
/** Random bytes of a new secret: the specification allows 24 to 64 for a shared one, and the seed of Ed25519 has 32. */
export const SECRET_BYTES = 32;
/** How long the secret before a rotation still signs, so that a receiver can change over without losing a message. */
export const ROTATION_OVERLAP_MILLIS = 24 * 3_600_000;

export const signedContent = (id: string, seconds: number, body: string): string => `${id}.${seconds}.${body}`;

export const webhookHeaders = (
  id: string,
  seconds: number,
  scheme: SignatureScheme,
  signatures: readonly string[],
): Readonly<Record<string, string>> => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signatures.map((signature) => `${scheme},${signature}`).join(' '),
});

/** The secrets of an endpoint in whatever form they are kept. */
export interface Secrets<Secret> {
  readonly current: Secret;
  readonly previous?: { readonly secret: Secret; readonly until: Instant };
}

/** The secrets that sign now, the newest first. */
export const secretsInForce = <Secret>(secrets: Secrets<Secret>, now: Instant): readonly Secret[] =>
  secrets.previous !== undefined && now < secrets.previous.until
    ? [secrets.current, secrets.previous.secret]
    : [secrets.current];

/** A rotation: the new one signs at once, the one before it until `until`, any older one no more. */
export const rotated = <Secret>(secrets: Secrets<Secret>, next: Secret, until: Instant): Secrets<Secret> => ({
  current: next,
  previous: { secret: secrets.current, until },
});
