import { DEFAULT_SCHEDULE, type RetrySchedule } from '@jifen/notifications';
import type { MailConfig } from './channels/email.ts';
import type { DeliveryLimits } from '../application/deliver.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface WebhookConfig {
  readonly secretKey: string | undefined;
  readonly allowPrivate: boolean;
  readonly schedule: RetrySchedule;
  readonly timeoutMs: number;
  readonly pollMs: number;
  readonly retentionMs: number;
  readonly limits: DeliveryLimits;
  readonly messages: MessageConfig;
}

/** Of messages to members. */
export interface MessageConfig {
  readonly schedule: RetrySchedule;
  readonly retentionMs: number;
  /** Absent when no e-mail is sent. */
  readonly mail: MailConfig | undefined;
}

const MAX_RETRIES = 20;
const DAY_MS = 86_400_000;
const MAX_DELAY_SECONDS = 30 * 86_400;
/** Beyond the attempt itself, for the statements around it. */
const LEASE_SLACK_MS = 10_000;

/** Throws with the name of the variable that is wrong. */
export function webhookConfig(environment: Environment): WebhookConfig {
  const given = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = Number(given(name) ?? fallback);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new Error(`${name} must be an integer from ${min} to ${max}, not '${given(name)}'`);
    return value;
  };
  const timeoutMs = integer('JIFEN_WEBHOOK_TIMEOUT_MS', 10_000, 50, 60_000);
  return {
    secretKey: given('JIFEN_SECRET_KEY'),
    allowPrivate: given('JIFEN_WEBHOOK_ALLOW_PRIVATE') === '1',
    schedule: scheduleOf('JIFEN_WEBHOOK_RETRY_SECONDS', given('JIFEN_WEBHOOK_RETRY_SECONDS')),
    timeoutMs,
    pollMs: integer('JIFEN_WEBHOOK_POLL_MS', 500, 10, 60_000),
    retentionMs: integer('JIFEN_WEBHOOK_RETENTION_DAYS', 30, 1, 3_650) * DAY_MS,
    limits: {
      places: integer('JIFEN_WEBHOOK_CONCURRENCY', 64, 1, 1_000),
      placesOfEndpoint: integer('JIFEN_WEBHOOK_ENDPOINT_CONCURRENCY', 8, 1, 1_000),
      laneBurst: 20,
      leaseMs: 2 * timeoutMs + LEASE_SLACK_MS,
      endpointsOfRound: 1_000,
    },
    messages: {
      schedule: scheduleOf('JIFEN_MESSAGE_RETRY_SECONDS', given('JIFEN_MESSAGE_RETRY_SECONDS')),
      retentionMs: integer('JIFEN_MESSAGE_RETENTION_DAYS', 90, 1, 3_650) * DAY_MS,
      mail: mailOf(given('JIFEN_MAIL_URL'), given('JIFEN_MAIL_FROM')),
    },
  };
}

const MAIL_TIMEOUT_MS = 10_000;

function mailOf(url: string | undefined, from: string | undefined): MailConfig | undefined {
  if (url === undefined && from === undefined) return undefined;
  if (url === undefined || !/^(smtps?|file):\/\/./.test(url) || !URL.canParse(url))
    throw new Error('JIFEN_MAIL_URL must be smtp://…, smtps://… or file:///directory');
  if (from === undefined || !/^[^\s@]+@[^\s@]+$/.test(from))
    throw new Error('JIFEN_MAIL_FROM must be an e-mail address');
  return { url, from, timeoutMs: MAIL_TIMEOUT_MS };
}

/** `5,300,1800`: seconds to wait after the first, second, … failure; fractions are allowed. */
function scheduleOf(name: string, text: string | undefined): RetrySchedule {
  if (text === undefined) return DEFAULT_SCHEDULE;
  const seconds = text.split(',').map(Number);
  const sound = seconds.every((delay) => Number.isFinite(delay) && delay >= 0 && delay <= MAX_DELAY_SECONDS);
  if (!sound || seconds.length > MAX_RETRIES)
    throw new Error(`${name} must be up to ${MAX_RETRIES} numbers of seconds, not '${text}'`);
  return seconds.map((delay) => Math.round(delay * 1_000));
}
