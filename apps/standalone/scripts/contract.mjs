// npm run test:contract: asks a running system what its OpenAPI document allows, and much that it does not, with Schemathesis
// no answer may be a fault or one that the document has not. JIFEN_SCHEMATHESIS is its command where it is installed already;
// else it is fetched, which needs Python with pip, and says so where there is none.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { issueKey, startStandalone } from '@jifen/app-standalone';
import { SCOPES } from '@jifen/service-host';
import { startPostgres } from '@jifen/testing';
import { installedSchemathesis } from './schemathesis.mjs';

const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';
/** `?after=` of a place that nothing has reached is answered 504 not_caught_up, as documented. */
const CONFIG = `[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "504"]\n`;
const SECRET_KEY = 'a-key-of-the-contract-test-only-0123456789';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, seconds: { type: 'string', default: '120' } },
});

const folder = await mkdtemp(join(tmpdir(), 'jifen-contract-'));
try {
  const given = process.env.JIFEN_SCHEMATHESIS;
  const { st, reason } = given ? { st: given } : installedSchemathesis(join(folder, 'venv'));
  if (st === undefined) console.log(`SKIPPED: the contract test ${reason}`);
  else process.exitCode = await test(st);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function test(st) {
  const database = await startPostgres({ fsync: false });
  const dataDir = join(folder, 'data');
  const options = { dataDir, databaseUrl: database.url, secretKey: SECRET_KEY, port: 0, logLevel: 'error' };
  const running = await startStandalone(options);
  try {
    const key = await issueKey(database.url, { program: 'contract', name: 'contract test', scopes: SCOPES });
    const config = join(folder, 'schemathesis.toml');
    await writeFile(config, CONFIG);
    const bounds = ['--seed', values.seed, '--max-time', values.seconds, '--no-shrink', '--continue-on-failure'];
    const phases = [
      '--phases',
      'fuzzing',
      '--max-examples',
      '10',
      '--generation-database',
      'none',
      '--warnings',
      'off',
    ];
    const from = [`${running.url}/openapi.json`, '-H', `Authorization: Bearer ${key}`, '--checks', CHECKS];
    const { status } = await exited(
      spawn(st, ['--config-file', config, 'run', ...from, ...phases, ...bounds], {
        stdio: 'inherit',
        cwd: folder,
      }),
    );
    return status ?? 1;
  } finally {
    await running.stop();
    await database.stop();
  }
}

function exited(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve({ status }));
  });
}
