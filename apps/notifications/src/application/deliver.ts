import { present } from '@jifen/kernel';
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
import type { Claimed, Lane, Lanes, Receiver, Sendable, Wanted } from './ports.ts';

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

export interface DelivererParts<To extends Receiver, Item extends Sendable> {
  readonly receivers: { due(now: number, limit: number): Promise<readonly To[]> };
  readonly lanes: Lanes<Item>;
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
export class Deliverer<To extends Receiver, Item extends Sendable> {
  readonly #parts: DelivererParts<To, Item>;
  readonly #pause: PausePolicy;
  readonly #seats = new Map<string, Seat>();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;

  constructor(parts: DelivererParts<To, Item>) {
    this.#parts = parts;
    this.#pause = parts.pause ?? DEFAULT_PAUSE;
  }

  get underWay(): number {
    return this.#running.size;
  }

  /** Claims what there is place for and starts sending; answers how many lanes that are. */
  async round(): Promise<number> {
    const { receivers, lanes, limits, clock, newClaim } = this.#parts;
    const free = limits.places - this.#running.size;
    if (free <= 0 || this.#stopping) return 0;
    const now = clock();
    const due = await receivers.due(now, limits.endpointsOfRound);
    this.#forgetIdle(due);
    const seated = new Map(due.map((to) => [to.id, { to, seat: this.#seatOf(to.id) }]));
    const wanted = this.#wanted([...seated.values()], free, now);
    if (wanted.length === 0) return 0;
    const claimed = await lanes.claim({ wanted, name: newClaim(), now, until: now + limits.leaseMs, limit: free });
    for (const each of claimed) {
      const { to, seat } = present(seated.get(each.lane.endpoint), 'the receiver of a claimed lane');
      this.#start(to, seat, each);
    }
    return claimed.length;
  }

  /** Starts nothing more and waits for what is under way; every attempt has a time limit. */
  async stop(): Promise<void> {
    this.#stopping = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** The receiver with the least under way first, an equal share of the free places for each, as its health allows. */
  #wanted(seated: readonly { readonly to: To; readonly seat: Seat }[], free: number, now: number): readonly Wanted[] {
    const { placesOfEndpoint } = this.#parts.limits;
    const open = seated.flatMap(({ to, seat }) => {
      const allowed = placesFor(this.#pause, seat.health, placesOfEndpoint, now) - seat.underWay;
      return allowed > 0 ? [{ to, seat, allowed }] : [];
    });
    open.sort((a, b) => a.seat.underWay - b.seat.underWay || a.seat.servedAt - b.seat.servedAt);
    const share = Math.ceil(free / Math.max(1, open.length));
    return open.slice(0, free).map(({ to, seat, allowed }) => {
      seat.servedAt = now;
      return { endpoint: to.id, places: Math.min(allowed, share) };
    });
  }

  #start(to: To, seat: Seat, claimed: Claimed<Item>): void {
    seat.underWay++;
    const running = this.#work(to, seat, claimed)
      .catch((error: unknown) => this.#parts.onFault(error, claimed.lane))
      .finally(() => {
        seat.underWay--;
        this.#running.delete(running);
        this.#parts.onPlace?.();
      });
    this.#running.add(running);
  }

  async #work(to: To, seat: Seat, { lane, head }: Claimed<Item>): Promise<void> {
    const { lanes, limits, clock } = this.#parts;
    let next = await head();
    if (next === undefined) await lanes.release(lane, clock());
    for (let sent = 1; next !== undefined; sent++) {
      const goOn = sent < limits.laneBurst && !this.#stopping;
      next = await this.#attempt(to, seat, lane, next, goOn);
    }
  }

  async #attempt(to: To, seat: Seat, lane: Lane, delivery: Item, goOn: boolean): Promise<Item | undefined> {
    const { lanes, send, schedule, limits, clock, chance, onAttempt } = this.#parts;
    const startedAt = clock();
    const result = await send(to, delivery);
    const at = clock();
    const after = afterAttempt(schedule, delivery.attempts + 1, result, chance());
    // What is refused is the item's fault.
    if (after.kind === 'delivered') seat.health = HEALTHY;
    else if (result.kind !== 'refused') seat.health = afterFailure(this.#pause, seat.health, at);
    onAttempt?.(after.kind, at - startedAt);
    const leaseUntil = goOn && placesFor(this.#pause, seat.health, 1, at) > 0 ? at + limits.leaseMs : undefined;
    const attempt = { lane, item: delivery, result, after, at, millis: at - startedAt, leaseUntil };
    return lanes.settle(attempt);
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
