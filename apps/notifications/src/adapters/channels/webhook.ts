import { memberKey } from '@jifen/kernel';
import { payloadOf, wants } from '@jifen/notifications';
import type { Channel } from '../../application/message-ports.ts';
import type { DeliveryTable, EndpointTable, InTransaction, NewDelivery } from '../../application/ports.ts';
import type { Queryable } from '../queryable.ts';

export interface WebhookChannelParts {
  readonly tables: {
    readonly endpoints: Pick<EndpointTable<Queryable>, 'subscriptions'>;
    readonly deliveries: Pick<DeliveryTable<Queryable>, 'queue'>;
  };
  readonly inTransaction: InTransaction<Queryable>;
  readonly clock: () => number;
  /** A delivery is waiting. */
  readonly onQueued: () => void;
}

/** Hands the finished message to the endpoints that want `notification.<trigger>`: for a push service of the operator's own. */
export const webhookChannel = ({ tables, inTransaction, clock, onQueued }: WebhookChannelParts): Channel => ({
  id: 'webhook',
  abilities: { name: 'webhook', automatic: true, needsStaffConfirmation: false, interrupts: true },
  send: async ({ id, program, member, trigger, occurredAt, content }) => {
    const { title, body, link: deepLink, language } = content;
    const event = `message-${id}`;
    const type = `notification.${trigger}`;
    const head = { id: event, type, time: occurredAt, program, member };
    const payload = payloadOf(head, JSON.stringify({ title, body, deepLink, language }));
    const queued = await inTransaction(async (sql) => {
      const endpoints = await tables.endpoints.subscriptions(sql, [program]);
      const wanting = endpoints.filter(({ events }) => wants(events, type));
      const key = memberKey(program, member);
      const deliveries: readonly NewDelivery[] = wanting.map((each) => ({
        ...{ endpoint: each.id, event, key, type, body: payload },
      }));
      if (deliveries.length > 0) await tables.deliveries.queue(sql, deliveries, clock());
      return deliveries.length;
    });
    if (queued === 0) return { kind: 'refused', error: `no webhook of the program wants ${type}` };
    onQueued();
    return { kind: 'answered', status: 202 };
  },
});
