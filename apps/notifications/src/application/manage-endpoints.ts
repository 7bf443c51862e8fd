import type { Problem } from '@jifen/contracts';
import { accept, instant, instantFromMillis, refuse, type Outcome } from '@jifen/kernel';
import {
  eventFilter,
  rotated,
  ROTATION_OVERLAP_MILLIS,
  secretsInForce,
  type EventFilter,
  type SignatureScheme,
} from '@jifen/notifications';
import type { DeliveryTable, Endpoint, EndpointTable, InTransaction, SecretBox } from './ports.ts';

export const MAX_ENDPOINTS = 50;
/** Deliveries made pending again by one request. */
export const MAX_RESENT = 1_000;
const MAX_REPLAYED = 5_000;

export interface ManageParts<Sql> {
  readonly sql: Sql;
  readonly inTransaction: InTransaction<Sql>;
  readonly endpoints: EndpointTable<Sql>;
  readonly deliveries: DeliveryTable<Sql>;
  /** Absent when the deployment has no key for secrets. */
  readonly box: SecretBox | undefined;
  /** Why the URL cannot be an endpoint's; `undefined` when it can. */
  readonly faultOfUrl: (url: string) => string | undefined;
  readonly clock: () => number;
  readonly newId: () => string;
  readonly newSecret: () => Uint8Array;
  /** What a receiver verifies with: the shared secret, or a public key. */
  readonly verifierOf: (scheme: SignatureScheme, secret: Uint8Array) => string;
}

export interface EndpointView {
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  readonly events: EventFilter;
  readonly status: Endpoint['status'];
  readonly signature: SignatureScheme;
  readonly disabledReason?: string;
  /** How many secrets sign: two for a while after a rotation. */
  readonly secretsInForce: number;
  readonly createdAt: string;
}

/** The only answers that ever show a secret. An endpoint of `v1a` has none to share: it gets the public key. */
export type EndpointWithSecret = EndpointView & { readonly secret?: string; readonly publicKey?: string };

const viewOf = (endpoint: Endpoint, now: number): EndpointView => ({
  id: endpoint.id,
  url: endpoint.url,
  ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
  events: endpoint.events,
  status: endpoint.status,
  signature: endpoint.scheme,
  ...(endpoint.disabledReason === undefined ? {} : { disabledReason: endpoint.disabledReason }),
  secretsInForce: secretsInForce(endpoint.secrets, instantFromMillis(now)).length,
  createdAt: endpoint.createdAt,
});

function shown<Sql>(
  { verifierOf }: ManageParts<Sql>,
  scheme: SignatureScheme,
  secret: Uint8Array,
): Pick<EndpointWithSecret, 'secret' | 'publicKey'> {
  const verifier = verifierOf(scheme, secret);
  return scheme === 'v1' ? { secret: verifier } : { publicKey: verifier };
}

const invalid = (pointer: string, message: string): { readonly ok: false; readonly refusal: Problem } =>
  refuse({ code: 'invalid_request', detail: 'the webhook is not valid', errors: [{ pointer, message }] });

const NO_KEY: Problem = {
  code: 'unavailable',
  detail: 'webhooks need JIFEN_SECRET_KEY (at least 32 characters), which keeps their secrets',
};

export interface EndpointRequest {
  readonly program: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string | undefined;
  readonly scheme: SignatureScheme;
}

export async function createEndpoint<Sql>(
  parts: ManageParts<Sql>,
  request: EndpointRequest,
): Promise<Outcome<EndpointWithSecret, Problem>> {
  const { sql, endpoints, box, clock } = parts;
  if (box === undefined) return refuse(NO_KEY);
  const events = eventFilter(request.events);
  if (!events.ok) return invalid('/events', events.refusal);
  const fault = parts.faultOfUrl(request.url);
  if (fault !== undefined) return invalid('/url', fault);
  const now = clock();
  const id = parts.newId();
  const secret = parts.newSecret();
  const endpoint: Endpoint = {
    ...request,
    id,
    events: events.value,
    status: 'enabled',
    disabledReason: undefined,
    secrets: { current: box.seal(secret, id) },
    createdAt: instantFromMillis(now),
  };
  if (!(await endpoints.create(sql, endpoint, MAX_ENDPOINTS)))
    return invalid('', `a program has at most ${MAX_ENDPOINTS} webhooks`);
  return accept({ ...viewOf(endpoint, now), ...shown(parts, endpoint.scheme, secret) });
}

