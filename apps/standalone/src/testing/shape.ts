import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCOPES } from '@jifen/service-host';
import { ensureBuilt, startPostgres } from '@jifen/testing';
import type { ServiceUrls } from '../definitions.ts';
import { startServices, type RunningServices } from '../services.ts';
import { issueKey, startStandalone } from '../standalone.ts';

/** A deployment to test from outside: the suite does not know which shape it has. */
export interface Shape {
  readonly urls: ServiceUrls;
  readonly databaseUrl: string;
  key(program: string): Promise<string>;
  stop(): Promise<void>;
}

const SECRET_KEY = 'a-key-of-the-end-to-end-suite-only-0123456789';
/** The receiver of the suite listens on this machine. */
const ENVIRONMENT = { JIFEN_WEBHOOK_ALLOW_PRIVATE: '1', JIFEN_WEBHOOK_POLL_MS: '50' };

const keyIn = (databaseUrl: string) => (program: string) =>
  issueKey(databaseUrl, { program, name: 'end to end', scopes: SCOPES });

export async function standaloneShape(processes = 1): Promise<Shape> {
  if (processes > 1) await ensureBuilt();
  const database = await startPostgres({ fsync: false });
  const dataDir = await mkdtemp(join(tmpdir(), 'jifen-e2e-'));
  const running = await startStandalone({
    dataDir,
    databaseUrl: database.url,
    secretKey: SECRET_KEY,
    port: 0,
    processes,
    logLevel: 'warn',
    environment: { ...ENVIRONMENT },
  });
  return {
    urls: running.urls,
    databaseUrl: database.url,
    key: keyIn(database.url),
    stop: async () => {
      await running.stop();
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface ServicesShape extends Shape {
  readonly services: RunningServices;
}

export async function servicesShape(brokers: readonly string[], ledgers = 1): Promise<ServicesShape> {
  await ensureBuilt();
  const database = await startPostgres({ fsync: false });
  const services = await startServices({
    databaseUrl: database.url,
    kafkaBrokers: brokers,
    secretKey: SECRET_KEY,
    ledgers,
    environment: { ...ENVIRONMENT, LOG_LEVEL: 'info' },
    onLine: (label, line) => {
      if (/"level":"(error|fatal)"/.test(line)) process.stderr.write(`${label}: ${line}\n`);
    },
  }).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  return {
    services,
    urls: services.urls,
    databaseUrl: database.url,
    key: keyIn(database.url),
    stop: async () => {
      await services.stop();
      await database.stop();
    },
  };
}
