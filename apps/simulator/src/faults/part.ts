import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { watchOver } from '@jifen/testing';
import { persist } from '../parallel.ts';

/** Something that can be killed at any moment and started again. */
export interface Part {
  readonly name: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it runs; readiness is the client's business. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** The process ended though nobody killed it. */
  readonly onCrash: (name: string, code: number | null) => void;
}

const READY_MS = 90_000;
const STOP_MS = 20_000;
const RESTART_PAUSE_MS = 300;

/** A Node process of ours. Like an orchestrator it starts the process again when it ends by itself, and tells so. */
export function processPart(options: ProcessOptions): Part & { readonly pid: () => number | undefined } {
  let child: ChildProcess | undefined;
  let wanted = false;
  const launch = (): void => {
    const started = spawn(process.execPath, options.args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') options.onLine(`${options.name}: ${line}`);
      });
    }
    const watchdog = watchOver(started.pid, 'KILL');
    started.once('exit', (code) => {
      watchdog.dismiss();
      if (!wanted || child !== started) return;
      options.onCrash(options.name, code);
      setTimeout(() => {
        if (wanted && child === started) launch();
      }, RESTART_PAUSE_MS);
    });
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    wanted = false;
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    const hard = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(hard);
  };
  return {
    name: options.name,
    pid: () => child?.pid,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    start: async () => {
      wanted = true;
      launch();
      await Promise.resolve();
    },
  };
}

/** The oldest process that a supervisor runs; it puts another one in its place by itself. Needs Linux's `/proc`. */
export const childOf = (supervisor: () => number | undefined): Part => ({
  name: 'one of the processes',
  kill: async () => {
    const pid = supervisor();
    // None while the supervisor itself has been killed and its processes end with it.
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    const [oldest] = children.split(' ').filter((child) => child !== '');
    if (oldest !== undefined) process.kill(Number(oldest), 'SIGKILL');
  },
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
});

/** Waits until `/readyz` answers 200. */
export const untilReady = (url: string): Promise<void> =>
  persist(`${url}/readyz`, READY_MS, async () => {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  });
