import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataDirectoryError, startPostgres } from './index.ts';

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

describe('startPostgres', () => {
  const directories: string[] = [];
  const directory = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), 'jifen-spec-'));
    directories.push(made);
    return made;
  };
  afterAll(async () => {
    for (const made of directories) await rm(made, { recursive: true, force: true });
  });

  it('gives a fresh UTF-8 database and takes it away again', async () => {
    const postgres = await startPostgres();
    expect(await query(postgres.url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    await postgres.stop();
    await expect(query(postgres.url, 'SELECT 1')).rejects.toThrow();
  });

  it('recovers what was committed when it was killed', async () => {
    const dataDir = await directory();
    const first = await startPostgres({ dataDir });
    await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    await first.kill();
    const second = await startPostgres({ dataDir });
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('makes the cluster beside the directory, so that a first start that is cut short leaves nothing half made', async () => {
    const dataDir = await directory();
    await mkdir(`${dataDir}.new`);
    await writeFile(join(`${dataDir}.new`, 'PG_VERSION'), 'cut sho');
    let whileMade: readonly string[] | undefined;
    const first = await startPostgres({ dataDir, onLog: () => void (whileMade ??= readdirSync(dataDir)) });
    await first.stop();
    expect(whileMade).toEqual([]);
    expect(await readdir(dataDir)).toContain('jifen-password');
    await expect(readdir(`${dataDir}.new`)).rejects.toThrow('ENOENT');
  });

  it('refuses a directory of somebody else and leaves it alone', async () => {
    const dataDir = await directory();
    await writeFile(join(dataDir, 'precious.txt'), 'mine');
    await expect(startPostgres({ dataDir })).rejects.toThrow(DataDirectoryError);
  });

  it('refuses a directory of another PostgreSQL version', async () => {
    const dataDir = await directory();
    await writeFile(join(dataDir, 'PG_VERSION'), '14\n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/made by PostgreSQL 14/);
  });
});
