import {
  afterAttempt,
  afterFailure,
  DEFAULT_PAUSE,
  HEALTHY,
  placesFor,
  type AttemptResult,
  type EndpointHealth,
  type PausePolicy,
  type RetrySchedule,
} from '@jifen/notifications';
import type { InTransaction, Lane, Lanes, Receiver, Sendable } from './ports.ts';

export interface DeliveryLimits {
  /** Attempts under way at once. */
  readonly places: number;
  /** … to one endpoint. */
  readonly placesOfEndpoint: number;
  /** Deliveries of one member sent in a row before others of the endpoint come to turn. */
  readonly laneBurst: number;
  /** How long a claim holds: longer than any attempt takes. */
  readonly leaseMs: number;
  /** Endpoints looked at in a round. */
  readonly endpointsOfRound: number;
}

export type AttemptEnd = 'delivered' | 'retry' | 'dead' | 'gone';

export interface DelivererParts<Sql, To extends Receiver, Item extends Sendable> {
  readonly sql: Sql;
  readonly inTransaction: InTransaction<Sql>;
  readonly endpoints: { due(sql: Sql, now: number, limit: number): Promise<readonly To[]> };
  readonly deliveries: Lanes<Sql, Item>;
  /** An answer is a result, and so is none. Never throws for what the receiver does. */
  readonly send: (to: To, item: Item) => Promise<AttemptResult>;
  readonly schedule: RetrySchedule;
  readonly limits: DeliveryLimits;
  readonly pause?: PausePolicy;
  readonly clock: () => number;
  /** From 0 up to 1. */
  readonly chance: () => number;
  /** A name that no other claim has. */
  readonly newClaim: () => string;
  readonly onAttempt?: (end: AttemptEnd, millis: number) => void;
  /** A lane failed for a reason of ours: its lease runs out and it is claimed again. */
  readonly onFault: (error: unknown, lane: Lane) => void;
  /** A place became free. */
  readonly onPlace?: () => void;
}

interface Seat {
  health: EndpointHealth;
  underWay: number;
  servedAt: number;
}

/**
 * Sends what is due: at most `places` at once, in order within a member's lane, and no more to an endpoint than its health
 * allows. What it remembers of endpoints is a hint; all facts are in the tables, so any number of processes may do this.
 */
export class Deliverer<Sql, To extends Receiver, Item extends Sendable> {
  readonly #parts: DelivererParts<Sql, To, Item>;
  readonly #pause: PausePolicy;
  readonly #seats = new Map<string, Seat>();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(parts: DelivererParts<Sql, To, Item>) {
    this.#parts = parts;
    this.#pause = parts.pause ?? DEFAULT_PAUSE;
  }

  get underWay(): number {
    return this.#running.size;
  }

  /** Claims what there is place for and starts sending; answers how many lanes that are. */
  async round(): Promise<number> {
    const { sql, endpoints, limits, clock } = this.#parts;
    if (this.#running.size >= limits.places) return 0;
    const due = await endpoints.due(sql, clock(), limits.endpointsOfRound);
    this.#forgetIdle(due);
    const seated = due.map((endpoint) => ({ endpoint, seat: this.#seatOf(endpoint.id) }));
    seated.sort((a, b) => a.seat.underWay - b.seat.underWay || a.seat.servedAt - b.seat.servedAt);
    let started = 0;
    for (const { endpoint, seat } of seated) started += await this.#serve(endpoint, seat);
    return started;
  }

  /** Starts nothing more and waits for what is under way; every attempt has a time limit. */
  async stop(): Promise<void> {
    this.#stopping = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #serve(endpoint: To, seat: Seat): Promise<number> {
    const { sql, deliveries, limits, clock, newClaim } = this.#parts;
    const now = clock();
    const allowed = placesFor(this.#pause, seat.health, limits.placesOfEndpoint, now) - seat.underWay;
    const places = Math.min(allowed, limits.places - this.#running.size);
    if (places <= 0 || this.#stopping) return 0;
    seat.servedAt = now;
    const claim = { endpoint: endpoint.id, claim: newClaim() };
    const lanes = await deliveries.claim(sql, claim, now, now + limits.leaseMs, places);
    for (const lane of lanes) this.#start(endpoint, seat, lane);
    return lanes.length;
  }

  #start(endpoint: To, seat: Seat, lane: Lane): void {
    seat.underWay++;
    const running = this.#work(endpoint, seat, lane)
      .catch((error: unknown) => this.#parts.onFault(error, lane))
      .finally(() => {
        seat.underWay--;
        this.#running.delete(running);
        this.#parts.onPlace?.();
      });
    this.#running.add(running);
  }

  async #work(endpoint: To, seat: Seat, lane: Lane): Promise<void> {
    const { sql, inTransaction, deliveries, limits, clock } = this.#parts;
    let next = await deliveries.head(sql, lane);
    if (next === undefined) await inTransaction((tx) => deliveries.release(tx, lane, clock()));
    for (let sent = 1; next !== undefined; sent++) {
      const goOn = sent < limits.laneBurst && !this.#stopping;
      next = await this.#attempt(endpoint, seat, lane, next, goOn);
    }
  }

  async #attempt(endpoint: To, seat: Seat, lane: Lane, delivery: Item, goOn: boolean): Promise<Item | undefined> {
    const { inTransaction, deliveries, send, schedule, limits, clock, chance, onAttempt } = this.#parts;
    const startedAt = clock();
    const result = await send(endpoint, delivery);
    const at = clock();
    const after = afterAttempt(schedule, delivery.attempts + 1, result, chance());
    // What is refused is the item's fault.
    if (after.kind === 'delivered') seat.health = HEALTHY;
    else if (result.kind !== 'refused') seat.health = afterFailure(this.#pause, seat.health, at);
    onAttempt?.(after.kind, at - startedAt);
    const leaseUntil = goOn && placesFor(this.#pause, seat.health, 1, at) > 0 ? at + limits.leaseMs : undefined;
    const attempt = { lane, item: delivery, result, after, at, millis: at - startedAt, leaseUntil };
    return inTransaction((tx) => deliveries.settle(tx, attempt));
  }

  #seatOf(id: string): Seat {
    let seat = this.#seats.get(id);
    if (seat === undefined) {
      seat = { health: HEALTHY, underWay: 0, servedAt: 0 };
      this.#seats.set(id, seat);
    }
    return seat;
  }

  /** Endpoints with nothing due are remembered only while they are unwell. */
  #forgetIdle(due: readonly To[]): void {
    const wanted = new Set(due.map(({ id }) => id));
    for (const [id, seat] of this.#seats) {
      if (!wanted.has(id) && seat.underWay === 0 && seat.health.failures === 0) this.#seats.delete(id);
    }
  }
}
