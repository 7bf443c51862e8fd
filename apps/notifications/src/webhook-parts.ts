import { randomBytes, randomUUID } from 'node:crypto';
import { SECRET_BYTES } from '@jifen/notifications';
import type { BackgroundTask, Nudge, ServiceContext } from '@jifen/service-host';
import type { DynamicModule } from '@nestjs/common';
import { faultOfUrl } from './adapters/address-guard.ts';
import type { WebhookConfig } from './adapters/config.ts';
import { deliveryLanes } from './adapters/delivery-lanes.ts';
import type { deliveryTable } from './adapters/delivery-table.ts';
import { deliveryTask } from './adapters/delivery-task.ts';
import type { endpointTable } from './adapters/endpoint-table.ts';
import { createHttpSender } from './adapters/http-sender.ts';
import { webhookMetrics } from './adapters/metrics.ts';
import { inTransactionOf } from './adapters/queryable.ts';
import { createSecretBox } from './adapters/secret-box.ts';
import { verifierOf } from './adapters/sign.ts';
import { WebhookController, WEBHOOKS, type Webhooks } from './adapters/webhook.controller.ts';

const ID_BYTES = 12;

/** What one side of the service adds to it. */
export interface Side {
  readonly controllers: NonNullable<DynamicModule['controllers']>;
  readonly providers: NonNullable<DynamicModule['providers']>;
  readonly background: readonly BackgroundTask[];
}

export interface WebhookSide {
  readonly context: ServiceContext;
  readonly config: WebhookConfig;
  readonly tables: { readonly endpoints: typeof endpointTable; readonly deliveries: typeof deliveryTable };
  readonly nudge: Nudge;
}

/** Endpoints, and what is sent to them. */
export function webhookParts({ context, config, tables, nudge }: WebhookSide): Side {
  const { pool, clock, logger, metrics } = context;
  const box = config.secretKey === undefined ? undefined : createSecretBox(config.secretKey);
  if (box === undefined) logger.warn('JIFEN_SECRET_KEY is not set: webhooks can be neither created nor delivered');
  const inTransaction = inTransactionOf(pool);
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
  const side = { controllers: [WebhookController], providers: [{ provide: WEBHOOKS, useValue: webhooks }] };
  if (box === undefined) return { ...side, background: [] };
  const { send, close } = createHttpSender({
    box,
    clock,
    allowPrivate: config.allowPrivate,
    timeoutMs: config.timeoutMs,
  });
  const task = deliveryTask({
    name: 'deliver-webhooks',
    receivers: { due: (now, limit) => tables.endpoints.due(pool, now, limit) },
    lanes: deliveryLanes({ sql: pool, inTransaction }),
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
  });
  return { ...side, background: [task] };
}
