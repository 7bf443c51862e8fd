// Writes docs/reference/asyncapi.json from src/channels.ts and the schemas. `--check` only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { asyncApi, CONTRACT_VERSION, DOCUMENTED_PARTITIONS } from '../src/async-api.ts';

const target = new URL('../../../docs/reference/asyncapi.json', import.meta.url);
const options = await resolveConfig(target);
const text = await format(JSON.stringify(asyncApi(CONTRACT_VERSION, DOCUMENTED_PARTITIONS)), {
  ...options,
  parser: 'json',
});
const current = await readFile(target, 'utf8').catch(() => '');
if (current === text) process.exit(0);
if (process.argv.includes('--check')) {
  console.log('stale: docs/reference/asyncapi.json');
  process.exit(1);
}
await writeFile(target, text);
console.log('written: docs/reference/asyncapi.json');
