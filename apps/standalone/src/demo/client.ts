import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceUrls } from '../definitions.ts';

const TIMEOUT_MS = 30_000;
/** While its database is started again, a deployment answers 503 and accepts nothing. */
const MAX_TRIES = 60;
const TRY_AGAIN_MS = 500;

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** Talks to a running deployment as any customer of it would. */
export class DemoClient {
  constructor(
    readonly urls: ServiceUrls,
    private readonly key: string,
    private readonly stopping?: AbortSignal,
  ) {}

  async call<T>(
    service: keyof ServiceUrls,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.urls[service] + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.any([
        AbortSignal.timeout(TIMEOUT_MS),
        ...(this.stopping === undefined ? [] : [this.stopping]),
      ]),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** Sends again what was answered 503, for half a minute; throws with the problem unless the answer is a 2xx. */
  async expect<T>(
    service: keyof ServiceUrls,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      const answer = await this.call<T>(service, method, path, body, headers);
      if (answer.status < 300) return answer.body;
      if (answer.status !== 503 || tries === MAX_TRIES)
        throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      await sleep(TRY_AGAIN_MS, undefined, { signal: this.stopping });
    }
  }
}
