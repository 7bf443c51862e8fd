import { Nudge, type ServiceContext, type ServiceDefinition, type ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { webhookConfig } from './adapters/config.ts';
import { deliveryTable } from './adapters/delivery-table.ts';
import { retentionTask } from './adapters/delivery-task.ts';
import { endpointTable } from './adapters/endpoint-table.ts';
import { createEventConsumer } from './adapters/event-consumer.ts';
import { messageTable } from './adapters/message-table.ts';
import { messageTables } from './adapters/message-tables.ts';
import { NOTIFICATION_MIGRATIONS } from './adapters/migrations.ts';
import answers from './answers.json' with { type: 'json' };
import { messageParts } from './message-parts.ts';
import { webhookParts } from './webhook-parts.ts';

@Module({})
export class NotificationsModule {}

function create(context: ServiceContext): Promise<ServiceParts> {
  const { pool, clock } = context;
  const config = webhookConfig(context.environment);
  const tables = { endpoints: endpointTable, deliveries: deliveryTable };
  const nudges = { webhooks: new Nudge(), messages: new Nudge() };
  const webhooks = webhookParts({ context, config, tables, nudge: nudges.webhooks });
  const messages = messageParts({ context, config, tables, nudges });
  const consumer = createEventConsumer({
    store: context.store('notification'),
    tables,
    messageTables,
    rememberedMs: { messages: config.messages.retentionMs, deliveries: config.retentionMs },
    onQueued: () => {
      nudges.webhooks.nudge();
      nudges.messages.nudge();
    },
  });
  const retention = { sql: pool, clock };
  return Promise.resolve({
    module: {
      module: NotificationsModule,
      controllers: [...webhooks.controllers, ...messages.controllers],
      providers: [...webhooks.providers, ...messages.providers],
    },
    consumers: [consumer],
    background: [
      retentionTask({
        ...retention,
        name: 'forget-delivered-webhooks',
        table: deliveryTable,
        retentionMs: config.retentionMs,
      }),
      retentionTask({
        ...retention,
        name: 'forget-messages',
        table: messageTable,
        retentionMs: config.messages.retentionMs,
      }),
      ...webhooks.background,
      ...messages.background,
    ],
  });
}

/** Tells the world: `jifen.ledger.v1`, `jifen.tier.v1`, `jifen.program.v1` and `jifen.member.v1` in, webhooks and messages to members out. */
export const notificationsService: ServiceDefinition = {
  name: 'notifications',
  logs: ['notification'],
  migrations: NOTIFICATION_MIGRATIONS,
  answers,
  create,
};
