import type { ActivityRecorded, MemberUpdated, OrderRecorded, TierChanged } from '@jifen/contracts';
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

/** What the service consumes. */
export type RulesItem = Arrived &
  (
    | { readonly kind: 'order'; readonly event: OrderRecorded }
    | { readonly kind: 'activity'; readonly event: ActivityRecorded }
    | { readonly kind: 'member'; readonly event: MemberUpdated }
    | { readonly kind: 'tier'; readonly event: TierChanged }
  );

/** What is rated. */
export type CauseItem = Exclude<RulesItem, { kind: 'tier' }>;

export interface Cause {
  readonly stream: string;
  /** The instant by which the version of the program is found. */
  readonly pinnedAt: Instant;
  /** The instant that it counts at. */
  readonly at: Instant;
  readonly source: string;
  readonly id: string;
}

export function causeOf(item: CauseItem): Cause {
  const { owner, kind, event } = item;
  switch (kind) {
    case 'order': {
      const { source, orderId: id, placedAt } = event.order;
      const stream = ratingStream(owner, source, kind, id);
      return { stream, pinnedAt: instant(placedAt), at: orderInstant(event.order), source, id };
    }
    case 'activity': {
      const at = instant(event.occurredAt);
      return {
        stream: ratingStream(owner, event.source, kind, event.id),
        pinnedAt: at,
        at,
        source: event.source,
        id: event.id,
      };
    }
    case 'member': {
      const at = instant(event.occurredAt);
      return {
        stream: ratingStream(owner, OWN_SOURCE, kind, event.member),
        pinnedAt: at,
        at,
        source: OWN_SOURCE,
        id: event.member,
      };
    }
  }
}

/** `nth`: how many ratings the cause has with this one. */
export function headOf(item: CauseItem, cause: Cause, nth: number): RatingHead {
  const revision = item.kind === 'order' ? item.event.order.revision : item.kind === 'activity' ? 1 : nth;
  const { program, member } = item.event;
  return {
    program,
    member,
    cause: { source: cause.source, id: cause.id, revision },
    origin: { partition: item.partition, position: item.position },
    occurredAt: cause.at,
  };
}
