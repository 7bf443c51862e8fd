import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextFreePort } from '../free-port.ts';
import { STANDALONE_NODE_FLAGS } from '../node-flags.ts';
import { createPauses } from '../pauses.ts';
import { isOurs, type Said, type ToProcess, type ToSupervisor } from './messages.ts';
import type { Question } from '@jifen/service-host';

export interface ProcessesOptions {
  readonly count: number;
  /** The one that they share; 0 takes a free one. */
  readonly port: number;
  /** What the processes see besides this process's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A line for whoever watches: a process that ended, and what is done about it. */
  readonly say: (line: string) => void;
}

export interface RunningProcesses {
  readonly url: string;
  /** Of those that run now. */
  pids(): readonly number[];
  /** SIGTERM to all: resolves when what they accepted is durable and they have gone. */
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../dist/processes/worker.js', import.meta.url));
const ANSWER_MS = 3_000;

interface Slot {
  readonly name: string;
  /** The process in this place, unless it is between two. */
  worker?: Worker;
}

/** Processes that share one port and, through the database, the partitions; one that dies is replaced. */
export async function startProcesses(options: ProcessesOptions): Promise<RunningProcesses> {
  cluster.setupPrimary({ exec: MAIN, args: [], execArgv: [...STANDALONE_NODE_FLAGS] });
  // Node gives 0 another meaning for each process that takes the place of one.
  const PORT = String(options.port === 0 ? await nextFreePort(0) : options.port);
  const slots: Slot[] = Array.from({ length: options.count }, (_, index) => ({ name: String(index + 1) }));
  const stopping = new AbortController();
  const kept: Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    for (const { worker } of slots) worker?.process.kill('SIGTERM');
    await Promise.all(kept);
  };
  const start = (slot: Slot): Promise<string> =>
    new Promise((resolve, reject) =>
      kept.push(
        keep(slot, {
          slots,
          environment: { ...options.environment, PORT },
          say: options.say,
          stopping: stopping.signal,
          resolve,
          reject,
        }),
      ),
    );
  try {
    const [first, ...others] = slots;
    if (first === undefined) throw new Error('a deployment needs at least one process');
    // The first one migrates the database and takes the port; the others find both.
    const url = await start(first);
    await Promise.all(others.map(start));
    return { url, pids: () => slots.flatMap(({ worker }) => worker?.process.pid ?? []), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Keeping {
  readonly slots: readonly Slot[];
  readonly environment: ProcessesOptions['environment'];
  readonly say: ProcessesOptions['say'];
  readonly stopping: AbortSignal;
  /** The first start: its URL, or why it failed. */
  resolve(url: string): void;
  reject(error: Error): void;
}

/** Runs one process after the other in a place, until the stop, or until the very first one fails. */
async function keep(slot: Slot, keeping: Keeping): Promise<void> {
  const { environment, say, stopping } = keeping;
  let ready = false;
  const pauseAfter = createPauses();
  while (!stopping.aborted) {
    const started = performance.now();
    const worker = cluster.fork({ ...environment, JIFEN_PROCESS: slot.name });
    slot.worker = worker;
    worker.on('message', (message: unknown) => {
      if (!isOurs(message)) return;
      const told = message as ToSupervisor;
      if (told.jifen === 'ask') void passOn(worker, told, keeping.slots);
      else if (told.jifen === 'ready') {
        ready = true;
        keeping.resolve(told.url);
      }
    });
    const pid = worker.process.pid;
    const [code, signal] = (await once(worker, 'exit')) as [number | null, NodeJS.Signals | null];
    delete slot.worker;
    if (stopping.aborted) return;
    const end = `Process ${slot.name} (${pid}) ended with ${signal ?? code}`;
    if (!ready) return keeping.reject(new Error(`${end} before it was ready`));
    const pause = pauseAfter(performance.now() - started);
    say(`${end}; another one takes its place in ${pause / 1000} s.`);
    await sleep(pause, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Asks all processes and gives the one that wanted to know all answers, in time, whoever is missing. */
async function passOn(
  from: Worker,
  { id, question }: Extract<ToSupervisor, { jifen: 'ask' }>,
  slots: readonly Slot[],
): Promise<void> {
  // One that has just ended is no reason to end the others: its place is being filled.
  const asked = question === 'liveness' ? slots.filter(({ worker }) => worker !== undefined) : slots;
  const answers = await Promise.all(
    asked.map(async ({ name, worker }) => [name, await askOne(worker, question)] as const),
  );
  tell(from, { jifen: 'answers', id, answers });
}

let questions = 0;

function askOne(worker: Worker | undefined, question: Question): Promise<Said> {
  if (worker?.isConnected() !== true) return Promise.resolve({ error: 'not running' });
  const id = ++questions;
  return new Promise((resolve) => {
    const end = (said: Said): void => {
      clearTimeout(timer);
      worker.off('message', hear);
      worker.off('exit', gone);
      resolve(said);
    };
    const hear = (message: unknown): void => {
      if (!isOurs(message)) return;
      const told = message as ToSupervisor;
      if (told.jifen === 'answer' && told.id === id) end(told.answer);
    };
    const gone = (): void => end({ error: 'not running' });
    const timer = setTimeout(() => end({ error: `no answer within ${ANSWER_MS} ms` }), ANSWER_MS);
    worker.on('message', hear);
    worker.once('exit', gone);
    tell(worker, { jifen: 'question', id, question });
  });
}

/** A process that ends meanwhile hears nothing: `exit` tells. */
function tell(worker: Worker, message: ToProcess): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
