import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { watchOver } from '@jifen/testing';
import { fileURLToPath } from 'node:url';
import { SERVICE_NODE_FLAGS } from './node-flags.ts';
import type { ServiceName } from '@jifen/service-host';
import { isOurs, type ToSupervisor } from './processes/messages.ts';

export interface ServiceProcess {
  readonly name: ServiceName;
  /** `ledger`, or `ledger-2` for a second one. */
  readonly label: string;
  readonly url: string;
  readonly pid: number;
  /** Sends the signal and resolves when the process has gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  isRunning(): boolean;
}

/** A process that does not get ready; the message ends with its last words. */
export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError';
}

export interface ServiceProcessOptions {
  readonly name: ServiceName;
  readonly label: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A line that the process wrote. */
  readonly onLine: (label: string, line: string) => void;
  /** Aborted before the process is ready, it ends; one that is ready is ended by its handle. */
  readonly signal?: AbortSignal | undefined;
}

const READY_MS = 60_000;
const TAIL_LINES = 20;
const APPS = new URL('../../', import.meta.url);

/** Starts `apps/<name>/dist/main.js`; resolves when it says that it is ready, throws with its last words when it ends before. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { name, label, onLine, signal } = options;
  signal?.throwIfAborted();
  const main = fileURLToPath(new URL(`${name}/dist/main.js`, APPS));
  // Its own process group: Ctrl-C reaches the supervisor, which passes it on once.
  const child = spawn(process.execPath, [...SERVICE_NODE_FLAGS, main], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  // And no orphan, whatever ends the supervisor.
  const watchdog = watchOver(child.pid, 'TERM');
  const exited = once(child, 'exit')
    .then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
      () => null,
    )
    .finally(() => watchdog.dismiss());
  const leaveOff = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', leaveOff);
  const tail: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new ServiceStartError(`${label} was not ready within ${READY_MS} ms:\n${tail.join('\n')}`));
    }, READY_MS);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line);
        if (tail.length > TAIL_LINES) tail.shift();
        onLine(label, line);
      });
    }
    child.on('message', (message: ToSupervisor) => {
      if (!isOurs(message) || message.jifen !== 'ready') return;
      clearTimeout(timer);
      resolve(message.url);
    });
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new ServiceStartError(`${label} ended (${code}) before it was ready:\n${tail.join('\n')}`));
    });
  }).finally(() => signal?.removeEventListener('abort', leaveOff));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name,
    label,
    url,
    pid: child.pid ?? 0,
    exited,
    isRunning,
    kill: async (signal) => {
      if (isRunning()) child.kill(signal);
      await exited;
    },
  };
}
