import type { Submission } from './workload.ts';

/** Where each service answers; in the standalone shape all are the same. */
export interface Targets {
  readonly ingestion: string;
  readonly rules: string;
  readonly ledger: string;
  readonly tiering: string;
}

export const oneTarget = (url: string): Targets => ({ ingestion: url, rules: url, ledger: url, tiering: url });

export interface Accepted {
  readonly accepted: number;
  readonly duplicates: number;
  readonly stale: number;
  readonly waiting: number;
  readonly rejected: readonly {
    readonly index: number;
    readonly problem: { readonly code: string; readonly detail?: string };
  }[];
  readonly position?: string;
}

export interface BalanceAnswer {
  readonly status: number;
  readonly available: number;
  readonly net: number;
}

export interface Client {
  /** Posts records of one kind; throws when the answer is not 202. */
  submit(kind: Submission['kind'], bodies: readonly Submission['body'][]): Promise<Accepted>;
  publishProgram(document: unknown): Promise<void>;
  balance(member: string, after?: string): Promise<BalanceAnswer>;
}

const REQUEST_TIMEOUT_MS = 20_000;
const ROUTES = { order: '/v1/orders', 'order-refund': '/v1/order-refunds' } as const;

export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  constructor(
    readonly status: number,
    readonly body: string,
    what: string,
  ) {
    super(`${what}: ${status} ${body.slice(0, 500)}`);
  }
}

interface Balances {
  readonly data?: readonly { readonly currency: string; readonly available: number; readonly net: number }[];
}

export function createClient(targets: Targets, key: string): Client {
  const call = async (method: string, url: string, body?: unknown): Promise<Response> =>
    fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  const expecting = async (status: readonly number[], response: Response, what: string): Promise<string> => {
    const text = await response.text();
    if (!status.includes(response.status)) throw new UnexpectedAnswer(response.status, text, what);
    return text;
  };
  return {
    async submit(kind, bodies) {
      const response = await call('POST', targets.ingestion + ROUTES[kind], bodies);
      return JSON.parse(await expecting([202], response, `POST ${ROUTES[kind]}`)) as Accepted;
    },
    async publishProgram(document) {
      await expecting([200, 201, 204], await call('PUT', `${targets.rules}/v1/program`, document), 'PUT /v1/program');
      const effectiveFrom = { effectiveFrom: '2020-01-01T00:00:00Z' };
      const published = await call('POST', `${targets.rules}/v1/program/publish`, effectiveFrom);
      await expecting([200, 201, 202], published, 'POST /v1/program/publish');
    },
    async balance(member, after) {
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      const response = await call('GET', `${targets.ledger}/v1/members/${encodeURIComponent(member)}/balance${query}`);
      const text = await expecting([200, 404, 504], response, 'GET balance');
      if (response.status !== 200) return { status: response.status, available: 0, net: 0 };
      const account = (JSON.parse(text) as Balances).data?.find(({ currency }) => currency === 'points');
      return { status: 200, available: account?.available ?? 0, net: account?.net ?? 0 };
    },
  };
}
