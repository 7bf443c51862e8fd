import { createPool } from '@jifen/event-store-postgres';
import { bootHost, createKey, type HostOptions, type KeyRequest } from '@jifen/service-host';
import { occupy, openDataDirectory, startDatabase, type EmbeddedDatabase } from './data-directory.ts';
import { DEFINITIONS, sameUrl, type ServiceUrls } from './definitions.ts';

export interface StandaloneOptions extends HostOptions {
  /** Where the embedded database lives; also needed with a database of one's own, for the secret key. */
  readonly dataDir: string;
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

/** All five services in this process, on the embedded database unless `databaseUrl` or `DATABASE_URL` names another. */
export async function startStandalone(options: StandaloneOptions): Promise<RunningStandalone> {
  const environment = options.environment ?? process.env;
  const directory = await openDataDirectory(options.dataDir);
  const leave = await occupy(directory);
  const given = options.databaseUrl ?? environment['DATABASE_URL'] ?? '';
  const database: EmbeddedDatabase =
    given === '' ? await startDatabase(directory) : { url: given, stop: () => Promise.resolve() };
  try {
    const host = await bootHost(DEFINITIONS, {
      ...options,
      environment,
      databaseUrl: database.url,
      secretKey: options.secretKey ?? environment['JIFEN_SECRET_KEY'] ?? directory.secretKey,
    });
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

/** A new API key in the database of a running deployment; its text. */
export async function issueKey(databaseUrl: string, request: KeyRequest): Promise<string> {
  const admin = createPool(databaseUrl, { max: 1, applicationName: 'jifen-keys' });
  try {
    return (await createKey(admin, request)).key;
  } finally {
    await admin.end();
  }
}
