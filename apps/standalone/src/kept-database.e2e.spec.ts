import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt, freePorts, until } from '@jifen/testing';
import { borrowDatabase, openDataDirectory } from './data-directory.ts';
import { sameUrl } from './definitions.ts';
import { keepDatabase } from './kept-database.ts';
import { issueKey } from './standalone.ts';
import { eventually, paidOrder, Shop, SHOP_PROGRAM } from './testing/shop.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the embedded PostgreSQL, killed', () => {
  let dataDir: string;
  const said: string[] = [];
  const started: { stop(): Promise<void> }[] = [];
  const say = (line: string): void => void said.push(line);

  beforeEach(async () => {
    said.length = 0;
    dataDir = await mkdtemp(join(tmpdir(), 'jifen-kept-'));
    // As root the server runs as another user, who has to walk through.
    await chmod(dataDir, 0o711);
  });
  afterEach(async () => {
    for (const each of started.splice(0)) await each.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** The server that runs; one that was killed leaves its file behind. */
  const postmaster = async (): Promise<{ readonly pid: number; readonly isReady: boolean } | undefined> => {
    const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(file.split('\n')[0]);
    return pid > 0 && lives(pid) ? { pid, isReady: file.includes('ready') } : undefined;
  };
  /** Kills the server that runs, once it is another one than the last. */
  const killNext = async (last?: number): Promise<number> => {
    let found: number | undefined;
    await until('PostgreSQL runs', async () => {
      const running = await postmaster();
      found = running?.isReady === true ? running.pid : undefined;
      return found !== undefined && found !== last;
    });
    process.kill(found ?? 0, 'SIGKILL');
    return found ?? 0;
  };

  /** `npm start`, as a process: what ends it ends no spec. */
  const start = async () => {
    await ensureBuilt();
    const [port = 0] = await freePorts(1);
    const child = spawn(process.execPath, [MAIN, '--no-demo', '--port', String(port), '--data-dir', dataDir], {
      env: { ...process.env, LOG_LEVEL: 'fatal', DATABASE_URL: '', KAFKA_BROKERS: '', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
    };
    started.push({ stop });
    await Promise.race([once(child.stdout, 'data'), exited]);
    return { url: `http://127.0.0.1:${port}`, exited, errors: () => errors, stop };
  };

  it('is started again, and orders go on counting', async () => {
    const running = await start();
    const database = await borrowDatabase(await openDataDirectory(dataDir));
    const key = await issueKey(database.url, { program: 'shop', name: 'killed' });
    const shop = new Shop(sameUrl(running.url), key);
    await shop.expect('rules', 'PUT', '/v1/program', { ...SHOP_PROGRAM, rules: SHOP_PROGRAM.rules.slice(0, 1) });
    await shop.expect('rules', 'POST', '/v1/program/publish', { effectiveFrom: '2020-01-01T00:00:00Z' });
    expect(await shop.sendAndRead('m-1', 'orders', paidOrder('m-1', 'before', 30))).toBe(30);

    const killed = await killNext();
    await shop.send('orders', paidOrder('m-1', 'after', 12));
    const balance = (): Promise<number> => shop.balance('m-1').catch(() => -1);
    expect(await eventually(balance, (found) => found === 42)).toBe(42);
    const told = `PostgreSQL (process ${killed}) ended with SIGKILL; it is started again in 0.5 s.\nPostgreSQL runs.\n`;
    expect(running.errors()).toBe(told);
    expect((await borrowDatabase(await openDataDirectory(dataDir))).url).toBe(database.url);
    const ready = async (): Promise<number> => (await fetch(`${running.url}/readyz`)).status;
    expect(await eventually(ready, (status) => status === 200)).toBe(200);

    await running.stop();
    expect(await running.exited).toEqual([0, null]);
    expect(await postmaster()).toBeUndefined();
    expect(running.errors().replace(told, '')).not.toContain('PostgreSQL');
  }, 120_000);

  it('is left alone by a stop, also in the middle of its start', async () => {
    for (const wait of [0, 510, 550, 700]) {
      said.length = 0;
      const database = await keepDatabase(await openDataDirectory(dataDir), { given: '', say });
      started.push(database);
      const killed = await killNext();
      await until('its end is told', () => said[0]?.includes(`process ${killed})`) === true);
      await new Promise((resolve) => setTimeout(resolve, wait));
      await database.stop();
      expect(await postmaster()).toBeUndefined();
      expect(said.slice(1).filter((line) => line !== 'PostgreSQL runs.')).toEqual([]);
    }
  }, 120_000);

  it('is left alone as soon as a stop begins, while services still finish', async () => {
    const database = await keepDatabase(await openDataDirectory(dataDir), { given: '', say });
    started.push(database);
    database.letGo();
    expect(await postmaster()).toMatchObject({ isReady: true });
    await killNext();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await postmaster()).toBeUndefined();
    expect(said).toEqual([]);
  }, 60_000);

  it('ends the whole start with 1 and what to do when it cannot be started again', async () => {
    const running = await start();
    await rename(join(dataDir, 'postgres', 'global'), join(dataDir, 'postgres', 'elsewhere'));
    await killNext();
    expect(await running.exited).toEqual([1, null]);
    const errors = running.errors();
    expect(errors).toMatch(/^PostgreSQL \(process \d+\) ended with SIGKILL; it is started again in 0\.5 s\.\n/);
    expect(errors).toMatch(
      /\nPostgreSQL did not start: it ended with \d+ \(.*global\/pg_control.*\); it is started again in 8 s\.\n/,
    );
    expect(errors).toMatch(/PostgreSQL does not stay up: 6 ends in a row/);
    expect(errors).toMatch(/Mend what ends PostgreSQL/);
    expect(errors).toMatch(/Stopped\. The data is in/);
  }, 120_000);
});
