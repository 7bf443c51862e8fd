import { bootHost, type HostOptions, type RunningHost } from './boot/boot-host.ts';
import type { ServiceDefinition } from './service.ts';

/** Faults that their reader can mend, whose message says all: where in the code they were found helps nobody. */
const PLAIN: ReadonlySet<string> = new Set([
  'ConfigError',
  'UnreachableError',
  'PartitionCountError',
  'MigrationError',
  'DataDirectoryError',
  'NoBrokerError',
  'ServiceStartError',
]);

/** What a process that cannot go on says last. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return PLAIN.has(error.name) ? error.message : (error.stack ?? error.message);
}

/** A terminal and a launcher may both pass the same signal on: two within this time are one. */
const SAME_SIGNAL_MS = 500;

export interface Stopping {
  /** Aborted when it begins, for work that need not be finished. */
  readonly signal: AbortSignal;
  /** As a first signal does, for another reason; nothing when it has begun. */
  end(exitCode: number): void;
}

/** First signal: drain and end. A second one: end now, as a crash would; nothing durable is lost by it. */
export function stopOnSignals(stop: () => Promise<void>, onStopping: () => void = () => undefined): Stopping {
  const stopping = new AbortController();
  let first: number | undefined;
  const end = (exitCode: number): void => {
    if (first !== undefined) return;
    first = performance.now();
    onStopping();
    stopping.abort();
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  const onSignal = (): void => {
    if (first === undefined) end(0);
    else if (performance.now() - first > SAME_SIGNAL_MS) process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { signal: stopping.signal, end };
}

/** What a service's `main.ts` does: boot from the environment, run until a signal. */
export async function runHost(
  definitions: readonly ServiceDefinition[],
  options: HostOptions = {},
): Promise<RunningHost> {
  try {
    const host = await bootHost(definitions, options);
    process.on('uncaughtException', (error) => {
      host.logger.fatal({ err: error }, 'uncaught, the process ends');
      process.exit(1);
    });
    stopOnSignals(() => host.stop());
    // Whoever started it as a child, with a pipe between them, need not read its log.
    process.send?.({ jifen: 'ready', url: host.url });
    return host;
  } catch (error) {
    process.stderr.write(`${faultText(error)}\n`);
    process.exit(1);
  }
}
