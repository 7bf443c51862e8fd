import { SERVICE_NAMES, type ServiceName } from '@jifen/service-host';
import { nextFreePort } from './free-port.ts';
import type { ServiceUrls } from './definitions.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';

export interface ServicesOptions {
  readonly databaseUrl: string;
  readonly kafkaBrokers: readonly string[];
  readonly secretKey: string;
  /** First of five ports, one a service; further processes of a service and 0 take free ones. */
  readonly basePort?: number;
  readonly ledgers?: number;
  readonly partitions?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine?: (label: string, line: string) => void;
}

export interface RunningServices {
  readonly urls: ServiceUrls;
  /** All that were started, in order, those that ended too. */
  processes(): readonly ServiceProcess[];
  /** One more process of a service. */
  add(name: ServiceName): Promise<ServiceProcess>;
  /** A process in the place of one that ended, on its port. Aborted, a start that is not done ends. */
  replace(ended: ServiceProcess, signal: AbortSignal): Promise<ServiceProcess>;
  /** SIGTERM to all, in the order an order flows, and waits. */
  stop(): Promise<void>;
}

/** The five services as five processes on Kafka. Nothing is restarted by itself: what ends is told through `exited`. */
export async function startServices(options: ServicesOptions): Promise<RunningServices> {
  const processes: ServiceProcess[] = [];
  const onLine = options.onLine ?? ((): void => undefined);
  const run = (name: ServiceName, label: string, port: number, signal?: AbortSignal): Promise<ServiceProcess> =>
    startServiceProcess({
      name,
      label,
      environment: {
        LOG_LEVEL: 'info',
        ...options.environment,
        DATABASE_URL: options.databaseUrl,
        KAFKA_BROKERS: options.kafkaBrokers.join(','),
        JIFEN_SECRET_KEY: options.secretKey,
        PORT: String(port),
        ...(options.partitions === undefined ? {} : { JIFEN_PARTITIONS: String(options.partitions) }),
      },
      onLine,
      signal,
    });
  const start = async (name: ServiceName, wanted: number): Promise<ServiceProcess> => {
    const earlier = processes.filter((process) => process.name === name).length;
    const label = earlier === 0 ? name : `${name}-${earlier + 1}`;
    const port = wanted === 0 ? 0 : await nextFreePort(wanted, options.environment?.['HOST'] ?? process.env['HOST']);
    if (port !== wanted) onLine(label, `port ${wanted} is busy; taking ${port}`);
    const started = await run(name, label, port);
    processes.push(started);
    return started;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((process) => process.kill('SIGTERM')));
  };
  try {
    for (const [index, name] of SERVICE_NAMES.entries()) {
      await start(name, options.basePort === undefined || options.basePort === 0 ? 0 : options.basePort + index);
    }
    for (let count = 1; count < (options.ledgers ?? 1); count++) await start('ledger', 0);
  } catch (error) {
    await stop();
    throw error;
  }
  const urlOf = (name: ServiceName): string => processes.find((process) => process.name === name)?.url ?? '';
  return {
    urls: {
      ingestion: urlOf('ingestion'),
      rules: urlOf('rules'),
      ledger: urlOf('ledger'),
      tiering: urlOf('tiering'),
      notifications: urlOf('notifications'),
    },
    processes: () => processes,
    add: (name) => start(name, 0),
    replace: async (ended, signal) => {
      const started = await run(ended.name, ended.label, Number(new URL(ended.url).port), signal);
      processes.splice(processes.indexOf(ended), 1, started);
      if (signal.aborted) await started.kill('SIGTERM');
      return started;
    },
    stop,
  };
}
