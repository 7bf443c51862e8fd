import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DataDirectoryError, startEmbedded } from '@jifen/testing';

export { DataDirectoryError };

/** A folder that belongs to us: the database, the secret key, what the demo start has to remember. */
export interface DataDirectory {
  readonly path: string;
  readonly postgres: string;
  /** Encrypts secrets that must be read again; made once. */
  readonly secretKey: string;
}

const MARKER = 'jifen.json';
const SECRET = 'secret-key';
const FORMAT = 1;
const PRIVATE = 0o600;
/** As root the server runs as another user, who has to get to its own folder below this one. */
const FOLDER_MODE = process.getuid?.() === 0 ? 0o711 : 0o700;

export async function openDataDirectory(folder: string): Promise<DataDirectory> {
  const path = resolve(folder);
  try {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    const entries = (await readdir(path)).filter((name) => name !== `${MARKER}.new`);
    if (entries.length === 0) {
      await writeState(path, MARKER, { jifen: FORMAT, createdAt: new Date().toISOString() });
    } else {
      await checkMarker(path, entries);
    }
    return { path, postgres: join(path, 'postgres'), secretKey: await secretKeyOf(path) };
  } catch (error) {
    throw unusable(path, error);
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'it is a file',
  ENOTDIR: 'a part of the path is a file',
};

/** A fault of the file system that its user can mend, in words; anything else as it is. */
function unusable(path: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const cause = CAUSES[code];
  if (cause === undefined) return error;
  return new DataDirectoryError(`${path} cannot be the data directory: ${cause}. Choose another --data-dir`, {
    cause: error,
  });
}

async function checkMarker(path: string, entries: readonly string[]): Promise<void> {
  if (!entries.includes(MARKER)) {
    throw new DataDirectoryError(`${path} is not empty and not a data directory of Jifen: choose another --data-dir`);
  }
  const marker = await readState<{ jifen?: number }>(path, MARKER);
  if (marker?.jifen === FORMAT) return;
  throw new DataDirectoryError(`${path} has the data format ${marker?.jifen ?? 'unknown'}, this is ${FORMAT}`);
}

async function secretKeyOf(path: string): Promise<string> {
  const file = join(path, SECRET);
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const key = randomBytes(32).toString('hex');
  await writeFile(file, `${key}\n`, { mode: PRIVATE });
  return key;
}

/** `undefined` when the file does not exist or is broken. */
export async function readState<T>(path: string, name: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(join(path, name), 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, readable by its owner only. */
export async function writeState(path: string, name: string, state: unknown): Promise<void> {
  const file = join(path, name);
  await writeFile(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`, { mode: PRIVATE });
  await rename(`${file}.new`, file);
}

const OWNER = 'running.json';

/** One process at a time works on a directory; the mark of a dead one is taken over. */
export async function occupy(directory: DataDirectory): Promise<() => Promise<void>> {
  const owner = await readState<{ pid?: number }>(directory.path, OWNER);
  if (owner?.pid !== undefined && owner.pid !== process.pid && isAlive(owner.pid)) {
    throw new DataDirectoryError(
      `${directory.path} is in use: Jifen runs on it as process ${owner.pid}. Stop that one, or choose another --data-dir ` +
        `(if process ${owner.pid} is something else, remove ${join(directory.path, OWNER)})`,
    );
  }
  await writeState(directory.path, OWNER, { pid: process.pid });
  return () => rm(join(directory.path, OWNER), { force: true });
}

export interface EmbeddedDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startDatabase(directory: DataDirectory): Promise<EmbeddedDatabase> {
  const server = await startEmbedded({ dataDir: directory.postgres });
  return { url: server.url, stop: () => server.stop() };
}

/** The directory's database for a while: the running server if there is one, else one that is started and stopped again. */
export async function borrowDatabase(directory: DataDirectory): Promise<EmbeddedDatabase> {
  const running = await runningServer(directory);
  return running ?? startDatabase(directory);
}

async function runningServer(directory: DataDirectory): Promise<EmbeddedDatabase | undefined> {
  const file = await readFile(join(directory.postgres, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (file === undefined) return undefined;
  const [pid, , , port] = file.split('\n');
  if (pid === undefined || port === undefined || !isAlive(Number(pid))) return undefined;
  const password = (await readFile(join(directory.postgres, 'jifen-password'), 'utf8')).trim();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port.trim()}/postgres`,
    stop: () => Promise.resolve(),
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
