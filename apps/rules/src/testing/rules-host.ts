import { readFileSync } from 'node:fs';
import type { ProgramDocument } from '@jifen/contracts';
import { createPool } from '@jifen/event-store-postgres';
import { bootHost, createKey, type Scope, type ServiceDefinition, type ServiceName } from '@jifen/service-host';
import { checkAnswersOf, startPostgres } from '@jifen/testing';
import { Module } from '@nestjs/common';
import type { Pool } from 'pg';
import { rulesService } from '../rules.module.ts';

@Module({})
class SilentModule {}

/** Owns a log that rules reads, and writes nothing. */
const silent = (name: ServiceName, log: ServiceDefinition['logs'][number]): ServiceDefinition => ({
  name,
  logs: [log],
  migrations: [],
  create: () => Promise.resolve({ module: { module: SilentModule }, consumers: [] }),
});

export const DEMO = JSON.parse(
  readFileSync(new URL('../../../../programs/demo.json', import.meta.url), 'utf8'),
) as ProgramDocument;

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly type: string | null;
  readonly text: string;
  /** Of an answer in JSON; else empty. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Rules behind its HTTP doors, on a database of its own. */
export interface RulesHost {
  readonly url: string;
  readonly admin: Pool;
  /** A key of the program `demo`; with every scope where none are named. */
  keyOf(name: string, scopes?: readonly Scope[]): Promise<string>;
  /** A text is sent as it is, anything else as JSON. */
  call(key: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

export async function bootRules(): Promise<RulesHost> {
  const postgres = await startPostgres({ fsync: false });
  const settings = { environment: {}, databaseUrl: postgres.url, port: 0, partitions: 4, logLevel: 'error' } as const;
  const host = await bootHost([silent('ingestion', 'activity'), silent('tiering', 'tier'), rulesService], settings);
  await checkAnswersOf(host.url);
  const admin = createPool(postgres.url, { max: 1 });
  return {
    url: host.url,
    admin,
    keyOf: async (name, scopes) =>
      (await createKey(admin, { program: 'demo', name, ...(scopes === undefined ? {} : { scopes }) })).key,
    call: async (key, method, path, body, more = {}) => {
      const headers: Record<string, string> = { authorization: `Bearer ${key}`, ...more };
      if (body !== undefined) headers['content-type'] ??= 'application/json';
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const response = await fetch(host.url + path, { method, headers, ...sent });
      const [etag, type] = [response.headers.get('etag'), response.headers.get('content-type')];
      const text = await response.text();
      const json = type?.includes('json') === true ? (JSON.parse(text) as Answer['body']) : {};
      return { status: response.status, etag, type, text, body: json };
    },
    stop: async () => {
      await admin.end();
      await host.stop();
      await postgres.stop();
    },
  };
}
