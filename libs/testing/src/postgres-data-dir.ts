import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresBinaries, ServerAccount } from './postgres-binaries.ts';
import { watchOver } from './watchdog.ts';

/** The directory cannot be used as it is; nothing in it was touched. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

const POSTGRES_MAJOR = '18';
const PASSWORD_FILE = 'jifen-password';

/** Password of the owner, kept inside the data directory, which only its owner may read. */
export const passwordOf = async (dataDir: string): Promise<string> => {
  try {
    return (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim();
  } catch (cause) {
    throw new DataDirectoryError(`${dataDir} is a PostgreSQL data directory, but not one of ours`, { cause });
  }
};

export interface InitialiseOptions {
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount;
  readonly dataDir: string;
  readonly onLog: (line: string) => void;
}

/** Makes the directory a PostgreSQL cluster if it is empty; checks that it is one of ours if it is not. */
export async function initialiseDataDir(options: InitialiseOptions): Promise<void> {
  const { dataDir } = options;
  await mkdir(dataDir, { recursive: true });
  const entries = await readdir(dataDir);
  if (entries.length > 0) return checkDataDir(dataDir, entries);
  // Beside it, and renamed when it is whole: whatever ends this early, the next start begins anew.
  const making = `${dataDir}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making);
  await makeCluster({ ...options, dataDir: making });
  await rmdir(dataDir);
  await rename(making, dataDir);
}

async function makeCluster(options: InitialiseOptions): Promise<void> {
  const { dataDir, account } = options;
  if (account.uid !== undefined && account.gid !== undefined) await chown(dataDir, account.uid, account.gid);
  const password = randomBytes(18).toString('hex');
  const passwordFile = join(tmpdir(), `jifen-${randomBytes(8).toString('hex')}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(passwordFile, account.uid, account.gid);
  try {
    await initdb(options, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(join(dataDir, PASSWORD_FILE), `${password}\n`, { mode: 0o600 });
}

async function checkDataDir(dataDir: string, entries: readonly string[]): Promise<void> {
  if (!entries.includes('PG_VERSION')) {
    throw new DataDirectoryError(`${dataDir} is not empty and holds no PostgreSQL data: choose another directory`);
  }
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (version !== POSTGRES_MAJOR) {
    throw new DataDirectoryError(
      `${dataDir} was made by PostgreSQL ${version}, this is ${POSTGRES_MAJOR}: upgrade it or choose another directory`,
    );
  }
  await passwordOf(dataDir);
}

function initdb(options: InitialiseOptions, passwordFile: string): Promise<void> {
  const { binaries, account, dataDir, onLog } = options;
  const flags = ['--pgdata', dataDir, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
  const child = spawn(binaries.initdb, [...flags, '--no-locale', '--encoding', 'UTF8', '--no-sync'], {
    ...account,
    cwd: dataDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watchdog = watchOver(child.pid, 'KILL');
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    onLog(chunk.toString().trimEnd());
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return new Promise((done, fail) => {
    child.once('error', (error) => fail(account.uid === undefined ? error : unreachable(options, String(error))));
    child.once('close', (code) => {
      watchdog.dismiss();
      if (code === 0) done();
      else if (account.uid !== undefined && /permission denied/i.test(output)) fail(unreachable(options, output));
      else fail(new Error(`initdb failed (${code}): ${output.slice(-2000)}`));
    });
  });
}

/** PostgreSQL will not run as root, and whoever runs it instead must be able to walk to the data and to the binaries. */
const unreachable = ({ dataDir, binaries }: InitialiseOptions, output: string): DataDirectoryError =>
  new DataDirectoryError(
    `running as root, so PostgreSQL runs as another user, who cannot reach ${dataDir} or ${binaries.postgres}: ` +
      `use directories outside of /root, or run as an ordinary user (${output.trim().split('\n').at(-1) ?? ''})`,
  );
