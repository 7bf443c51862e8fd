import type { AfterAttempt, AttemptResult, EventFilter, Secrets, SignatureScheme } from '@jifen/notifications';
import type { MemberKey } from './message-ports.ts';

export type EndpointStatus = 'enabled' | 'disabled';

/** A receiver of webhooks. Its secrets are only ever held encrypted outside of a signature being made. */
export interface Endpoint {
  readonly id: string;
  readonly program: string;
  readonly url: string;
  readonly description: string | undefined;
  readonly events: EventFilter;
  readonly status: EndpointStatus;
  readonly disabledReason: string | undefined;
  readonly scheme: SignatureScheme;
  readonly secrets: Secrets<Uint8Array>;
  readonly createdAt: string;
}

export type Subscription = Pick<Endpoint, 'id' | 'program' | 'events' | 'createdAt'>;

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface NewDelivery {
  readonly endpoint: string;
  /** Id of the event, and the `webhook-id` of every attempt. */
  readonly event: string;
  /** `program/member`: deliveries of one key reach an endpoint in order. */
  readonly key: string;
  readonly type: string;
  readonly body: string;
  /** Why it is dead from the start. */
  readonly refused?: string;
}

/** What is sent next of a lane. */
export interface HeadDelivery {
  readonly event: string;
  readonly body: string;
  readonly attempts: number;
  /** It was sent before, and is sent again because somebody asked for all from some place on. */
  readonly replay: boolean;
}

export interface Delivery {
  readonly seq: number;
  readonly event: string;
  readonly key: string;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: string | undefined;
  readonly lastAttemptAt: string | undefined;
  readonly lastStatus: number | undefined;
  readonly lastError: string | undefined;
  /** The beginning of what the receiver answered last. */
  readonly lastAnswer: string | undefined;
  readonly lastMillis: number | undefined;
  readonly createdAt: string;
  readonly deliveredAt: string | undefined;
  /** When it was last put in again by a replay. */
  readonly replayedAt: string | undefined;
  /** SHA-256 of the body, in hex, where it was dropped with its member: it cannot be sent again. */
  readonly erased: string | undefined;
}

/** Where a replay begins: behind a place in the endpoint's own order, and not before an instant. */
export interface ReplayFrom {
  readonly after: number;
  readonly since: string | undefined;
}

export interface Replayed {
  readonly replayed: number;
  /** Place of the last one, when there may be more. */
  readonly last: number | undefined;
}

/** A member's deliveries to one endpoint, taken by one sender until the lease ends. */
export interface Lane {
  readonly endpoint: string;
  readonly key: string;
  readonly claim: string;
}

/** Whoever lanes lead to: an endpoint, or a channel. */
export interface Receiver {
  readonly id: string;
}

export interface Sendable {
  /** Failed attempts before. */
  readonly attempts: number;
}

/** What came of an attempt, and until when the lane stays claimed if there is more to send. */
export interface Attempt<Item> {
  readonly lane: Lane;
  readonly item: Item;
  readonly result: AttemptResult;
  readonly after: AfterAttempt;
  readonly at: number;
  /** How long it took. */
  readonly millis: number;
  /** End of the lease for going on; `undefined` gives the lane back. */
  readonly leaseUntil: number | undefined;
}

/** How many lanes of a receiver may be taken. */
export interface Wanted {
  readonly endpoint: string;
  readonly places: number;
}

export interface Claim {
  readonly wanted: readonly Wanted[];
  /** A name that no other claim has. */
  readonly name: string;
  readonly now: number;
  /** End of the lease. */
  readonly until: number;
  /** Of all receivers together; the first of them come first. */
  readonly limit: number;
}

export interface Claimed<Item> {
  readonly lane: Lane;
  /** What is to be sent first; nothing when somebody else was faster, or nothing is to be sent now. */
  readonly head: () => Promise<Item | undefined>;
}

/** What a sender asks of the tables that it sends from. */
export interface Lanes<Item> {
  claim(claim: Claim): Promise<readonly Claimed<Item>[]>;
  /** Answers what to send next on the lane, nothing when it is given back. */
  settle(attempt: Attempt<Item>): Promise<Item | undefined>;
  /** Gives a lane back; one with nothing pending goes. */
  release(lane: Lane, dueAt: number): Promise<void>;
}

export interface EndpointTable<Sql> {
  /** Whether any of the programs has an enabled endpoint, and whether any tells its members anything. */
  listeners(sql: Sql, programs: readonly string[]): Promise<{ readonly endpoints: boolean; readonly members: boolean }>;
  subscriptions(sql: Sql, programs: readonly string[]): Promise<readonly Subscription[]>;
  /** `false` when the program has `limit` endpoints already. */
  create(sql: Sql, endpoint: Endpoint, limit: number): Promise<boolean>;
  list(sql: Sql, program: string): Promise<readonly Endpoint[]>;
  find(sql: Sql, program: string, id: string): Promise<Endpoint | undefined>;
  setStatus(sql: Sql, id: string, status: EndpointStatus, reason: string | undefined): Promise<void>;
  setSecrets(sql: Sql, id: string, secrets: Secrets<Uint8Array>): Promise<void>;
  /** Enabled ones with a lane that is due. */
  due(sql: Sql, now: number, limit: number): Promise<readonly Endpoint[]>;
}

export interface DeliveryTable<Sql> {
  /** Queues what is not known yet and opens its lanes; answers how many are new. */
  queue(sql: Sql, deliveries: readonly NewDelivery[], now: number): Promise<number>;
  list(
    sql: Sql,
    endpoint: string,
    page: { readonly before: number | undefined; readonly state: DeliveryState | undefined; readonly limit: number },
  ): Promise<readonly Delivery[]>;
  /** One of them with the body that is sent. */
  find(sql: Sql, endpoint: string, event: string): Promise<(Delivery & { readonly body: string }) | undefined>;
  /** Makes them pending again, inside a transaction; answers how many. Without events: the oldest dead ones. */
  resend(
    sql: Sql,
    endpoint: string,
    events: readonly string[] | undefined,
    limit: number,
    now: number,
  ): Promise<number>;
  /** Makes all that are behind the place pending again, the oldest first, inside a transaction. */
  replay(sql: Sql, endpoint: string, from: ReplayFrom, limit: number, now: number): Promise<Replayed>;
  /** Drops the bodies of dead ones of an erased member. What is pending goes out in its order, and loses its body then. */
  erase(sql: Sql, member: MemberKey): Promise<void>;
  /** Ends what would still tell an erased member something in its words. */
  silence(sql: Sql, member: MemberKey): Promise<void>;
  /** Forgets delivered ones from before the instant, at most `limit`; answers how many. */
  forget(sql: Sql, before: number, limit: number): Promise<number>;
}

export type InTransaction<Sql> = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;

/** Sends one webhook; an answer is a result, and so is none. Never throws for what the receiver does. */
export type Send = (endpoint: Endpoint, delivery: HeadDelivery) => Promise<AttemptResult>;

/** Keeps secrets readable only with a key that is not in the database. `owner` binds a secret to its endpoint. */
export interface SecretBox {
  seal(secret: Uint8Array, owner: string): Uint8Array;
  /** Throws when the key is another one or the bytes were changed. */
  open(sealed: Uint8Array, owner: string): Uint8Array;
}
