import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICE_NODE_FLAGS, STANDALONE_NODE_FLAGS } from '@jifen/app-standalone';
import { createPool } from '@jifen/event-store-postgres';
import { createKey } from '@jifen/service-host';
import { freePorts, startBroker, startPostgres, type RunningPostgres } from '@jifen/testing';
import { oneTarget, type Targets } from '../client.ts';
import { childOf, processPart, untilReady, type Part } from './part.ts';

/** One process; several of the same on one port; five on Kafka. */
export const SHAPES = ['standalone', 'processes', 'services'] as const;
export type Shape = (typeof SHAPES)[number];

export interface System {
  readonly targets: Targets;
  readonly urls: readonly string[];
  readonly key: string;
  readonly program: string;
  /** The owner's URL of the database. */
  readonly databaseUrl: string;
  /** Of Kafka; none on the embedded bus. */
  readonly brokers: readonly string[];
  readonly parts: readonly Part[];
  /** Process ids by part, of our own processes and of the PostgreSQL server. */
  pids(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface SystemOptions {
  readonly shape: Shape;
  readonly program: string;
  readonly ledgers?: number;
  /** For every process, besides what it needs to run. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly onCrash?: (name: string, code: number | null) => void;
}

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
/** Of the shape `processes`. */
const PROCESSES = 2;
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

/** A whole deployment out of real parts on this machine, every one of which can be killed. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const onLine = options.onLine ?? ((): void => undefined);
  const onCrash = options.onCrash ?? ((): void => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'jifen-system-'));
  // As root, PostgreSQL runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'postgres');
  let postgres: RunningPostgres = await startPostgres({ dataDir });
  const { port, url: databaseUrl } = postgres;
  const database: Part = {
    name: 'postgres',
    kill: () => postgres.kill(),
    stop: () => postgres.stop(),
    start: async () => {
      postgres = await startPostgres({ dataDir, port });
    },
  };
  const environment = {
    DATABASE_URL: databaseUrl,
    JIFEN_SECRET_KEY: SECRET_KEY,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    ...options.environment,
  };
  const node = (
    name: string,
    entry: string,
    args: readonly string[],
    port: number,
    more: Readonly<Record<string, string>>,
  ) =>
    processPart({
      name,
      args: [
        ...(options.shape === 'services' ? SERVICE_NODE_FLAGS : STANDALONE_NODE_FLAGS),
        join(WORKSPACE, entry),
        ...args,
      ],
      cwd: WORKSPACE,
      environment: { ...environment, PORT: String(port), ...more },
      onLine,
      onCrash,
    });
  const processes: ReturnType<typeof processPart>[] = [];
  const parts: Part[] = [database];
  const urls: string[] = [];
  let targets: Targets;
  let brokers: readonly string[] = [];
  if (options.shape !== 'services') {
    const [own = 0] = await freePorts(1);
    const several = options.shape === 'processes' ? ['--processes', String(PROCESSES)] : [];
    const args = ['--no-demo', '--port', String(own), '--data-dir', join(folder, 'data'), ...several];
    const whole = node(options.shape, 'apps/standalone/dist/main.js', args, own, {});
    processes.push(whole);
    if (options.shape === 'processes') parts.push(childOf(whole.pid));
    urls.push(`http://127.0.0.1:${own}`);
    targets = oneTarget(urls[0] ?? '');
  } else {
    const broker = await startBroker({ dataDir: join(folder, 'kafka') });
    brokers = broker.brokers;
    parts.push({ name: 'kafka', kill: () => broker.kill(), start: () => broker.restart(), stop: () => broker.stop() });
    const names = [
      'ingestion',
      'rules',
      'ledger',
      'tiering',
      'notifications',
      ...Array.from({ length: (options.ledgers ?? 1) - 1 }, () => 'ledger'),
    ];
    const ports = await freePorts(names.length);
    const at = (name: string): string => `http://127.0.0.1:${ports[names.indexOf(name)] ?? 0}`;
    names.forEach((name, index) => {
      const own = ports[index] ?? 0;
      const label = names.indexOf(name) === index ? name : `${name}-${index}`;
      processes.push(node(label, `apps/${name}/dist/main.js`, [], own, { KAFKA_BROKERS: broker.brokers.join(',') }));
      urls.push(`http://127.0.0.1:${own}`);
    });
    targets = { ingestion: at('ingestion'), rules: at('rules'), ledger: at('ledger'), tiering: at('tiering') };
  }
  parts.push(...processes);
  for (const each of processes) await each.start();
  await Promise.all(urls.map(untilReady));
  const admin = createPool(databaseUrl, { max: 1 });
  const { key } = await createKey(admin, { program: options.program, name: 'proof' });
  await admin.end();
  return {
    targets,
    urls,
    key,
    program: options.program,
    databaseUrl,
    brokers,
    parts,
    pids: () =>
      Object.fromEntries(
        [
          ...processes.map((each) => [each.name, each.pid() ?? 0] as const),
          ['postgres', postgres.pid ?? 0] as const,
        ].filter(([, pid]) => pid > 0),
      ),
    stop: async () => {
      for (const part of [...processes, ...parts.filter(({ name }) => name === 'kafka'), database]) await part.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
