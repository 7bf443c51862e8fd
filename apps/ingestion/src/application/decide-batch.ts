import {
  ACTIVITY_RECORDED,
  decideActivity,
  decideOrder,
  inactive,
  MAX_NOTICES,
  ORDER_RECORDED,
  type OrderCommand,
  type Standing,
} from '@jifen/activity';
import type { ActivityRecorded, OrderRecorded, Problem } from '@jifen/contracts';
import { ConcurrencyError, type EventMeta } from '@jifen/event-store';
import { accept, canonicalJson, memberKey, present, refuse, unreachable, type Outcome } from '@jifen/kernel';
import type { WaitingRefund } from './ports.ts';
import type { Prepared } from './prepare.ts';
import type { Streams } from './streams.ts';
import type { Receipt } from './submission.ts';

type Settled = Exclude<Receipt, { outcome: 'rejected' }>;
type OrderPrepared = Extract<Prepared, { kind: 'order' }>;
type RefundPrepared = Extract<Prepared, { kind: 'order-refund' }>;
type ActivityPrepared = Extract<Prepared, { kind: 'activity' }>;

interface Target {
  readonly stream: string;
  /** Where a new stream begins. */
  readonly partition: number | undefined;
  readonly occurredAt: string;
  readonly meta: EventMeta;
}

/** A notice that waited and does not fit the order that came. */
export interface Misfit {
  readonly waiting: WaitingRefund;
  readonly problem: Problem;
}

export interface BatchState {
  readonly streams: Streams;
  /** Partitions whose rows are held. */
  readonly held: ReadonlySet<number>;
  readonly waiting: readonly WaitingRefund[];
  /** Of members, by `program/member`, who are not active. */
  readonly standings: ReadonlyMap<string, Standing>;
}

/** Decides the records of one flush one after the other, each on the state that the ones before it left. */
export class DecideBatch {
  readonly added: WaitingRefund[] = [];
  readonly merged: WaitingRefund[] = [];
  readonly misfits: Misfit[] = [];
  readonly #streams: Streams;
  readonly #held: ReadonlySet<number>;
  readonly #standings: ReadonlyMap<string, Standing>;
  readonly #waiting = new Map<string, WaitingRefund[]>();

  constructor({ streams, held, waiting, standings }: BatchState) {
    this.#streams = streams;
    this.#held = held;
    this.#standings = standings;
    for (const refund of waiting) this.#waitingOf(refund.stream).push(refund);
  }

  decide(prepared: Prepared, meta: EventMeta): Outcome<Settled, Problem> {
    switch (prepared.kind) {
      case 'order':
        return this.#order(prepared, meta);
      case 'order-refund':
        return this.#refund(prepared, meta);
      case 'activity':
        return this.#activity(prepared, meta);
      default:
        return unreachable(prepared);
    }
  }

  #order({ program, member, partition, stream, order }: OrderPrepared, meta: EventMeta): Outcome<Settled, Problem> {
    const refused = this.#refused(program, member, stream);
    if (refused !== undefined) return refuse(refused);
    const at = { stream, partition, occurredAt: order.occurredAt, meta };
    const answer = this.#command(at, { type: 'snapshot', program, member, order });
    if (!answer.ok || answer.value.outcome !== 'accepted') return answer;
    this.#mergeWaiting(stream, meta);
    // Notices that waited stand behind the order: whoever waits for its place sees them too.
    return accept({ outcome: 'accepted', place: present(this.#streams.get(stream).place, `place of ${stream}`) });
  }

  #refund({ program, source, stream, partition, notice }: RefundPrepared, meta: EventMeta): Outcome<Settled, Problem> {
    const waiting = this.#waitingOf(stream);
    const known = waiting.find((other) => other.notice.refundId === notice.refundId);
    if (known !== undefined) {
      if (canonicalJson(known.notice) === canonicalJson(notice)) return accept({ outcome: 'waiting' });
      return refuse({ code: 'content_conflict', detail: `refund ${notice.refundId} is known with other content` });
    }
    if (waiting.length >= MAX_NOTICES) {
      return refuse({ code: 'invalid_request', detail: `${MAX_NOTICES} refund notices wait for this order already` });
    }
    const at = { stream, partition, occurredAt: notice.occurredAt, meta };
    const answer = this.#command(at, { type: 'refund', notice });
    if (answer.ok && answer.value.outcome === 'waiting') {
      const added = { program, stream, source, notice };
      waiting.push(added);
      this.added.push(added);
    }
    return answer;
  }

  #activity(
    { program, member, stream, activity, partition }: ActivityPrepared,
    meta: EventMeta,
  ): Outcome<Settled, Problem> {
    const refused = this.#refused(program, member, stream);
    if (refused !== undefined) return refuse(refused);
    const known = this.#streams.get<ActivityRecorded>(stream);
    const decision = decideActivity(known.state, { program, member, ...activity });
    if (!decision.ok) return decision;
    if (decision.value.outcome === 'duplicate') {
      return accept({ outcome: 'duplicate', place: present(known.place, `place of ${stream}`) });
    }
    const key = memberKey(program, member);
    const event = { stream, key, type: ACTIVITY_RECORDED, partition, occurredAt: activity.occurredAt, meta };
    return accept({ outcome: 'accepted', place: this.#streams.append(event, decision.value.event) });
  }

  /** Who takes no part does nothing new. What is known goes on: returns are taken back, and what came twice is told as such. */
  #refused(program: string, member: string, stream: string): Problem | undefined {
    const standing = this.#standings.get(memberKey(program, member));
    return standing === undefined || this.#streams.get(stream).version > 0 ? undefined : inactive(standing);
  }

  #command({ stream, partition, occurredAt, meta }: Target, command: OrderCommand): Outcome<Settled, Problem> {
    const known = this.#streams.get<OrderRecorded>(stream);
    const decision = decideOrder(known.state, command);
    if (!decision.ok) return decision;
    switch (decision.value.outcome) {
      case 'waiting':
        return accept({ outcome: 'waiting' });
      case 'duplicate':
      case 'stale':
        return accept({ outcome: decision.value.outcome, place: present(known.place, `place of ${stream}`) });
      case 'recorded': {
        const { event } = decision.value;
        const home = known.place?.partition ?? partition;
        // The order came between looking for it and locking its row: look again.
        if (home === undefined || !this.#held.has(home)) throw new ConcurrencyError(`the row of ${stream} is not held`);
        const key = memberKey(event.program, event.member);
        const recorded = { stream, key, type: ORDER_RECORDED, partition: home, occurredAt, meta };
        const place = this.#streams.append(recorded, event);
        return accept({ outcome: 'accepted', place });
      }
      default:
        return unreachable(decision.value);
    }
  }

  #mergeWaiting(stream: string, meta: EventMeta): void {
    for (const waiting of this.#waitingOf(stream).splice(0)) {
      const { notice } = waiting;
      const at = { stream, partition: undefined, occurredAt: notice.occurredAt, meta };
      const answer = this.#command(at, { type: 'refund', notice });
      if (!answer.ok) this.misfits.push({ waiting, problem: answer.refusal });
      const fresh = this.added.indexOf(waiting);
      if (fresh === -1) this.merged.push(waiting);
      else this.added.splice(fresh, 1);
    }
  }

  #waitingOf(stream: string): WaitingRefund[] {
    const known = this.#waiting.get(stream);
    if (known !== undefined) return known;
    const list: WaitingRefund[] = [];
    this.#waiting.set(stream, list);
    return list;
  }
}
