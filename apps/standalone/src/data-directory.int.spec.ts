import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectoryError, occupy, openDataDirectory, readState, writeState } from './data-directory.ts';
import { UsageError } from './arguments.ts';
import { nextFreePort } from './free-port.ts';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { startStandalone } from './standalone.ts';

const listening = async (server: Server): Promise<number> => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

describe('the data directory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-dir-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is made with a secret that only its owner reads, and is the same the next time', async () => {
    const first = await openDataDirectory(join(folder, 'new'));
    expect(first.secretKey).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(join(first.path, 'secret-key'))).mode & 0o777).toBe(0o600);
    expect((await openDataDirectory(first.path)).secretKey).toBe(first.secretKey);
  });

  it('is refused, untouched, when it holds something else', async () => {
    await writeFile(join(folder, 'precious.txt'), 'mine');
    await expect(openDataDirectory(folder)).rejects.toThrow(DataDirectoryError);
    expect(await readFile(join(folder, 'precious.txt'), 'utf8')).toBe('mine');
  });

  it('is refused when it was made by another format', async () => {
    await writeState(folder, 'jifen.json', { jifen: 99 });
    await expect(openDataDirectory(folder)).rejects.toThrow('data format 99');
  });

  it('is refused when a file is in its place', async () => {
    await writeFile(join(folder, 'file'), '');
    const fault = openDataDirectory(join(folder, 'file'));
    await expect(fault).rejects.toThrow(DataDirectoryError);
    await expect(fault).rejects.toThrow('it is a file. Choose another --data-dir');
    await expect(openDataDirectory(join(folder, 'file', 'below'))).rejects.toThrow('a part of the path is a file');
  });

  it('is made anew when the first start was cut short', async () => {
    await writeFile(join(folder, 'jifen.json.new'), '{"jif');
    expect((await openDataDirectory(folder)).path).toBe(folder);
  });

  it('is for one process at a time; the mark of a dead one is taken over', async () => {
    const directory = await openDataDirectory(folder);
    await writeState(directory.path, 'running.json', { pid: process.ppid });
    await expect(occupy(directory)).rejects.toThrow(`as process ${process.ppid}. Stop that one`);
    await writeState(directory.path, 'running.json', { pid: 2 ** 22 - 3 });
    const leave = await occupy(directory);
    expect(await readState(directory.path, 'running.json')).toEqual({ pid: process.pid });
    await leave();
    expect(await readState(directory.path, 'running.json')).toBeUndefined();
  });

  it('in use is refused before anything else is said, also of a busy port', async () => {
    const server = createServer();
    const port = await listening(server);
    await openDataDirectory(folder);
    await writeState(folder, 'running.json', { pid: process.ppid });
    const said: string[] = [];
    const start = startStandalone({ dataDir: folder, port, environment: {}, say: (line) => said.push(line) });
    await expect(start).rejects.toThrow(`as process ${process.ppid}. Stop that one`);
    expect(said).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('survives a broken state file', async () => {
    await mkdir(join(folder, 'x'));
    await writeFile(join(folder, 'x', 'demo.json'), '{"half');
    expect(await readState(join(folder, 'x'), 'demo.json')).toBeUndefined();
  });
});

describe('nextFreePort', () => {
  it('passes over a busy port', async () => {
    const server = createServer();
    const port = await listening(server);
    expect(await nextFreePort(port)).toBeGreaterThan(port);
    await new Promise((resolve) => server.close(resolve));
    expect(await nextFreePort(port)).toBe(port);
  });

  it('says why nothing can listen at an address, instead of trying its ports', async () => {
    const fault = nextFreePort(3000, '203.0.113.1');
    await expect(fault).rejects.toThrow(UsageError);
    await expect(fault).rejects.toThrow('nothing can listen on 203.0.113.1:3000');
  });
});
