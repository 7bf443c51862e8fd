import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, LeasePlace } from '@jifen/event-store-postgres';
import { acquireLeases, listLeases, releaseLeases, renewLeases } from '@jifen/event-store-postgres';
import type { Membership } from '@jifen/messaging';
import type { Pool } from 'pg';
import { choose, fairShare } from './group-share.ts';

export interface LeaseMembershipOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly group: string;
  readonly holder: string;
  readonly partitions: number;
  /** A member that is not heard of for so long has lost its partitions. */
  readonly leaseMillis: number;
  /** A member whose consumer does not come back from a batch for so long stops renewing: it is stuck, others go on. */
  readonly handleLimitMillis: number;
  readonly onError: (error: Error) => void;
}

/** Beats of a lease's life: two may fail before it runs out. */
const BEATS_PER_LEASE = 3;
/** While partitions are still to come: others are just letting them go, or their leases are running out. */
const HUNGRY_BEATS_PER_LEASE = 30;
/** Tries to find a free place among the members before the next beat. */
const SLOT_TRIES = 3;

/** Joins the group; resolves when the member knows what is its own. */
export async function joinGroup(options: LeaseMembershipOptions): Promise<Membership> {
  const membership = new LeaseMembership(options);
  await membership.refresh();
  membership.start();
  return membership;
}

/**
 * A member holds two kinds of leases: a numbered place among the members, which says that it lives and what its rank is,
 * and its partitions, a fair share of them. More members than partitions find no place and wait for one.
 */
class LeaseMembership implements Membership {
  readonly #options: LeaseMembershipOptions;
  readonly #members: LeasePlace;
  readonly #group: LeasePlace;
  readonly #listeners = new Set<() => void>();
  readonly #left = new AbortController();
  #slot: Lease | undefined;
  #mine = new Map<number, Lease>();
  /** Ours still, but to be given back as soon as the runner lets go. */
  #surplus = new Set<number>();
  #validUntil = 0;
  #hungry = false;
  #lastSeen = performance.now();
  #beats: Promise<void> = Promise.resolve();
  #beating: Promise<void> = Promise.resolve();

  constructor(options: LeaseMembershipOptions) {
    this.#options = options;
    this.#members = { schema: options.schema, name: `members:${options.group}` };
    this.#group = { schema: options.schema, name: `group:${options.group}` };
  }

  start(): void {
    this.#beating = this.#keepBeating();
  }

  /** Asked before each batch: a sign that the consumer moves. */
  held(): readonly number[] {
    this.#lastSeen = performance.now();
    return this.#current();
  }

  #current(): readonly number[] {
    if (performance.now() >= this.#validUntil) return [];
    return [...this.#mine.keys()].filter((partition) => !this.#surplus.has(partition)).sort((a, b) => a - b);
  }

  async released(partitions: readonly number[]): Promise<void> {
    for (const partition of partitions) {
      this.#mine.delete(partition);
      this.#surplus.delete(partition);
    }
    await releaseLeases(this.#options.pool, this.#group, { holder: this.#options.holder, partitions });
  }

  refresh(): Promise<void> {
    this.#lastSeen = performance.now();
    return this.#beatInTurn();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Leases that cannot be given back run out by themselves. */
  async leave(): Promise<void> {
    this.#left.abort();
    await this.#beating;
    const { pool, holder, onError } = this.#options;
    const partitions = [...this.#mine.keys()];
    const slots = this.#slot === undefined ? [] : [this.#slot.partition];
    this.#mine.clear();
    try {
      await releaseLeases(pool, this.#group, { holder, partitions });
      await releaseLeases(pool, this.#members, { holder, partitions: slots });
    } catch (error) {
      onError(asError(error));
    }
  }

  async #keepBeating(): Promise<void> {
    const { signal } = this.#left;
    const { leaseMillis } = this.#options;
    while (!signal.aborted) {
      await sleep(leaseMillis / (this.#hungry ? HUNGRY_BEATS_PER_LEASE : BEATS_PER_LEASE), undefined, { signal }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      if (performance.now() - this.#lastSeen > this.#options.handleLimitMillis) continue;
      await this.#beatInTurn().catch((error: unknown) => this.#options.onError(asError(error)));
    }
  }

  /** One beat at a time; a failed one does not keep the next from trying. */
  #beatInTurn(): Promise<void> {
    const beat = this.#beats.then(() => this.#beat());
    this.#beats = beat.catch(() => undefined);
    return beat;
  }

  async #beat(): Promise<void> {
    const before = this.#current().join();
    const began = performance.now();
    await this.#renew();
    this.#validUntil = began + this.#options.leaseMillis;
    const { pool, partitions } = this.#options;
    const living = (await listLeases(pool, this.#members)).filter((lease) => lease.remainingMillis > 0);
    const rank = living.findIndex(({ partition }) => partition === this.#slot?.partition);
    const share = rank < 0 ? 0 : fairShare(partitions, living.length, rank);
    const kept = [...this.#mine.keys()].sort((a, b) => a - b);
    this.#surplus = new Set(kept.slice(share));
    if (kept.length < share) await this.#takeFree(share - kept.length, rank, living.length);
    this.#hungry = this.#mine.size < share;
    if (this.#current().join() !== before) for (const listener of this.#listeners) listener();
  }

  async #renew(): Promise<void> {
    const { pool, holder, leaseMillis: ttlMillis } = this.#options;
    const leases = [...this.#mine.values()];
    const renewed = leases.length === 0 ? [] : await renewLeases(pool, this.#group, { holder, leases, ttlMillis });
    const still = new Map(renewed.map((lease) => [lease.partition, lease]));
    // Those given back while the renewal was under way stay given back.
    for (const { partition } of leases) {
      const lease = still.get(partition);
      if (lease === undefined) this.#mine.delete(partition);
      else if (this.#mine.has(partition)) this.#mine.set(partition, lease);
    }
    const slots = this.#slot === undefined ? [] : [this.#slot];
    if (slots.length > 0) [this.#slot] = await renewLeases(pool, this.#members, { holder, leases: slots, ttlMillis });
    if (this.#slot === undefined) this.#slot = await this.#takeSlot();
  }

  async #takeSlot(): Promise<Lease | undefined> {
    const { pool, holder, partitions, leaseMillis: ttlMillis } = this.#options;
    for (let tries = 0; tries < SLOT_TRIES; tries++) {
      const taken = new Set(living(await listLeases(pool, this.#members)));
      const slot = [...Array(partitions).keys()].find((place) => !taken.has(place));
      if (slot === undefined) return undefined;
      const [lease] = await acquireLeases(pool, this.#members, { holder, partitions: [slot], ttlMillis });
      if (lease !== undefined) return lease;
    }
    return undefined;
  }

  async #takeFree(count: number, rank: number, members: number): Promise<void> {
    const { pool, holder, partitions, leaseMillis: ttlMillis } = this.#options;
    const taken = new Set(living(await listLeases(pool, this.#group)));
    const free = [...Array(partitions).keys()].filter((partition) => !taken.has(partition));
    const wanted = choose(free, count, rank, members);
    const leases = await acquireLeases(pool, this.#group, { holder, partitions: wanted, ttlMillis });
    for (const lease of leases) this.#mine.set(lease.partition, lease);
  }
}

const living = (leases: readonly Lease[]): readonly number[] =>
  leases.filter(({ remainingMillis }) => remainingMillis > 0).map(({ partition }) => partition);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
