import { randomUUID } from 'node:crypto';
import { ledgerReadingTask } from './adapters/ledger-reading-task.ts';
import { reminderTask } from './adapters/reminder-task.ts';
import { deliveryTask, retentionTask } from './adapters/delivery-task.ts';
import { emailChannel, noEmail, type EmailChannel } from './adapters/channels/email.ts';
import { absenceOf, PREPARED_CHANNELS } from './adapters/channels/absent.ts';
import { inboxChannel } from './adapters/channels/inbox.ts';
import { logChannel } from './adapters/channels/log.ts';
import { webhookChannel } from './adapters/channels/webhook.ts';
import { INBOX, InboxController, type Inbox } from './adapters/inbox.controller.ts';
import { createRenderer } from './adapters/liquid.ts';
import { messageLanes, sendBy } from './adapters/message-lanes.ts';
import { messageTables } from './adapters/message-tables.ts';
import { messageMetrics, observeReadings } from './adapters/metrics.ts';
import { MESSAGES, MessageController, type Messages } from './adapters/message.controller.ts';
import { RECIPIENTS, RecipientController, type Recipients } from './adapters/recipient.controller.ts';
import { inTransactionOf } from './adapters/queryable.ts';
import { SETTINGS, SettingsController } from './adapters/settings.controller.ts';
import type { SettingsParts } from './application/manage-settings.ts';
import type { Channel } from './application/message-ports.ts';
import type { Queryable } from './adapters/queryable.ts';
import { Nudge } from '@jifen/service-host';
import type { Side, WebhookSide } from './webhook-parts.ts';

export interface MessageSide extends Omit<WebhookSide, 'nudge'> {
  readonly nudges: { readonly webhooks: Nudge; readonly messages: Nudge };
}

/** Messages of members at once; most of them are an inbox row, so a few places are enough. */
const PLACES = 16;
/** Lots and reminders of days that are over everywhere. */
const ENDED_LOTS_MS = 3 * 86_400_000;
const LIMITS = { places: PLACES, placesOfEndpoint: PLACES / 2, laneBurst: 20, leaseMs: 60_000, endpointsOfRound: 100 };

function channelsOf(
  { context, tables, nudges }: MessageSide,
  email: EmailChannel | undefined,
): ReadonlyMap<string, Channel> {
  const { pool, clock, logger } = context;
  const channels: readonly Channel[] = [
    inboxChannel,
    logChannel((fields, text) => logger.info(fields, text)),
    webhookChannel({ tables, inTransaction: inTransactionOf(pool), clock, onQueued: () => nudges.webhooks.nudge() }),
    email ?? noEmail,
    ...PREPARED_CHANNELS,
  ];
  return new Map(channels.map((channel) => [channel.id, channel]));
}

/** Messages to members: what is told, how, and where it can be read. */
export function messageParts(side: MessageSide): Side {
  const { pool, clock, logger, metrics } = side.context;
  const { mail } = side.config.messages;
  const email = mail === undefined ? undefined : emailChannel(mail);
  const channels = channelsOf(side, email);
  const render = createRenderer();
  const inbox: Inbox = { sql: pool, messages: messageTables.messages, clock };
  const [reading, reminding] = [new Nudge(), new Nudge()];
  const inTransaction = inTransactionOf(pool);
  const settings: SettingsParts<Queryable> = {
    ...{ sql: pool, inTransaction, settings: messageTables.settings, readings: messageTables.readings },
    render,
    absenceOf: (name) => {
      const channel = channels.get(name);
      return channel === undefined ? `there is no channel ${name}` : absenceOf(channel);
    },
    clock,
    onSaved: () => reading.nudge(),
  };
  const messages: Messages = {
    ...settings,
    ...messageTables,
    nudge: side.nudges.messages,
  };
  const recipients: Recipients = { sql: pool, recipients: messageTables.recipients, clock };
  observeReadings(metrics, pool);
  const task = deliveryTask({
    name: 'send-messages',
    receivers: {
      due: async (now) => {
        const due = await messageTables.messages.dueChannels(pool, [...channels.keys()], now);
        return due.flatMap((id) => channels.get(id) ?? []);
      },
    },
    lanes: messageLanes({ ...messageTables, sql: pool, inTransaction, channels, render, clock }),
    send: sendBy,
    schedule: side.config.messages.schedule,
    limits: LIMITS,
    clock,
    chance: Math.random,
    newClaim: randomUUID,
    onAttempt: messageMetrics(metrics),
    onFault: (error, { endpoint, key }) =>
      logger.error({ err: error, channel: endpoint, key }, 'a message is left until its lease ends'),
    pollMs: side.config.pollMs,
    nudge: side.nudges.messages,
    closeConnections: () => email?.close(),
  });
  return {
    controllers: [InboxController, MessageController, RecipientController, SettingsController],
    providers: [
      { provide: INBOX, useValue: inbox },
      { provide: MESSAGES, useValue: messages },
      { provide: RECIPIENTS, useValue: recipients },
      { provide: SETTINGS, useValue: settings },
    ],
    background: [
      task,
      ledgerReadingTask({
        ...messageTables,
        ...{ sql: pool, log: side.context.store('ledger'), store: side.context.store('notification') },
        nudge: reading,
        onRead: () => reminding.nudge(),
        onBroken: ({ partition, offset }, violations) =>
          logger.warn(
            { partition, position: offset, violations },
            'a posting breaks its schema: its points are not known',
          ),
      }),
      reminderTask({
        ...messageTables,
        ...{ sql: pool, inTransaction, clock, nudge: reminding },
        onQueued: () => side.nudges.messages.nudge(),
      }),
      retentionTask({
        name: 'forget-ended-lots',
        sql: pool,
        table: messageTables.lots,
        retentionMs: ENDED_LOTS_MS,
        clock,
      }),
    ],
  };
}
