import { createPool } from '@jifen/event-store-postgres';
import { bootHost, createKey, readConfig, type HostOptions, type KeyRequest } from '@jifen/service-host';
import { occupy, openDataDirectory } from './data-directory.ts';
import { DEFINITIONS, sameUrl, type ServiceUrls } from './definitions.ts';
import { diskWarning } from './doctor/disk.ts';
import { nextFreePort } from './free-port.ts';
import { keepDatabase, type KeptDatabase } from './kept-database.ts';
import { startProcesses } from './processes/supervisor.ts';

export interface StandaloneOptions extends HostOptions {
  /** Where the embedded database lives; also needed with a database of one's own, for the secret key. */
  readonly dataDir: string;
  /** Processes that share the port, 1 when left out: more than one need what is built. */
  readonly processes?: number;
  /** Hears what the start does otherwise than asked, and of a process or a database that ended and is started again. */
  readonly say?: (line: string) => void;
}

export interface RunningStandalone {
  readonly url: string;
  readonly urls: ServiceUrls;
  readonly databaseUrl: string;
  readonly embedded: boolean;
  readonly dataDir: string;
  /** Resolves, with what its user should know, when the embedded database does not stay up: all that is left is to stop. */
  readonly lost: Promise<string>;
  /** Resolves when what was accepted is durable and everything is closed. */
  stop(): Promise<void>;
}

/** All five services in this process or in several of the same, on the embedded database unless `databaseUrl` or `DATABASE_URL` names another. */
export async function startStandalone(options: StandaloneOptions): Promise<RunningStandalone> {
  const environment = options.environment ?? process.env;
  const directory = await openDataDirectory(options.dataDir);
  const leave = await occupy(directory);
  const given = options.databaseUrl ?? environment['DATABASE_URL'] ?? '';
  let database: KeptDatabase | undefined;
  try {
    const say = options.say ?? ((): void => undefined);
    const little = given === '' ? await diskWarning(directory.path) : undefined;
    if (little !== undefined) say(little);
    const kept = await keepDatabase(directory, { given, say });
    database = kept;
    const secretKey = options.secretKey ?? environment['JIFEN_SECRET_KEY'] ?? directory.secretKey;
    const host = await run({ ...options, environment, databaseUrl: kept.url, secretKey, say });
    return {
      url: host.url,
      urls: sameUrl(host.url),
      databaseUrl: kept.url,
      embedded: given === '',
      dataDir: directory.path,
      lost: kept.lost,
      stop: async () => {
        kept.letGo();
        await host.stop();
        await kept.stop();
        await leave();
      },
    };
  } catch (error) {
    await database?.stop();
    await leave();
    throw error;
  }
}

type Run = StandaloneOptions & Required<Pick<StandaloneOptions, 'environment' | 'databaseUrl' | 'secretKey' | 'say'>>;

async function run(options: Run): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { processes = 1, environment, databaseUrl, secretKey, logLevel, say } = options;
  const { port: wanted, host } = readConfig(environment, options);
  const port = wanted === 0 ? 0 : await nextFreePort(wanted, host);
  if (port !== wanted) say(`Port ${wanted} is busy; taking ${port}.`);
  if (processes === 1) return bootHost(DEFINITIONS, { ...options, port });
  return startProcesses({
    count: processes,
    port,
    environment: {
      ...environment,
      DATABASE_URL: databaseUrl,
      JIFEN_SECRET_KEY: secretKey,
      ...(logLevel === undefined ? {} : { LOG_LEVEL: logLevel }),
    },
    say,
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
