// Writes docs/reference/openapi.json: what a deployment of all services serves. Needs the build (`npm run build`).
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '@jifen/app-standalone';
import { startPostgres } from '@jifen/testing';
import { format, resolveConfig } from 'prettier';

const target = new URL('../../../docs/reference/openapi.json', import.meta.url);
const dataDir = await mkdtemp(join(tmpdir(), 'jifen-openapi-'));
const database = await startPostgres({ fsync: false });
const running = await startStandalone({ dataDir, databaseUrl: database.url, port: 0, logLevel: 'error' });
try {
  const document = await (await fetch(`${running.url}/openapi.json`)).text();
  await writeFile(target, await format(document, { ...(await resolveConfig(target)), parser: 'json' }));
  console.log('written: docs/reference/openapi.json');
} finally {
  await running.stop();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
}
