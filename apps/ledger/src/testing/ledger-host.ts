import { setTimeout as pause } from 'node:timers/promises';
import type { Award, ProgramDocument, RatingMade } from '@jifen/contracts';
import type { EventStore, NewEvent } from '@jifen/event-store';
import { createPool } from '@jifen/event-store-postgres';
import { instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import { bootHost, createKey, type ServiceDefinition, type ServiceName } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { ledgerService } from '../ledger.module.ts';

const PROGRAM = 'demo';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** The ledger behind its HTTP doors, with the logs that it reads written by the spec. */
export interface LedgerHost {
  get(path: string): Promise<Answer>;
  /** A command with a key of its own. */
  post(path: string, body: object, key?: string): Promise<Answer>;
  /** Writes what rules would say of an order, and waits until it is posted. */
  rate(member: string, order: string, target: number, award?: Partial<Award>): Promise<void>;
  /** Publishes a version of the program, and waits until commands go by it. */
  publish(document: ProgramDocument): Promise<void>;
  /** The page of metrics. */
  metrics(): Promise<string>;
  /** Asks until the answer is as wanted; its last answer. */
  until(path: string, wanted: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface LedgerHostOptions {
  readonly databaseUrl: string;
  readonly partitions: number;
  readonly clock: () => number;
}

@Module({})
class SilentModule {}

const TRIES = 600;
const PAUSE_MS = 50;

export async function bootLedger({ databaseUrl, partitions, clock }: LedgerHostOptions): Promise<LedgerHost> {
  const stores = new Map<string, EventStore<PoolClient>>();
  const silent = (name: ServiceName, logs: ServiceDefinition['logs']): ServiceDefinition => ({
    name,
    logs,
    migrations: [],
    create: (context) => {
      for (const log of logs) stores.set(log, context.store(log));
      return Promise.resolve({ module: { module: SilentModule }, consumers: [] });
    },
  });
  const others = [silent('rules', ['rating', 'program']), silent('tiering', ['tier']), silent('ingestion', ['member'])];
  const services = [...others, ledgerService];
  const settings = { environment: {}, port: 0, logLevel: 'error' } as const;
  const host = await bootHost(services, { ...settings, databaseUrl, partitions, clock });
  const admin = createPool(databaseUrl, { max: 1 });
  const { key: apiKey } = await createKey(admin, { program: PROGRAM, name: 'test' });
  await admin.end();
  let keys = 0;

  const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const response = await fetch(host.url + path, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const get = (path: string): Promise<Answer> => call('GET', path, {});
  const until: LedgerHost['until'] = async (path, wanted) => {
    for (let tries = 0; ; tries++) {
      const { body } = await get(path);
      if (wanted(body)) return body;
      if (tries === TRIES) throw new Error(`${path} still answers ${JSON.stringify(body)}`);
      await pause(PAUSE_MS);
    }
  };
  /** Appends to another service's log and answers the position. */
  const append = (log: string, partition: number, event: (now: number, next: number) => Omit<NewEvent, 'version'>) => {
    const store = stores.get(log);
    if (store === undefined) throw new Error(`no log ${log}`);
    return store.transact({ partitions: [partition] }, async (tx) => {
      const made = event(tx.now, tx.nextPosition(partition));
      const last = (await tx.lastOf([made.stream])).get(made.stream);
      return tx.append(partition, { ...made, version: (last?.version ?? 0) + 1 }).position;
    });
  };

  return {
    get,
    until,
    metrics: async () => (await fetch(`${host.url}/metrics`)).text(),
    post: (path, body, key = `k-${++keys}`) =>
      call('POST', path, { 'content-type': 'application/json', 'idempotency-key': key }, body),
    rate: async (member, order, target, award = {}) => {
      const key = memberKey(PROGRAM, member);
      const partition = partitionOf(key, partitions);
      const position = await append('rating', partition, (now, next) => {
        const at = instantFromMillis(now);
        const awardId = `${member}~base~shop~${order}`;
        const rule = { ruleId: 'base', ruleVersion: 1, availableAt: at };
        const rating: RatingMade = {
          program: PROGRAM,
          member,
          cause: { source: 'shop', id: order, revision: 1 },
          origin: { partition, position: next },
          programVersion: 1,
          occurredAt: at,
          awards: [{ currency: 'points', awardId, revision: next, target, ...rule, ...award }],
        };
        const facts = { key, type: 'rating.made', schemaVersion: 1, data: JSON.stringify(rating), meta: {} };
        return { stream: `${key}/shop/order/${order}`, ...facts, occurredAt: at, effectiveAt: at };
      });
      await get(`/v1/members/${member}/balance?after=activity:${partition}-${position}`);
    },
    publish: async (document) => {
      await append('program', 0, (now, next) => {
        const at = instantFromMillis(now);
        const published = { program: PROGRAM, version: next, effectiveFrom: at, publishedBy: 'test', document };
        const facts = { type: 'program.published', schemaVersion: 1, data: JSON.stringify(published), meta: {} };
        return { stream: 'demo/program', key: PROGRAM, ...facts, occurredAt: at, effectiveAt: at };
      });
      await until('/v1/liability', (body) => body['timeZone'] === document.timeZone);
    },
    stop: () => host.stop(),
  };
}
