import type { Transaction } from '@jifen/event-store';
import { MAX_PAYLOAD_LENGTH, payloadOf, wants, type PayloadHead } from '@jifen/notifications';
import type { DeliveryTable, EndpointTable, NewDelivery, Subscription } from './ports.ts';

/** An event that endpoints may want; `data` is its exact JSON text. */
export interface Notice {
  readonly key: string;
  readonly head: PayloadHead;
  readonly data: string;
  /** Nobody is told: opening balances of another system are no news (Q33). */
  readonly silent?: boolean;
}

export interface QueueTables<Sql> {
  readonly endpoints: Pick<EndpointTable<Sql>, 'subscriptions'>;
  readonly deliveries: Pick<DeliveryTable<Sql>, 'queue'>;
}

/** A delivery for every endpoint that wants the event; without endpoints one cheap question. Answers how many are new. */
export async function queueDeliveries<Sql>(
  tx: Transaction<Sql>,
  { endpoints, deliveries }: QueueTables<Sql>,
  notices: readonly Notice[],
): Promise<number> {
  const news = notices.filter(({ silent }) => silent !== true);
  if (news.length === 0) return 0;
  const programs = [...new Set(news.map(({ head }) => head.program))];
  const subscriptions = await endpoints.subscriptions(tx.sql, programs);
  if (subscriptions.length === 0) return 0;
  const wanted = news.flatMap((notice) => deliveriesOf(notice, subscriptions));
  return wanted.length === 0 ? 0 : deliveries.queue(tx.sql, wanted, tx.now);
}

function deliveriesOf({ key, head, data }: Notice, subscriptions: readonly Subscription[]): readonly NewDelivery[] {
  const wanting = subscriptions.filter(({ program, events }) => program === head.program && wants(events, head.type));
  if (wanting.length === 0) return [];
  const body = payloadOf(head, data);
  const refused = body.length > MAX_PAYLOAD_LENGTH ? { refused: `payload longer than ${MAX_PAYLOAD_LENGTH}` } : {};
  return wanting.map(({ id }) => ({ endpoint: id, event: head.id, key, type: head.type, body, ...refused }));
}
