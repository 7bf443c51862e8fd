// `node schemathesis.mjs DIRECTORY`: prints the path of Schemathesis (MIT, Python 3.10 up), installed in the directory if it is not
// there yet. Without Python, pip or a package index it says so on standard error and ends with 1.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCHEMATHESIS = 'schemathesis==4.32.5';
const INSTALL_MS = 180_000;
const NEEDED = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

/** `{ st }`, the path of its command, or `{ reason }` why it is not here. */
export function installedSchemathesis(directory) {
  const binaries = join(directory, process.platform === 'win32' ? 'Scripts' : 'bin');
  const st = join(binaries, process.platform === 'win32' ? 'st.exe' : 'st');
  if (existsSync(st) && runs(st, ['--version'])) return { st };
  const python = ['python3', 'python'].find((name) => runs(name, ['-c', NEEDED]));
  if (python === undefined) return { reason: 'needs Python 3.10 or newer with venv and pip, which is not here' };
  if (!runs(python, ['-m', 'venv', '--clear', directory])) return { reason: 'no virtual environment could be made' };
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--retries', '1', SCHEMATHESIS];
  if (!runs(join(binaries, 'pip'), pip)) return { reason: `${SCHEMATHESIS} could not be installed` };
  return { st };
}

/** What a command says goes to standard error: standard output is for the path. */
function runs(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 2], timeout: INSTALL_MS }).status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) throw new Error('usage: node schemathesis.mjs DIRECTORY');
  const { st, reason } = installedSchemathesis(directory);
  if (st === undefined) console.error(`Schemathesis: ${reason}`);
  else console.log(st);
  process.exitCode = st === undefined ? 1 : 0;
}
