import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseToken } from '@jifen/contracts';
import type { Accepted, Submission, System } from '@jifen/app-simulator';

/** Bulk HTTP load, with bodies made before the clock starts where asked, so that the generator costs as little as it can. */
export interface Bulk {
  readonly kind: Submission['kind'];
  readonly body: Buffer;
  readonly count: number;
  /** A member of the batch, whose balance is read back. */
  readonly member: string;
}

const ROUTES = { order: '/v1/orders', 'order-refund': '/v1/order-refunds' } as const;

export function* bulks(source: Iterable<Submission>, size: number): Generator<Bulk> {
  let waiting: Record<Submission['kind'], Submission[]> = { order: [], 'order-refund': [] };
  const make = (kind: Submission['kind']): Bulk => {
    const batch = waiting[kind];
    waiting = { ...waiting, [kind]: [] };
    const first = batch.find((each) => each.kind === 'order');
    const member = first?.kind === 'order' ? (first.body.member ?? '') : '';
    return { kind, body: Buffer.from(JSON.stringify(batch.map(({ body }) => body))), count: batch.length, member };
  };
  for (const submission of source) {
    waiting[submission.kind].push(submission);
    if (waiting[submission.kind].length >= size) yield make(submission.kind);
  }
  for (const kind of ['order', 'order-refund'] as const) if (waiting[kind].length > 0) yield make(kind);
}

export interface Caller {
  post(bulk: Bulk): Promise<Accepted>;
  /** Status of the balance once it includes the token. */
  readable(member: string, after: string): Promise<number>;
  close(): void;
}

export function createCaller(system: System, connections: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (method: string, url: string, body?: Buffer): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${system.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
      };
      const outgoing = request(url, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    post: async (bulk) => {
      const { status, text } = await call('POST', system.targets.ingestion + ROUTES[bulk.kind], bulk.body);
      if (status !== 202) throw new Error(`POST ${ROUTES[bulk.kind]}: ${status} ${text.slice(0, 300)}`);
      return JSON.parse(text) as Accepted;
    },
    readable: async (member, after) =>
      (await call('GET', `${system.targets.ledger}/v1/members/${member}/balance?after=${encodeURIComponent(after)}`))
        .status,
    close: () => agent.destroy(),
  };
}

export interface Through {
  readonly orders: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly acceptedPerSecond: number;
}

const merge = (into: Map<number, number>, token: string | undefined): void => {
  for (const [partition, position] of parseToken(token ?? '')?.positions ?? [])
    into.set(partition, Math.max(position, into.get(partition) ?? 0));
};

const READ_TRIES = 60;

/** As fast as it goes: `connections` bulk posts under way; the clock stops when every accepted order is in a readable balance. */
export async function saturate(caller: Caller, source: Iterator<Bulk>, connections: number): Promise<Through> {
  const last = new Map<number, number>();
  const members = new Map<string, true>();
  let orders = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      const answer = await caller.post(next.value);
      if (answer.rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(answer.rejected[0])}`);
      merge(last, answer.position);
      orders += next.value.count;
      if (next.value.member !== '') members.set(next.value.member, true);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const accepted = performance.now();
  const after = `activity:${[...last].map(([partition, position]) => `${partition}-${position}`).join(',')}`;
  const [member = ''] = members.keys();
  for (let tries = 0; (await caller.readable(member, after)) !== 200; tries++) {
    if (tries > READ_TRIES) throw new Error('the balances did not catch up');
  }
  const seconds = (performance.now() - started) / 1_000;
  return {
    orders,
    seconds,
    perSecond: Math.round(orders / seconds),
    acceptedPerSecond: Math.round(orders / ((accepted - started) / 1_000)),
  };
}

const ASK_AGAIN_MS = 100;
/** Of a process that was killed, and is not there again yet. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Asks again when the wait of one call was not enough or nobody was there to answer; false when it never came. */
async function untilReadable(caller: Caller, member: string, after: string): Promise<boolean> {
  for (let tries = 0; tries < READ_TRIES; tries++) {
    try {
      if ((await caller.readable(member, after)) === 200) return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && GONE.has(String(error.code)))) throw error;
    }
    await pause(ASK_AGAIN_MS);
  }
  return false;
}

export interface Latency {
  readonly offeredPerSecond: number;
  readonly readable: readonly number[];
  readonly accept: readonly number[];
}

/** Open loop: a batch is due every `batch / rate` seconds whether or not earlier ones are answered; latency counts from the answer 202 to the readable balance, however often it is asked for. */
export async function pace(
  caller: Caller,
  source: Iterator<Bulk>,
  ratePerSecond: number,
  batch: number,
): Promise<Latency> {
  const readable: number[] = [];
  const accept: number[] = [];
  const under: Promise<void>[] = [];
  const interval = (batch / ratePerSecond) * 1_000;
  const started = performance.now();
  let due = 0;
  let orders = 0;
  for (let next = source.next(); next.done !== true; next = source.next()) {
    const wait = started + due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    due += (next.value.count / batch) * interval;
    const bulk = next.value;
    orders += bulk.count;
    under.push(
      (async () => {
        const sent = performance.now();
        const answer = await caller.post(bulk);
        const accepted = performance.now();
        accept.push(accepted - sent);
        if (bulk.member === '' || answer.position === undefined) return;
        const isReadable = await untilReadable(caller, bulk.member, answer.position);
        readable.push(isReadable ? performance.now() - accepted : Number.POSITIVE_INFINITY);
      })(),
    );
  }
  await Promise.all(under);
  return { offeredPerSecond: Math.round(orders / ((performance.now() - started) / 1_000)), readable, accept };
}
