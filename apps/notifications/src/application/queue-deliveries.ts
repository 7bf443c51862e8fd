import type { Transaction } from '@jifen/event-store';
import { MAX_PAYLOAD_LENGTH, payloadOf, type PayloadHead } from '@jifen/notifications';
import type { DeliveryTable, NewDelivery, Subscription } from './ports.ts';

/** An event with the endpoints that want it; `data` is its exact JSON text. */
export interface Notice {
  readonly key: string;
  readonly head: PayloadHead;
  readonly data: string;
  readonly endpoints: readonly Subscription[];
}

export interface QueueTables<Sql> {
  readonly deliveries: Pick<DeliveryTable<Sql>, 'queue'>;
}

/** A delivery for every endpoint that wants an event. Answers how many are new. */
export async function queueDeliveries<Sql>(
  tx: Pick<Transaction<Sql>, 'sql' | 'now'>,
  { deliveries }: QueueTables<Sql>,
  notices: readonly Notice[],
): Promise<number> {
  const wanted = notices.flatMap(deliveriesOf);
  return wanted.length === 0 ? 0 : deliveries.queue(tx.sql, wanted, tx.now);
}

function deliveriesOf({ key, head, data, endpoints }: Notice): readonly NewDelivery[] {
  const body = payloadOf(head, data);
  const refused = body.length > MAX_PAYLOAD_LENGTH ? { refused: `payload longer than ${MAX_PAYLOAD_LENGTH}` } : {};
  return endpoints.map(({ id }) => ({ endpoint: id, event: head.id, key, type: head.type, body, ...refused }));
}
