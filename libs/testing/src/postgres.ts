import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { freePorts } from './free-ports.ts';
import { postgresBinaries, serverAccount } from './postgres-binaries.ts';
import { initialiseDataDir, passwordOf } from './postgres-data-dir.ts';
import { launchPostgres, type Exit } from './postgres-process.ts';

export interface StartPostgresOptions {
  /** Where the data lives; kept at `stop`. Without it: a temporary directory, removed at `stop`. */
  readonly dataDir?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Keep the data at `stop`; by default exactly when `dataDir` is given. */
  readonly persistent?: boolean;
  /** `false` gives up durability for speed: only for tests whose subject is not durability. */
  readonly fsync?: boolean;
  /** More server settings, e.g. `{ shared_buffers: '512MB' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Leaves off a start that is not done. */
  readonly signal?: AbortSignal;
  readonly onLog?: (line: string) => void;
}

export interface RunningPostgres {
  /** Logs in as the owner (a superuser, when the server is ours). */
  readonly url: string;
  readonly port: number;
  /** Process id of the server; `undefined` when `DATABASE_URL` is somebody else's server. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
  /** SIGKILL, as a power cut for the server process: a start on the same directory recovers. */
  kill(): Promise<void>;
}

/** A server of our own. */
export interface EmbeddedPostgres extends RunningPostgres {
  readonly pid: number;
  /** Resolves when its process has gone, whoever ended it. */
  readonly exited: Promise<Exit>;
}

/**
 * A real PostgreSQL to work against. With `DATABASE_URL` set and no `dataDir` asked for, a fresh database on that server,
 * dropped at `stop`; else an embedded server of our own.
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<RunningPostgres> {
  const external = process.env['DATABASE_URL'];
  if (external !== undefined && external !== '' && options.dataDir === undefined) return freshDatabase(external);
  return startEmbedded(options);
}

/** An embedded server whatever `DATABASE_URL` says. On the directory and the port of one that ended, it takes its place: the URL is the same. */
export async function startEmbedded(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries();
  const account = serverAccount();
  const onLog = options.onLog ?? ((): void => undefined);
  const dataDir = resolve(options.dataDir ?? (await mkdtemp(join(tmpdir(), 'jifen-postgres-'))));
  const temporary = !(options.persistent ?? options.dataDir !== undefined);
  await initialiseDataDir({ binaries, account, dataDir, onLog });
  const port = options.port !== undefined && options.port > 0 ? options.port : ((await freePorts(1))[0] ?? 0);
  const server = await launchPostgres({
    binaries,
    account,
    dataDir,
    port,
    removeAtEnd: temporary,
    signal: options.signal,
    settings: { ...SETTINGS, ...(options.fsync === false ? NOT_DURABLE : {}), ...options.settings },
    onLog,
  });
  const remove = async (): Promise<void> => {
    if (temporary) await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:${await passwordOf(dataDir)}@127.0.0.1:${port}/postgres`,
    port,
    pid: server.pid,
    exited: server.exited,
    stop: async () => {
      await server.stop();
      await remove();
    },
    kill: () => server.kill(),
  };
}

/** Few checkpoints: every first change of a page after one writes the whole page to the WAL. */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '200',
  shared_buffers: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  timezone: 'UTC',
  lc_messages: 'C',
};

const NOT_DURABLE: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
};

async function freshDatabase(serverUrl: string): Promise<RunningPostgres> {
  const name = `jifen_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    port: Number(url.port === '' ? '5432' : url.port),
    pid: undefined,
    stop: () => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    kill: () => Promise.reject(new Error('the server of DATABASE_URL is not ours to kill')),
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
