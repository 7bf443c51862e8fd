import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';
import { type Listeners, serverProperties } from './kafka-properties.ts';
import { watchOver, type Watchdog } from './watchdog.ts';

const START_TIMEOUT_MS = 60_000;
const FORMAT_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_LINES_KEPT = 40;
const MAX_START_ATTEMPTS = 3;
const READY = 'Kafka Server started';
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
const JVM_FLAGS = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
}

interface Watched extends Running {
  readonly watchdog: Watchdog;
}

export interface BrokerProcess {
  readonly port: number;
  /** Resolves when the process that runs now has gone, whoever ended it; at once when none runs. */
  exited(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  freeze(millis: number): Promise<void>;
}

/** A Java process with its last lines; `-Dorg.apache.logging.log4j.level` makes log4j's built-in console print the ready line. */
function java(
  classPath: string,
  args: readonly string[],
): Running & { readonly tail: () => string; onLine: (hear: (line: string) => void) => void } {
  const child = spawn('java', [...JVM_FLAGS, '-Dorg.apache.logging.log4j.level=INFO', '-cp', classPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C stops the services first, and they stop the broker.
    detached: true,
  });
  const lines: string[] = [];
  let hear: (line: string) => void = () => undefined;
  let rest = '';
  const read = (chunk: Buffer): void => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      if (lines.length > LOG_LINES_KEPT) lines.shift();
      hear(line);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      lines.push(error.message);
      resolve();
    });
    child.once('close', () => resolve());
  });
  return { child, exited, tail: () => lines.join('\n'), onLine: (listener) => (hear = listener) };
}

async function within(limitMs: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function format(classPath: string, properties: string): Promise<void> {
  const tool = java(classPath, [
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    '-t',
    CLUSTER_ID,
    '-c',
    properties,
  ]);
  const ended = await within(FORMAT_TIMEOUT_MS, tool.exited);
  if (!ended) tool.child.kill('SIGKILL');
  if (tool.child.exitCode !== 0) throw new Error(`the broker's storage could not be formatted:\n${tool.tail()}`);
}

/** A broker that ends with this process, when its folder is removed, if it is a temporary one. */
async function launch(classPath: string, properties: string, remove: string): Promise<Watched> {
  const broker = java(classPath, ['kafka.Kafka', properties]);
  const watchdog = watchOver(broker.child.pid, 'TERM', remove);
  const ready = new Promise<void>((resolve) => broker.onLine((line) => line.includes(READY) && resolve()));
  let ended = false;
  const over = broker.exited.then(() => {
    ended = true;
  });
  const inTime = await within(START_TIMEOUT_MS, Promise.race([ready, over]));
  if (inTime && !ended) return { ...broker, watchdog };
  watchdog.dismiss();
  broker.child.kill('SIGKILL');
  const why = ended ? 'ended while starting' : `was not ready within ${START_TIMEOUT_MS / 1000} s`;
  throw new Error(`the Kafka broker ${why}; its last lines:\n${broker.tail()}`);
}

/** The quorum remembers the controller's port, so a formatted folder keeps the one that it was made with. */
async function knownController(properties: string): Promise<number | undefined> {
  if (!existsSync(properties)) return undefined;
  const port = Number(/CONTROLLER:\/\/127\.0\.0\.1:(\d+)/.exec(await readFile(properties, 'utf8'))?.[1]);
  return Number.isInteger(port) ? port : undefined;
}

async function prepare(folder: string, classPath: string, port: number | undefined): Promise<Listeners> {
  const properties = join(folder, 'server.properties');
  const known = await knownController(properties);
  const [own = 0, controller = 0] = await freePorts(2);
  const listeners = { port: port ?? own, controllerPort: known ?? controller };
  await writeFile(properties, serverProperties(join(folder, 'data'), listeners));
  if (!existsSync(join(folder, 'data', 'meta.properties'))) await format(classPath, properties);
  return listeners;
}

export interface ProcessOptions {
  readonly classPath: string;
  /** Kept after `stop`; without one the broker uses a temporary folder and removes it. */
  readonly dataDir?: string;
  readonly port?: number;
}

export async function startBrokerProcess(options: ProcessOptions): Promise<BrokerProcess> {
  const temporary = options.dataDir === undefined;
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'jifen-kafka-')));
  await mkdir(folder, { recursive: true });
  const properties = join(folder, 'server.properties');
  const start = (): Promise<Watched> => launch(options.classPath, properties, temporary ? folder : '');
  let listeners: Listeners | undefined;
  let running: Watched | undefined;
  for (let attempt = 1; running === undefined || listeners === undefined; attempt++) {
    listeners = await prepare(folder, options.classPath, options.port);
    try {
      running = await start();
    } catch (error) {
      // Between our looking and its binding somebody else can take a free port.
      const taken = error instanceof Error && error.message.includes('Address already in use');
      if (!taken || options.port !== undefined || attempt >= MAX_START_ATTEMPTS) throw error;
      if (temporary) await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    }
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const current = running;
    running = undefined;
    if (current === undefined) return;
    current.watchdog.dismiss();
    current.child.kill(signal);
    if (await within(STOP_TIMEOUT_MS, current.exited)) return;
    current.child.kill('SIGKILL');
    await within(STOP_TIMEOUT_MS, current.exited);
  };
  return {
    port: listeners.port,
    exited: () => running?.exited ?? Promise.resolve(),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      running = await start();
    },
    async freeze(millis) {
      const frozen = running?.child;
      frozen?.kill('SIGSTOP');
      await sleep(millis);
      frozen?.kill('SIGCONT');
    },
    async stop() {
      await end('SIGTERM');
      if (temporary) await rm(folder, { recursive: true, force: true });
    },
  };
}
