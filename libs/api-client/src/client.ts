import { isPassing, RETRIES, waitOf, type RetryOptions } from './retry.ts';
import type { AnswerOf, CallOptions, Method, OperationOf, PathOf, Problem, RequestArguments, Result } from './types.ts';

export interface ClientOptions {
  /** Where the API is, e.g. `https://points.example.com`. */
  readonly url: string;
  /** An API key, `jf_…`. */
  readonly key: string;
  readonly retries?: Partial<RetryOptions>;
  /** Of one attempt. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  /** From 0 up to 1; for the jitter. */
  readonly random?: () => number;
}

/** Each call answers a value, also when the API refuses; it throws only when no answer came in all attempts. */
export interface Client {
  get<Path extends PathOf<'get'>>(
    path: Path,
    ...request: RequestArguments<OperationOf<'get', Path>>
  ): Promise<Result<AnswerOf<OperationOf<'get', Path>>>>;
  put<Path extends PathOf<'put'>>(
    path: Path,
    ...request: RequestArguments<OperationOf<'put', Path>>
  ): Promise<Result<AnswerOf<OperationOf<'put', Path>>>>;
  post<Path extends PathOf<'post'>>(
    path: Path,
    ...request: RequestArguments<OperationOf<'post', Path>>
  ): Promise<Result<AnswerOf<OperationOf<'post', Path>>>>;
  delete<Path extends PathOf<'delete'>>(
    path: Path,
    ...request: RequestArguments<OperationOf<'delete', Path>>
  ): Promise<Result<AnswerOf<OperationOf<'delete', Path>>>>;
}

/** No answer came, however often it was asked. Whether the last attempt was carried out is not known: ask again with the same key. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

interface AnyRequest extends CallOptions {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const TIMEOUT_MS = 30_000;

export function createClient(options: ClientOptions): Client {
  const call =
    (method: Method) =>
    (path: string, request: AnyRequest = {}): Promise<Result<never>> =>
      send(options, method, path, request) as Promise<Result<never>>;
  return { get: call('get'), put: call('put'), post: call('post'), delete: call('delete') } as Client;
}

async function send(
  options: ClientOptions,
  method: Method,
  path: string,
  request: AnyRequest,
): Promise<Result<unknown>> {
  const retries = { ...RETRIES, ...options.retries };
  const url = urlOf(options.url, path, request);
  // One key for all attempts: however many of them arrive, it is carried out once.
  const key = method === 'post' ? (request.idempotencyKey ?? crypto.randomUUID()) : undefined;
  const headers = {
    authorization: `Bearer ${options.key}`,
    accept: 'application/json',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  let fault: unknown;
  for (let attempt = 1; attempt <= retries.attempts; attempt++) {
    let retryAfter: number | undefined;
    try {
      const signal = signalOf(request.signal, options.timeoutMs ?? TIMEOUT_MS);
      const response = await (options.fetch ?? fetch)(url, { method: method.toUpperCase(), headers, signal, ...body });
      const result = await resultOf(response);
      const passing = !result.ok && isPassing(result.status, result.problem.code);
      if (!passing || attempt === retries.attempts) return result;
      retryAfter = Number(response.headers.get('retry-after') ?? 0) || undefined;
    } catch (error) {
      request.signal?.throwIfAborted();
      fault = error;
    }
    if (attempt < retries.attempts)
      await pause(waitOf(retries, attempt, (options.random ?? Math.random)(), retryAfter), request.signal);
  }
  throw new NoAnswerError(`${method.toUpperCase()} ${path} got no answer in ${retries.attempts} attempts`, {
    cause: fault,
  });
}

function urlOf(base: string, path: string, { path: values = {}, query = {} }: AnyRequest): string {
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`the path ${path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const url = new URL(base.replace(/\/$/, '') + filled);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

const signalOf = (given: AbortSignal | undefined, timeoutMs: number): AbortSignal => {
  const timeout = AbortSignal.timeout(timeoutMs);
  return given === undefined ? timeout : AbortSignal.any([given, timeout]);
};

async function resultOf(response: Response): Promise<Result<unknown>> {
  const { status } = response;
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok) return { ok: false, status, problem: problemOf(status, type, text) };
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  return { ok: true, status, value: type.startsWith('application/json') ? JSON.parse(text) : text, replayed };
}

/** A proxy before the API may answer with something else than a problem. */
function problemOf(status: number, type: string, text: string): Problem {
  if (type.startsWith('application/problem+json')) return JSON.parse(text) as Problem;
  return {
    type: 'about:blank',
    title: 'The answer is no problem document',
    status,
    code: status === 503 || status === 502 || status === 504 ? 'unavailable' : 'internal',
    detail: text.slice(0, 500),
    traceId: '',
  };
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