export async function listEndpoints<Sql>(parts: ManageParts<Sql>, program: string): Promise<readonly EndpointView[]> {
  const now = parts.clock();
  return (await parts.endpoints.list(parts.sql, program)).map((endpoint) => viewOf(endpoint, now));
}

export async function findEndpoint<Sql>(
  { sql, endpoints }: Pick<ManageParts<Sql>, 'sql' | 'endpoints'>,
  program: string,
  id: string,
): Promise<Outcome<Endpoint, Problem>> {
  const endpoint = await endpoints.find(sql, program, id);
  return endpoint === undefined ? refuse({ code: 'not_found', detail: `there is no webhook ${id}` }) : accept(endpoint);
}

export async function readEndpoint<Sql>(
  parts: ManageParts<Sql>,
  program: string,
  id: string,
): Promise<Outcome<EndpointView, Problem>> {
  const found = await findEndpoint(parts, program, id);
  return found.ok ? accept(viewOf(found.value, parts.clock())) : found;
}

/** The new secret signs at once, the old one beside it for a day. */
export async function rotateSecret<Sql>(
  parts: ManageParts<Sql>,
  program: string,
  id: string,
): Promise<Outcome<EndpointWithSecret, Problem>> {
  const { box, clock, endpoints, newSecret } = parts;
  if (box === undefined) return refuse(NO_KEY);
  return parts.inTransaction(async (sql) => {
    const found = await findEndpoint({ sql, endpoints }, program, id);
    if (!found.ok) return found;
    const now = clock();
    const secret = newSecret();
    const until = instantFromMillis(now + ROTATION_OVERLAP_MILLIS);
    const secrets = rotated(found.value.secrets, box.seal(secret, id), until);
    await endpoints.setSecrets(sql, id, secrets);
    return accept({ ...viewOf({ ...found.value, secrets }, now), ...shown(parts, found.value.scheme, secret) });
  });
}

/** Disabled, it is queued nothing and sent nothing; what was queued before waits until it is enabled again. */
export async function switchEndpoint<Sql>(
  parts: ManageParts<Sql>,
  program: string,
  id: string,
  status: Endpoint['status'],
): Promise<Outcome<EndpointView, Problem>> {
  const found = await findEndpoint(parts, program, id);
  if (!found.ok) return found;
  const reason = status === 'disabled' ? 'disabled by request' : undefined;
  await parts.endpoints.setStatus(parts.sql, id, status, reason);
  return accept(viewOf({ ...found.value, status, disabledReason: reason }, parts.clock()));
}

export interface ReplayRequest {
  /** One of the three. */
  readonly from?: string | undefined;
  readonly delivery?: string | undefined;
  readonly cursor?: string | undefined;
}

export interface ReplayStarted {
  readonly replayed: number;
  /** For `cursor` of the next call, when there may be more. */
  readonly next?: string;
}

/**
 * Sends again what was queued for the endpoint from an instant or a delivery on, under the old ids and in the old order of
 * each member; at most so many a call. What is still pending is sent anyway.
 */
export async function replayDeliveries<Sql>(
  parts: ManageParts<Sql>,
  program: string,
  id: string,
  request: ReplayRequest,
): Promise<Outcome<ReplayStarted, Problem>> {
  const found = await findEndpoint(parts, program, id);
  if (!found.ok) return found;
  const { from, delivery, cursor } = request;
  if ([from, delivery, cursor].filter((each) => each !== undefined).length !== 1)
    return invalid('', 'exactly one of from, delivery and cursor must be there');
  return parts.inTransaction(async (sql) => {
    let after = Number(cursor ?? 0);
    if (delivery !== undefined) {
      const first = await parts.deliveries.find(sql, id, delivery);
      if (first === undefined) return invalid('/delivery', 'is no delivery of this webhook that is still kept');
      after = first.seq - 1;
    }
    const since = from === undefined ? undefined : instant(from);
    const { replayed, last } = await parts.deliveries.replay(sql, id, { after, since }, MAX_REPLAYED, parts.clock());
    return accept({ replayed, ...(last === undefined ? {} : { next: String(last) }) });
  });
}

/** Sends the named deliveries again under their old ids; without names the oldest dead ones. */
export async function resendDeliveries<Sql>(
  parts: ManageParts<Sql>,
  program: string,
  id: string,
  deliveries: readonly string[] | undefined,
): Promise<Outcome<{ readonly resent: number }, Problem>> {
  const found = await findEndpoint(parts, program, id);
  if (!found.ok) return found;
  const resent = await parts.inTransaction((sql) =>
    parts.deliveries.resend(sql, id, deliveries, MAX_RESENT, parts.clock()),
  );
  return accept({ resent });
}
