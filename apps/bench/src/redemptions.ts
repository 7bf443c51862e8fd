import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** What one redemption of the bench spends: the smallest that its program allows. */
const SPENT_EACH = 100;

export interface Redeemer {
  /** Redeems once for the account and counts it; throws when the answer is not 2xx. */
  redeem(member: string): Promise<void>;
  give(member: string, points: number): Promise<void>;
  left(member: string): Promise<number>;
  /** Points that answered redemptions have spent of the account. */
  spent(member: string): number;
  close(): void;
}

interface Balances {
  readonly data?: readonly { readonly currency: string; readonly available: number }[];
}

export function createRedeemer(url: string, till: string, owner: string, connections: number): Redeemer {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const counts = new Map<string, number>();
  const call = (method: string, path: string, key: string, body?: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = {
        authorization: `Bearer ${key}`,
        ...(content === undefined
          ? {}
          : {
              'content-type': 'application/json',
              'content-length': content.length,
              'idempotency-key': randomUUID(),
            }),
      };
      const outgoing = request(url + path, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        const status = response.statusCode ?? 0;
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (status >= 200 && status < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`));
        });
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(content);
    });
  return {
    redeem: async (member) => {
      await call('POST', `/v1/members/${member}/redemptions`, till, { points: SPENT_EACH });
      counts.set(member, (counts.get(member) ?? 0) + 1);
    },
    give: async (member, points) => {
      const body = { currency: 'points', points, reason: 'goodwill', actor: 'bench' };
      await call('POST', `/v1/members/${member}/adjustments`, owner, body);
    },
    left: async (member) => {
      const balances = JSON.parse(await call('GET', `/v1/members/${member}/balance`, owner)) as Balances;
      return balances.data?.find(({ currency }) => currency === 'points')?.available ?? 0;
    },
    spent: (member) => (counts.get(member) ?? 0) * SPENT_EACH,
    close: () => agent.destroy(),
  };
}

export interface Timed {
  readonly perSecond: number;
  readonly milliseconds: readonly number[];
}

/** Closed loop: so many calls under way, the next starts when one is answered. */
export async function closedLoop(
  call: (index: number) => Promise<void>,
  underWay: number,
  seconds: number,
): Promise<Timed> {
  const milliseconds: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1_000;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await call(next++);
      milliseconds.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: underWay }, worker));
  return { perSecond: Math.round((milliseconds.length * 1_000) / (performance.now() - started)), milliseconds };
}

/** Open loop: a call is due every 1/rate seconds whatever the earlier ones do; its time counts from when it was due. */
export async function openLoop(call: (index: number) => Promise<void>, rate: number, seconds: number): Promise<Timed> {
  const milliseconds: number[] = [];
  const failures: unknown[] = [];
  const under: Promise<void>[] = [];
  const started = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    const due = started + (index / rate) * 1_000;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    under.push(
      call(index).then(
        () => void milliseconds.push(performance.now() - due),
        (error: unknown) => void failures.push(error),
      ),
    );
  }
  await Promise.all(under);
  if (failures.length > 0) throw failures[0];
  return { perSecond: Math.round((milliseconds.length * 1_000) / (performance.now() - started)), milliseconds };
}
