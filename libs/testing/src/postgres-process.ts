import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries, ServerAccount } from './postgres-binaries.ts';
import { DataDirectoryError } from './postgres-data-dir.ts';
import { unrefStream, watchOver, type Watchdog } from './watchdog.ts';

export interface LaunchOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount;
  readonly dataDir: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  /** The watchdog removes the directory too, when this process dies without a word. */
  readonly removeAtEnd: boolean;
  readonly onLog: (line: string) => void;
}

export interface PostgresProcess {
  readonly pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const READY = 'database system is ready to accept connections';
/** Backends of a killed server need a moment to notice; until then their shared memory blocks a new one. */
const START_ATTEMPTS = 40;
const RETRY_MILLIS = 250;
const START_MILLIS = 120_000;
const STOP_MILLIS = 30_000;

export async function launchPostgres(options: LaunchOptions): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryLaunch(options);
    if (typeof outcome !== 'string') return outcome;
    const busy = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(outcome);
    if (busy && attempt < START_ATTEMPTS) await sleep(RETRY_MILLIS);
    else if (busy) throw await inUse(options.dataDir);
    else throw new Error(`PostgreSQL did not start: ${outcome.slice(-2000)}`);
  }
}

async function inUse(dataDir: string): Promise<DataDirectoryError> {
  const file = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  return new DataDirectoryError(`${dataDir} is in use by the PostgreSQL of process ${file.split('\n')[0] ?? '?'}`);
}

/** The running server, or what it said before it ended. */
async function tryLaunch(options: LaunchOptions): Promise<PostgresProcess | string> {
  const { binaries, account, dataDir, port, settings, onLog } = options;
  const flags = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings });
  // Its own process group: Ctrl-C reaches us, and we stop the server when its clients have drained.
  const child = spawn(
    binaries.postgres,
    ['-D', dataDir, '-p', String(port), ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, cwd: dataDir, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  let said = '';
  let ready = false;
  const answer = new Promise<boolean>((done) => {
    child.stderr.on('data', (chunk: Buffer) => {
      onLog(chunk.toString().trimEnd());
      if (ready) return;
      said += chunk.toString();
      ready = said.includes(READY);
      if (ready) done(true);
    });
    child.once('error', (error) => {
      said += String(error);
    });
    void exited.then(() => setImmediate(() => done(false)));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MILLIS);
  const running = await answer;
  clearTimeout(timer);
  if (!running || child.pid === undefined) return said;
  return handleOf(child, child.pid, exited, watchOver(child.pid, 'INT', options.removeAtEnd ? options.dataDir : ''));
}

function handleOf(child: ChildProcess, pid: number, exited: Promise<void>, watchdog: Watchdog): PostgresProcess {
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    watchdog.dismiss();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
    await exited;
    clearTimeout(timer);
  };
  // A test runner that forgets to stop it must still be able to end; the watchdog then stops the server.
  child.unref();
  child.stderr?.on('error', () => undefined);
  unrefStream(child.stderr);
  return { pid, stop: () => end('SIGINT'), kill: () => end('SIGKILL') };
}
