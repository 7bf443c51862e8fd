export type { components, operations, paths } from './api.ts';
export { createClient, NoAnswerError, type Client, type ClientOptions } from './client.ts';
export type * from './events/index.ts';
export type { RetryOptions } from './retry.ts';
export type { AnswerOf, CallOptions, Problem, Result, Schemas } from './types.ts';
export {
  verifyWebhook,
  type Verification,
  type VerifyOptions,
  type WebhookEvent,
  type WebhookFault,
  type WebhookHeaders,
  type WebhookOf,
} from './webhook.ts';
