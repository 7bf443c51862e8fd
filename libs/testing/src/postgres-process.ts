import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries, ServerAccount } from './postgres-binaries.ts';
import { DataDirectoryError } from './postgres-data-dir.ts';
import { unrefStream, watchOver } from './watchdog.ts';

export interface LaunchOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount;
  readonly dataDir: string;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  /** The watchdog removes the directory too, when this process dies without a word. */
  readonly removeAtEnd: boolean;
  /** Aborted while it starts, it is left off; a server that runs is stopped by its handle. */
  readonly signal?: AbortSignal | undefined;
  readonly onLog: (line: string) => void;
}

/** Exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals | null;

export interface PostgresProcess {
  readonly pid: number;
  /** Resolves when it has gone, whoever ended it. */
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const READY = 'database system is ready to accept connections';
/** What it tells those who connect too early or too late: dozens of lines that say nothing about the server. */
const TOLD_TO_CLIENTS = /FATAL: {2}(?:the database system is|terminating connection)/;
const LOCKED = 'lock file "postmaster.pid" already exists';
const ORPHANS = 'pre-existing shared memory block';
/** Backends of a killed server need a moment to notice; until then their shared memory blocks a new one. */
const START_ATTEMPTS = 40;
const RETRY_MILLIS = 250;
const START_MILLIS = 120_000;
const STOP_MILLIS = 30_000;
const LAST_LINES = 20;

export async function launchPostgres(options: LaunchOptions): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const outcome = await tryLaunch(options);
    if (typeof outcome !== 'string') return outcome;
    const orphans = outcome.includes(ORPHANS);
    const busy = orphans || outcome.includes(LOCKED);
    if (busy && attempt < START_ATTEMPTS) await sleep(RETRY_MILLIS, undefined, { signal: options.signal });
    else if (busy) throw await inUse(options.dataDir, orphans);
    else throw new Error(`PostgreSQL did not start: ${outcome}`);
  }
}

async function inUse(dataDir: string, orphans: boolean): Promise<DataDirectoryError> {
  const file = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = file.split('\n')[0] ?? '?';
  return new DataDirectoryError(
    orphans
      ? `${dataDir} is in use by what is left of the PostgreSQL of process ${pid}, which was killed: end its "postgres" processes, then start again`
      : `${dataDir} is in use by the PostgreSQL of process ${pid}: wait for the command that runs on it, or stop it (kill -INT ${pid}), then start again`,
  );
}

/** The running server, or how it ended, and from the second line on what it said before. */
async function tryLaunch(options: LaunchOptions): Promise<PostgresProcess | string> {
  const { binaries, account, dataDir, port, settings, signal, onLog } = options;
  const flags = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings });
  // Its own process group: Ctrl-C reaches us, and we stop the server when its clients have drained.
  const child = spawn(
    binaries.postgres,
    ['-D', dataDir, '-p', String(port), ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, cwd: dataDir, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = new Promise<Exit>((done) => {
    child.once('exit', (code, by) => done(code ?? by));
    child.once('error', () => done(null));
  });
  const watchdog = watchOver(child.pid, 'INT', options.removeAtEnd ? options.dataDir : '');
  // Before its number is somebody else's.
  void exited.then(() => watchdog.dismiss());
  const said: string[] = [];
  let ready = false;
  const answer = new Promise<boolean>((done) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (TOLD_TO_CLIENTS.test(line)) return;
      onLog(line);
      if (ready) return;
      said.push(line);
      ready = line.includes(READY);
      if (ready) done(true);
    });
    child.once('error', (error) => said.push(String(error)));
    // Not at its exit: its last line, which says why, may come after that.
    child.once('close', () => done(false));
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MILLIS);
  const leaveOff = (): void => void child.kill('SIGINT');
  signal?.addEventListener('abort', leaveOff);
  const running = await answer;
  signal?.removeEventListener('abort', leaveOff);
  clearTimeout(timer);
  if (running && child.pid !== undefined) return handleOf(child, child.pid, exited);
  return [`it ended with ${await exited}`, ...said.slice(-LAST_LINES)].join('\n');
}

function handleOf(child: ChildProcess, pid: number, exited: Promise<Exit>): PostgresProcess {
  const end = async (signal: NodeJS.Signals): Promise<void> => {
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
  return { pid, exited, stop: () => end('SIGINT'), kill: () => end('SIGKILL') };
}
