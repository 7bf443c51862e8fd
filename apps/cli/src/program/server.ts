import { optional, UsageError, type Invocation } from '../command.ts';

const TIMEOUT_MS = 60_000;

export const SERVER_OPTIONS = {
  url: { type: 'string', help: 'a running deployment, e.g. http://localhost:3000 (default JIFEN_URL)' },
} as const;

export interface Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the server refused, in its own words. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface Server {
  readonly url: string;
  /** Throws `RefusedError` for anything but 2xx and the statuses that are expected. */
  call(method: string, path: string, request?: Request): Promise<Answer>;
}

interface Request {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expected?: readonly number[];
}

/** `--url` or `JIFEN_URL`; `undefined` without either. The key comes from `JIFEN_KEY`, so that no shell remembers it. */
function serverOf(invocation: Invocation): Server | undefined {
  const url = optional(invocation, 'url') ?? process.env['JIFEN_URL'];
  if (url === undefined || url === '') return undefined;
  const key = process.env['JIFEN_KEY'];
  if (key === undefined || key === '') throw new UsageError('set JIFEN_KEY to an API key of the program');
  const base = url.replace(/\/+$/, '');
  return { url: base, call: (method, path, request = {}) => send(base, key, method, path, request) };
}

export function serverFor(invocation: Invocation): Server {
  const server = serverOf(invocation);
  if (server === undefined) throw new UsageError('--url is required (or JIFEN_URL)');
  return server;
}

async function send(base: string, key: string, method: string, path: string, request: Request): Promise<Answer> {
  const { body, headers = {}, expected = [] } = request;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...type, ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...sent,
    });
  } catch (error) {
    throw new RefusedError(`${base} does not answer: ${causeOf(error)}`, { cause: error });
  }
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const answer: Answer = {
    status: response.status,
    etag: response.headers.get('etag') ?? undefined,
    text,
    body: isJson ? (JSON.parse(text) as Answer['body']) : {},
  };
  if (response.ok || expected.includes(response.status)) return answer;
  throw new RefusedError(refusalOf(answer));
}

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
};

function refusalOf({ status, body }: Answer): string {
  const errors = Array.isArray(body['errors']) ? (body['errors'] as { pointer: string; message: string }[]) : [];
  const head = `${status} ${String(body['code'] ?? '')}: ${String(body['detail'] ?? 'refused')}`;
  return [head, ...errors.map(({ pointer, message }) => `  ${pointer} ${message}`)].join('\n');
}
