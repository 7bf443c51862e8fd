import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { instantFromMillis } from '@jifen/kernel';
import {
  retryAfterMillis,
  secretsInForce,
  signedContent,
  webhookHeaders,
  type AttemptResult,
} from '@jifen/notifications';
import type { Endpoint, HeadDelivery, SecretBox, Send } from '../application/ports.ts';
import { faultOfUrl, guardedLookup, type GuardOptions } from './address-guard.ts';
import { signatureOf } from './sign.ts';

/** More of an answer is not even taken in. */
const MAX_ANSWER_BYTES = 16_384;
/** Of an answer, kept for whoever looks at the delivery. */
const MAX_KEPT_ANSWER = 1_024;
const MAX_ERROR_LENGTH = 200;
const KEEP_ALIVE_MS = 15_000;
const MAX_IDLE_SOCKETS = 64;

export interface SenderOptions extends GuardOptions {
  readonly box: SecretBox;
  /** For the whole attempt: name, connection, answer. */
  readonly timeoutMs: number;
  readonly clock: () => number;
}

export interface HttpSender {
  readonly send: Send;
  close(): void;
}

/** Standard Webhooks over HTTP/1.1. Redirects are not followed: where they lead was not agreed on. */
export function createHttpSender(options: SenderOptions): HttpSender {
  const agentOptions = { keepAlive: true, timeout: KEEP_ALIVE_MS, maxFreeSockets: MAX_IDLE_SOCKETS };
  const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };
  return {
    send: async (endpoint, delivery) => {
      try {
        return await post(endpoint, delivery, options, agents).catch((error: unknown) => {
          if (error instanceof StaleConnectionError) return post(endpoint, delivery, options, agents);
          throw error;
        });
      } catch (error) {
        return { kind: 'failed', error: reasonOf(error, options.timeoutMs) };
      }
    },
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

/** The receiver had closed the idle connection while we were taking it up: no answer of its own, so try once more at once. */
class StaleConnectionError extends Error {
  override readonly name = 'StaleConnectionError';
}

function signatures(endpoint: Endpoint, content: string, now: number, box: SecretBox): readonly string[] {
  return secretsInForce(endpoint.secrets, instantFromMillis(now)).map((sealed) =>
    signatureOf(endpoint.scheme, box.open(sealed, endpoint.id), content),
  );
}

function post(
  endpoint: Endpoint,
  { event, body, replay }: HeadDelivery,
  options: SenderOptions,
  agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent },
): Promise<AttemptResult> {
  const { box, clock, timeoutMs, allowPrivate } = options;
  const fault = faultOfUrl(endpoint.url, options);
  if (fault !== undefined) throw new Error(`the URL ${fault}`);
  const now = clock();
  const seconds = Math.floor(now / 1_000);
  const url = new URL(endpoint.url);
  const secure = url.protocol === 'https:';
  const request = (secure ? https : http).request(url, {
    method: 'POST',
    agent: secure ? agents['https:'] : agents['http:'],
    lookup: guardedLookup({ allowPrivate }),
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Jifen-Webhooks/1',
      ...(replay ? { 'jifen-replay': 'true' } : {}),
      ...webhookHeaders(
        event,
        seconds,
        endpoint.scheme,
        signatures(endpoint, signedContent(event, seconds, body), now, box),
      ),
    },
  });
  return new Promise((resolve, reject) => {
    request.once('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      reject(stale ? new StaleConnectionError(error.message, { cause: error }) : error);
    });
    request.once('response', (response) => {
      void drain(response).then((text) => resolve(answerOf(response, text, clock())), reject);
    });
    request.end(body);
  });
}

/** Reads to the end so that the connection can be used again; too long an answer costs the connection, not the result. */
async function drain(response: IncomingMessage): Promise<string> {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    if (bytes < MAX_KEPT_ANSWER) kept.push(chunk.subarray(0, MAX_KEPT_ANSWER - bytes));
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) break;
  }
  // PostgreSQL keeps no NUL in a text.
  return Buffer.concat(kept).toString('utf8').replaceAll('\0', '\uFFFD');
}

function answerOf(response: IncomingMessage, answer: string, now: number): AttemptResult {
  const wait = retryAfterMillis(response.headers['retry-after'], now);
  const status = response.statusCode ?? 0;
  return { kind: 'answered', status, answer, ...(wait === undefined ? {} : { retryAfterMillis: wait }) };
}

interface Fault {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, code, message }: Fault = typeof error === 'object' && error !== null ? error : { message: error };
  if (name === 'AbortError' || name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const prefix = typeof code === 'string' ? `${code}: ` : '';
  return `${prefix}${String(message)}`.slice(0, MAX_ERROR_LENGTH);
}
