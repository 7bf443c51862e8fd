import { randomBytes, randomUUID } from 'node:crypto';
import { SECRET_BYTES } from '@jifen/notifications';
import {
  Nudge,
  type BackgroundTask,
  type ServiceContext,
  type ServiceDefinition,
  type ServiceParts,
} from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { faultOfUrl } from './adapters/address-guard.ts';
import { webhookConfig } from './adapters/config.ts';
import { deliveryTable } from './adapters/delivery-table.ts';
import { deliveryTask, retentionTask } from './adapters/delivery-task.ts';
import { endpointTable } from './adapters/endpoint-table.ts';
import { createEventConsumer } from './adapters/event-consumer.ts';
import { createHttpSender } from './adapters/http-sender.ts';
import { webhookMetrics } from './adapters/metrics.ts';
import { NOTIFICATION_MIGRATIONS } from './adapters/migrations.ts';
import { inTransactionOf } from './adapters/queryable.ts';
import { createSecretBox } from './adapters/secret-box.ts';
import { verifierOf } from './adapters/sign.ts';
import { WebhookController, WEBHOOKS, type Webhooks } from './adapters/webhook.controller.ts';

const ID_BYTES = 12;

@Module({})
export class NotificationsModule {}

function create(context: ServiceContext): Promise<ServiceParts> {
  const { pool, clock, logger, metrics } = context;
  const config = webhookConfig(context.environment);
  const box = config.secretKey === undefined ? undefined : createSecretBox(config.secretKey);
  if (box === undefined) logger.warn('JIFEN_SECRET_KEY is not set: webhooks can be neither created nor delivered');
  const tables = { endpoints: endpointTable, deliveries: deliveryTable };
  const inTransaction = inTransactionOf(pool);
  const nudge = new Nudge();
  const webhooks: Webhooks = {
    ...tables,
    sql: pool,
    inTransaction,
    box,
    faultOfUrl: (url) => faultOfUrl(url, config),
    clock,
    newId: () => `we_${randomBytes(ID_BYTES).toString('hex')}`,
    newSecret: () => randomBytes(SECRET_BYTES),
    verifierOf,
    nudge,
  };
  const background: BackgroundTask[] = [
    retentionTask({ ...tables, sql: pool, clock, retentionMs: config.retentionMs, nudge: new Nudge() }),
  ];
  if (box !== undefined) {
    const { send, close } = createHttpSender({
      box,
      clock,
      allowPrivate: config.allowPrivate,
      timeoutMs: config.timeoutMs,
    });
    background.push(
      deliveryTask({
        ...tables,
        sql: pool,
        inTransaction,
        send,
        schedule: config.schedule,
        limits: config.limits,
        clock,
        chance: Math.random,
        newClaim: randomUUID,
        onAttempt: webhookMetrics(metrics),
        onFault: (error, { endpoint, key }) =>
          logger.error({ err: error, endpoint, key }, 'a webhook is left until its lease ends'),
        pollMs: config.pollMs,
        nudge,
        closeConnections: close,
      }),
    );
  }
  return Promise.resolve({
    module: {
      module: NotificationsModule,
      controllers: [WebhookController],
      providers: [{ provide: WEBHOOKS, useValue: webhooks }],
    },
    consumers: [createEventConsumer({ store: context.store('notification'), tables, onQueued: () => nudge.nudge() })],
    background,
  });
}

/** Tells receivers outside: `jifen.ledger.v1` and `jifen.tier.v1` in, webhooks out. */
export const notificationsService: ServiceDefinition = {
  name: 'notifications',
  logs: ['notification'],
  migrations: NOTIFICATION_MIGRATIONS,
  create,
};
