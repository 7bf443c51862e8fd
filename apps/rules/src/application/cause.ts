import type { ActivityRecorded, MemberUpdated, OrderRecorded, Origin, TierChanged } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';
import { instant, type Instant } from '@jifen/kernel';
import { orderInstant } from '@jifen/rules';
import type { RatingHead } from './make-rating.ts';
import { OWN_SOURCE, ratingStream } from './rating-stream.ts';

interface Arrived {
  /** `program/member`. */
  readonly owner: string;
  readonly partition: number;
  /** Position in the log that it came from. */
  readonly position: number;
  readonly meta: EventMeta;
}

type CauseEvent =
  | { readonly kind: 'order'; readonly event: OrderRecorded }
  | { readonly kind: 'activity'; readonly event: ActivityRecorded }
  | { readonly kind: 'member'; readonly event: MemberUpdated };

/** What is rated, and where its ratings stand. */
export type CauseItem = Arrived &
  CauseEvent & {
    readonly cause: Cause;
    /** Of what Jifen tells a member itself: a higher revision replaces a lower one, and what it comes from. */
    readonly told?: { readonly revision: number; readonly origin: Origin };
  };

export type TierItem = Arrived & { readonly kind: 'tier'; readonly event: TierChanged };

/** What the service consumes. */
export type RulesItem = CauseItem | TierItem;

export interface Cause {
  readonly stream: string;
  /** The instant by which the version of the program is found. */
  readonly pinnedAt: Instant;
  /** The instant that it counts at. */
  readonly at: Instant;
  readonly source: string;
  readonly id: string;
}

export function causeOf(owner: string, { kind, event }: CauseEvent): Cause {
  switch (kind) {
    case 'order': {
      const { source, orderId: id } = event.order;
      const stream = ratingStream(owner, source, kind, id);
      return { stream, pinnedAt: instant(event.order.placedAt), at: orderInstant(event.order), source, id };
    }
    case 'activity': {
      const { source, id } = event;
      const at = instant(event.occurredAt);
      return { stream: ratingStream(owner, source, kind, id), pinnedAt: at, at, source, id };
    }
    case 'member': {
      const at = instant(event.occurredAt);
      const stream = ratingStream(owner, OWN_SOURCE, kind, event.member);
      return { stream, pinnedAt: at, at, source: OWN_SOURCE, id: event.member };
    }
  }
}

/** `nth`: how many ratings the cause has with this one. */
export function headOf(item: CauseItem, nth: number): RatingHead {
  const own = item.kind === 'order' ? item.event.order.revision : item.kind === 'activity' ? 1 : nth;
  const { cause } = item;
  const { revision, origin } = item.told ?? {
    revision: own,
    origin: { partition: item.partition, position: item.position },
  };
  const { program, member } = item.event;
  return {
    program,
    member,
    cause: { source: cause.source, id: cause.id, revision },
    origin,
    occurredAt: cause.at,
  };
}
