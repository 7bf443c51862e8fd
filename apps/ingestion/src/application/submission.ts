import type { CheckedActivity, RefundNotice } from '@jifen/activity';
import type { Problem, RecordedOrder } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';

export const RECORD_KINDS = ['order', 'order-refund', 'activity'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

export type Via = 'http' | 'kafka' | 'redrive';

/** One record as it came, through whichever door. */
export interface Submission {
  readonly kind: RecordKind;
  /** The key's program at the HTTP doors; a record from the bus names its own. */
  readonly program?: string;
  /** JSON text, or bytes that are perhaps none. */
  readonly body: string | Uint8Array;
  readonly via: Via;
  readonly meta: EventMeta;
}

export interface Identity {
  readonly namespace: string;
  readonly value: string;
}

interface DraftOf<Kind extends RecordKind> {
  readonly kind: Kind;
  readonly program: string;
  readonly stream: string;
}

export interface OrderDraft extends DraftOf<'order'> {
  readonly who: string | Identity;
  readonly order: RecordedOrder;
}

export interface RefundDraft extends DraftOf<'order-refund'> {
  readonly source: string;
  readonly notice: RefundNotice;
}

export interface ActivityDraft extends DraftOf<'activity'> {
  readonly who: string | Identity;
  readonly activity: CheckedActivity;
}

/** A record that is valid by itself. */
export type Draft = OrderDraft | RefundDraft | ActivityDraft;

export interface Place {
  readonly partition: number;
  readonly position: number;
}

/** What became of a record. `place` is where its state stands in the activity log. */
export type Receipt =
  | { readonly outcome: 'accepted' | 'duplicate' | 'stale'; readonly place: Place }
  /** A refund notice whose order is not known yet; kept until it is. */
  | { readonly outcome: 'waiting' }
  /** Kept with its bytes under `id`. */
  | { readonly outcome: 'rejected'; readonly problem: Problem; readonly id: string };
