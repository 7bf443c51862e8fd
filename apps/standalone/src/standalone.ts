import { createPool } from '@jifen/event-store-postgres';
import { bootHost, createKey, readConfig, type HostOptions, type KeyRequest } from '@jifen/service-host';
import { occupy, openDataDirectory, startDatabase, type EmbeddedDatabase } from './data-directory.ts';
import { DEFINITIONS, sameUrl, type ServiceUrls } from './definitions.ts';
import { startProcesses } from './processes/supervisor.ts';

export interface StandaloneOptions extends HostOptions {
  /** Where the embedded database lives; also needed with a database of one's own, for the secret key. */
  readonly dataDir: string;
  /** Processes that share the port, 1 when left out: more than one need what is built. */
  readonly processes?: number;
  /** Hears of a process that ended and is replaced. */
  readonly say?: (line: string) => void;
}

export interface RunningStandalone {
  readonly url: string;
  readonly urls: ServiceUrls;
  readonly databaseUrl: string;
  readonly embedded: boolean;
  readonly dataDir: string;
  /** Resolves when what was accepted is durable and everything is closed. */
  stop(): Promise<void>;
}

/** All five services in this process or in several of the same, on the embedded database unless `databaseUrl` or `DATABASE_URL` names another. */
export async function startStandalone(options: StandaloneOptions): Promise<RunningStandalone> {
  const environment = options.environment ?? process.env;
  const directory = await openDataDirectory(options.dataDir);
  const leave = await occupy(directory);
  const given = options.databaseUrl ?? environment['DATABASE_URL'] ?? '';
  const database: EmbeddedDatabase =
    given === '' ? await startDatabase(directory) : { url: given, stop: () => Promise.resolve() };
  try {
    const secretKey = options.secretKey ?? environment['JIFEN_SECRET_KEY'] ?? directory.secretKey;
    const host = await run({ ...options, environment, databaseUrl: database.url, secretKey });
    return {
      url: host.url,
      urls: sameUrl(host.url),
      databaseUrl: database.url,
      embedded: given === '',
      dataDir: directory.path,
      stop: async () => {
        await host.stop();
        await database.stop();
        await leave();
      },
    };
  } catch (error) {
    await database.stop();
    await leave();
    throw error;
  }
}

type Run = StandaloneOptions & Required<Pick<StandaloneOptions, 'environment' | 'databaseUrl' | 'secretKey'>>;

function run(options: Run): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { processes = 1, environment, databaseUrl, secretKey, logLevel } = options;
  if (processes === 1) return bootHost(DEFINITIONS, options);
  return startProcesses({
    count: processes,
    port: readConfig(environment, options).port,
    environment: {
      ...environment,
      DATABASE_URL: databaseUrl,
      JIFEN_SECRET_KEY: secretKey,
      ...(logLevel === undefined ? {} : { LOG_LEVEL: logLevel }),
    },
    say: options.say ?? ((): void => undefined),
  });
}

/** A new API key in the database of a running deployment; its text. */
export async function issueKey(databaseUrl: string, request: KeyRequest): Promise<string> {
  const admin = createPool(databaseUrl, { max: 1, applicationName: 'jifen-keys' });
  try {
    return (await createKey(admin, request)).key;
  } finally {
    await admin.end();
  }
}
