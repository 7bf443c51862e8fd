import { createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { EventData } from './events/index.ts';

/** A webhook as it was sent: `data` is told apart by `type`. Types to come are not in this union: answer them 2xx and go on. */
export type WebhookEvent = { readonly [Type in keyof EventData]: WebhookOf<Type> }[keyof EventData];

export interface WebhookOf<Type extends keyof EventData> {
  /** Also the header `webhook-id`: the same in every attempt, resend and replay. Keep it to drop what comes twice. */
  readonly id: string;
  readonly type: Type;
  /** When it happened, RFC 3339. */
  readonly time: string;
  readonly program: string;
  readonly member: string;
  readonly data: EventData[Type];
}

export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type WebhookFault = 'missing-header' | 'too-old' | 'too-new' | 'bad-secret' | 'no-match' | 'malformed';

export type Verification =
  { readonly ok: true; readonly event: WebhookEvent } | { readonly ok: false; readonly fault: WebhookFault };

export interface VerifyOptions {
  /** `whsec_…` (HMAC-SHA256, `v1`) or `whpk_…` (Ed25519, `v1a`); several during a change of secrets. */
  readonly secrets: readonly string[];
  /** How far the clocks may be apart. */
  readonly toleranceSeconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const TOLERANCE_SECONDS = 300;
const SECRET = 'whsec_';
const PUBLIC_KEY = 'whpk_';
/** What comes before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Standard Webhooks: `body` must be the bytes as they came, before any parsing. Never throws for what was sent. */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  options: VerifyOptions,
): Verification {
  const id = headerOf(headers, 'webhook-id');
  const sent = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (id === undefined || sent === undefined || signatures === undefined || !/^\d{1,12}$/.test(sent))
    return { ok: false, fault: 'missing-header' };
  const age = Math.floor((options.now ?? Date.now)() / 1_000) - Number(sent);
  const tolerance = options.toleranceSeconds ?? TOLERANCE_SECONDS;
  if (age > tolerance) return { ok: false, fault: 'too-old' };
  if (age < -tolerance) return { ok: false, fault: 'too-new' };
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  const content = Buffer.concat([Buffer.from(`${id}.${sent}.`), bytes]);
  const keys = options.secrets.map(keyOf);
  if (keys.length === 0 || keys.includes(undefined)) return { ok: false, fault: 'bad-secret' };
  const candidates = signatures.split(' ').slice(0, MAX_SIGNATURES);
  const matches = candidates.some((signature) => keys.some((key) => key !== undefined && key(signature, content)));
  if (!matches) return { ok: false, fault: 'no-match' };
  const event = parsed(bytes);
  return event === undefined ? { ok: false, fault: 'malformed' } : { ok: true, event };
}

/** A sender signs with two secrets at most; more are not looked at. */
const MAX_SIGNATURES = 10;

type Check = (signature: string, content: Uint8Array) => boolean;

function keyOf(secret: string): Check | undefined {
  if (secret.startsWith(PUBLIC_KEY)) return ed25519(Buffer.from(secret.slice(PUBLIC_KEY.length), 'base64'));
  if (!secret.startsWith(SECRET)) return undefined;
  const key = Buffer.from(secret.slice(SECRET.length), 'base64');
  if (key.length === 0) return undefined;
  return (signature, content) => {
    const expected = createHmac('sha256', key).update(content).digest();
    const given = valueOf(signature, 'v1');
    return given?.length === expected.length && timingSafeEqual(given, expected);
  };
}

function ed25519(raw: Uint8Array): Check | undefined {
  if (raw.length !== 32) return undefined;
  const key: KeyObject = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
  return (signature, content) => {
    const given = valueOf(signature, 'v1a');
    return given !== undefined && verify(null, content, key, given);
  };
}

function valueOf(signature: string, scheme: string): Buffer | undefined {
  const [name, value] = signature.split(',');
  return name === scheme && value !== undefined ? Buffer.from(value, 'base64') : undefined;
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' && entry[1] !== '' ? entry[1] : undefined;
}

function parsed(bytes: Uint8Array): WebhookEvent | undefined {
  try {
    const event: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof event === 'object' && event !== null && 'type' in event ? (event as WebhookEvent) : undefined;
  } catch {
    return undefined;
  }
}
