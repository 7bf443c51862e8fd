import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { issueKey, startStandalone, type RunningStandalone } from '@jifen/app-standalone';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import { COMMANDS, run } from '../index.ts';

const FILES = ['program.yaml', 'program.program-test.yaml', 'activities.yaml'];
const execute = promisify(execFile);
const shell = (script: string) => execute('sh', ['-e', '-c', script], { env: { ...process.env } });
const PAGES = ['programs.md', 'programs.zh-CN.md'];

const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

let database: RunningPostgres;
let system: RunningStandalone;
let folder: string;
const before = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jifen-programs-'));
  database = await startPostgres({ fsync: false });
  system = await startStandalone({
    dataDir: join(folder, 'data'),
    databaseUrl: database.url,
    port: 0,
    logLevel: 'error',
    environment: {},
  });
  process.env['JIFEN_URL'] = system.url;
}, 120_000);
afterAll(async () => {
  process.chdir(before);
  delete process.env['JIFEN_URL'];
  delete process.env['JIFEN_KEY'];
  await system.stop();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

/** In the order of the page; what each block prints. */
async function expectTheSameByHttp(blocks: readonly string[]): Promise<void> {
  const said: string[] = [];
  for (const block of blocks) {
    const script = block.replaceAll(/^curl /gm, "curl -f -w '\\n' ");
    said.push((await shell(script)).stdout.trim());
  }
  const [, drafted = '', tried = '', shadow = '', published = '', back = ''] = said;
  const json = (lines: string): unknown[] => lines.split('\n').map((line) => JSON.parse(line) as unknown);
  const [checked = '', saved = '', ...diff] = drafted.split('\n');
  expect(JSON.parse(checked)).toEqual({ valid: true, violations: [] });
  expect(JSON.parse(saved)).toMatchObject({ violations: [] });
  expect(diff.join('\n')).toMatch(/^-.*'?1'?[^]*^\+.*'?2'?/m);
  const [order, asked, jobs] = json(tried);
  expect(order).toMatchObject({ totals: { points: 259 } });
  expect(asked).toMatchObject({ state: 'queued' });
  expect(JSON.stringify(jobs)).toContain((asked as { readonly id: string }).id);
  expect(json(shadow)).toMatchObject([{ percent: 10, candidate: 'draft 3' }, { percent: 10 }, { percent: 10 }]);
  const [second, versions] = json(published);
  expect(second).toMatchObject({ version: 2 });
  expect(versions).toMatchObject({ data: [{ version: 2 }, { version: 1 }] });
  expect(json(back)).toMatchObject([{ version: 3 }]);
  // The same If-Match once more.
  const again = (blocks[4] ?? '').replace(/^ETAG=.*$/m, `ETAG='"1"'`);
  const { stdout } = await shell(again.split('\n').slice(0, 2).join('\n'));
  expect(JSON.parse(stdout)).toMatchObject({ status: 409, code: 'version_conflict' });
}

describe.each(PAGES)('the steps of %s', (page) => {
  it('do what the page says, one after the other', async () => {
    const text = await readFile(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8');
    const own = await mkdtemp(join(folder, 'page-'));
    const files = blocksOf(text, 'yaml');
    expect(files).toHaveLength(FILES.length);
    for (const [index, name] of FILES.entries()) await writeFile(join(own, name), files[index] ?? '');
    process.chdir(own);
    process.env['JIFEN_KEY'] = await issueKey(database.url, {
      program: page.startsWith('programs.zh') ? 'zh' : 'en',
      name: page,
    });
    const lines = (blocksOf(text, 'sh')[0] ?? '').trim().split('\n');
    const told = new Map<string, string>();
    for (const line of lines) {
      const said: string[] = [];
      const output = { out: (each: string) => said.push(each), err: (each: string) => said.push(each) };
      const code = await run(COMMANDS, line.replace(/^npx jifen /, '').split(' '), {
        out: (each) => void output.out(each),
        err: (each) => void output.err(each),
      });
      told.set(line, said.join('\n'));
      expect([line, code, said]).toEqual([line, 0, said]);
    }
    const answers = [...told.values()];
    expect(answers[1]).toContain('1 of 1 cases pass');
    expect(answers[2]).toContain('points: 150 instead of 150 (0), worth 1.50 instead of 1.50 CNY');
    expect(answers[4]).toContain('Published version 1');
    expect(answers[5]).toBe('No difference.');
    expect(answers[6]).toContain('0 members would have other points');
    expect(answers[8]).toContain('nothing to publish');
    expect(await readFile(join(own, 'exported.yaml'), 'utf8')).toContain('id: spend');
    await expectTheSameByHttp(blocksOf(text, 'sh').slice(1));
  }, 60_000);
});
