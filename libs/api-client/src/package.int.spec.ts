import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const SECRET = Buffer.alloc(32, 7);

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Of somebody outside: installed from the file alone. */
const PROGRAM = `
import { createClient, verifyWebhook } from '@jifen/api-client';
const [id, sent, signature, body] = process.argv.slice(2);
const headers = { 'webhook-id': id, 'webhook-timestamp': sent, 'webhook-signature': signature };
const secrets = ['whsec_${SECRET.toString('base64')}'];
console.log(JSON.stringify([typeof createClient({ url: 'http://127.0.0.1:1', key: 'k' }).get, verifyWebhook(body, headers, { secrets })]));
`;

describe('the package', () => {
  let folder: string;
  let packed: Packed;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jifen-client-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE });
    [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [Packed];
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('has its code, its types and its page, and no source, spec or map', () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']));
    expect(paths.filter((path) => !/^(README\.md|package\.json|LICENSE|dist\/.*(\.js|\.d\.ts))$/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => path.includes('.spec.'))).toEqual([]);
  });

  it('works where nothing else of the workspace is', async () => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await writeFile(join(folder, 'program.mjs'), PROGRAM);
    const install = ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`];
    await run('npm', install, { cwd: folder });
    const event = { id: 'ledger-3-17', type: 'points.earned', time: '', program: 'demo', member: 'm-1', data: {} };
    const body = JSON.stringify(event);
    const sent = String(Math.floor(Date.now() / 1_000));
    const signed = createHmac('sha256', SECRET).update(`${event.id}.${sent}.${body}`).digest('base64');
    const args = ['program.mjs', event.id, sent, `v1,${signed}`, body];
    const { stdout } = await run(process.execPath, args, { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(['function', { ok: true, event }]);
  }, 120_000);
});
