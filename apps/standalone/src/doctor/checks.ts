import { execFile } from 'node:child_process';
import { createConnection } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { createPool } from '@jifen/event-store-postgres';
import { findBroker } from '@jifen/testing';
import { nextFreePort } from '../free-port.ts';
import { diskSpace, gigabytes } from './disk.ts';

export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

const run = promisify(execFile);
const MIN_MEMORY = 1024 ** 3;
const CONNECT_MS = 3_000;
const OLDEST_NPM = 10;

const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
const warning = (check: string, detail: string): Finding => ({ check, state: 'warning', detail });
const failed = (check: string, detail: string): Finding => ({ check, state: 'failed', detail });
const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

export const nodeVersion = (): Finding => {
  const [major = 0] = process.versions.node.split('.').map(Number);
  const detail = `${process.versions.node} (the workspace brings 24; 20.19 is enough to start it)`;
  return major >= 24 ? ok('Node', detail) : failed('Node', detail);
};

export async function npmVersion(): Promise<Finding> {
  try {
    const { stdout } = await run('npm', ['--version']);
    const version = stdout.trim();
    return Number(version.split('.')[0]) >= OLDEST_NPM ? ok('npm', version) : warning('npm', `${version} is old`);
  } catch (error) {
    return warning('npm', `not found: ${reason(error)}`);
  }
}

export async function port(wanted: number): Promise<Finding> {
  const free = await nextFreePort(wanted);
  return free === wanted
    ? ok('Port', `${wanted} is free`)
    : warning('Port', `${wanted} is busy, ${free} will be taken`);
}

export async function disk(dataDir: string): Promise<Finding> {
  const { isEnough, detail } = await diskSpace(dataDir);
  return isEnough ? ok('Disk', detail) : failed('Disk', detail);
}

export const memory = (): Finding => {
  const detail = `${gigabytes(freemem())} free of ${gigabytes(totalmem())}`;
  return freemem() >= MIN_MEMORY
    ? ok('Memory', detail)
    : warning('Memory', `${detail}: at least ${gigabytes(MIN_MEMORY)} is better`);
};

export const account = (): Finding =>
  process.getuid?.() === 0
    ? warning('Account', 'root: the embedded PostgreSQL will run as the user "postgres"')
    : ok('Account', 'not root');

export async function database(url: string | undefined): Promise<Finding> {
  if (url === undefined || url === '') return ok('Database', 'embedded PostgreSQL (DATABASE_URL is not set)');
  const pool = createPool(url, { max: 1 });
  try {
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return ok('Database', `PostgreSQL ${rows[0]?.server_version ?? '?'} answers`);
  } catch (error) {
    return failed('Database', `DATABASE_URL: ${reason(error)}`);
  } finally {
    await pool.end();
  }
}

export async function broker(): Promise<Finding> {
  const source = await findBroker();
  switch (source.kind) {
    case 'given': {
      const unreachable = (await Promise.all(source.brokers.map(refuses))).filter((text) => text !== undefined);
      return unreachable.length === 0
        ? ok('Kafka', `${source.brokers.join(', ')} answers`)
        : failed('Kafka', unreachable.join('; '));
    }
    case 'docker':
      return ok('Kafka', 'KAFKA_BROKERS is not set; Docker can start one for start:services and tests');
    case 'jars':
      return ok('Kafka', 'KAFKA_BROKERS is not set; the jars of Apache Kafka serve for start:services and tests');
    case 'none':
      return warning('Kafka', `none for start:services and its tests: ${source.reason}`);
  }
}

function refuses(address: string): Promise<string | undefined> {
  const [host = '', text = ''] = address.split(':');
  return new Promise((resolveWith) => {
    const socket = createConnection({ host, port: Number(text), timeout: CONNECT_MS });
    const end = (answer: string | undefined): void => {
      socket.destroy();
      resolveWith(answer);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`${address} does not answer`));
    socket.once('error', (error) => end(`${address}: ${reason(error)}`));
  });
}
