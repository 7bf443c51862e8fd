import { existsSync } from 'node:fs';
import { borrowDatabase, openDataDirectory } from '@jifen/app-standalone';

export interface Connection {
  readonly url: string;
  close(): Promise<void>;
}

/** `--database-url`, else `DATABASE_URL`, else the embedded database of the data directory: running, or started for the duration. */
export async function connect(given: string | undefined, dataDir: string): Promise<Connection> {
  const url = given ?? process.env['DATABASE_URL'] ?? '';
  if (url !== '') return { url, close: () => Promise.resolve() };
  if (!existsSync(dataDir)) {
    throw new Error(`no database: set DATABASE_URL, or --data-dir (${dataDir} does not exist; npm start makes it)`);
  }
  const database = await borrowDatabase(await openDataDirectory(dataDir));
  return { url: database.url, close: () => database.stop() };
}
