import { parseArgs } from 'node:util';
import { COMMANDS } from '@jifen/app-cli';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, blocksOf, deadLinks, GUIDES, PAGES, readText, ROOT } from './pages.ts';

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Scripts that a reader of the page may run: those of the root, and of the project that the page describes. */
const scriptsOf = (page: string): ReadonlySet<string> =>
  new Set(
    ['package.json', join(dirname(page), 'package.json')]
      .filter((path) => existsSync(join(ROOT, path)))
      .flatMap((path) => Object.keys((JSON.parse(readText(path)) as Manifest).scripts ?? {})),
  );

const COMMON = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  progress: { type: 'boolean' },
  'data-dir': { type: 'string' },
  'database-url': { type: 'string' },
} as const;

/** What is wrong with a line `npx jifen …`, if anything. */
function faultOf(line: string): string | undefined {
  const words = line.split(/\s+/);
  const command = COMMANDS.find(({ name }) => words.slice(0, name.split(' ').length).join(' ') === name);
  if (command === undefined) return `no such command: ${line}`;
  const options: Record<string, { readonly type: 'string' | 'boolean' }> = { ...COMMON };
  for (const [name, { type }] of Object.entries(command.options)) options[name] = { type };
  try {
    parseArgs({ args: words.slice(command.name.split(' ').length), options, allowPositionals: true });
    return undefined;
  } catch (error) {
    return `${line}: ${String(error)}`;
  }
}

describe.each(PAGES)('%s', (page) => {
  const text = readText(page);

  it('leads nowhere that does not exist', () => {
    expect(deadLinks(page)).toEqual([]);
  });

  it('names scripts and commands that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)(?: -w ([\w/-]+))?/g)];
    const missing = named.filter(
      ([, name = '', workspace]) => !scriptsOf(workspace === undefined ? page : `${workspace}/README.md`).has(name),
    );
    expect(missing.map(([command]) => command)).toEqual([]);
    const commands = [...text.matchAll(/npx jifen ([^`\n|]+)/g)].map(([, line = '']) => line.trim());
    const known = commands.filter((line) => !line.startsWith('<'));
    expect(known.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });
});

describe('the guides', () => {
  it.each(GUIDES.filter((page) => !page.includes('.zh-CN')))(
    '%s says as much in Chinese, if it does at all',
    (page) => {
      const chinese = page.replace(/\.md$/, '.zh-CN.md');
      if (!existsSync(join(ROOT, chinese))) return;
      const shape = (path: string): readonly (string | number)[] => [
        anchorsOf(readText(path)).size,
        ...blocksOf(readText(path)).map(({ language }) => language),
      ];
      expect(shape(chinese)).toEqual(shape(page));
    },
  );

  it('have the two that everybody starts from in both languages', () => {
    expect(GUIDES).toEqual(expect.arrayContaining(['README.zh-CN.md', 'docs/operations.zh-CN.md']));
  });

  it.each(GUIDES.filter((page) => /^docs\/[\w-]+\.md$/.test(page)))('lead to %s, in both languages', (page) => {
    const chinese = page.replace(/\.md$/, '.zh-CN.md');
    expect(readText('README.md')).toContain(`(${page})`);
    expect(readText('README.zh-CN.md')).toContain(`(${GUIDES.includes(chinese) ? chinese : page})`);
  });

  it('give no figure without command, machine and date', () => {
    const text = readText('docs/benchmarks.md');
    expect(text).toMatch(/npm run bench/);
    expect(text).toMatch(/\b20\d\d-\d\d-\d\d\b/);
    expect(text).toMatch(/\bcores?\b/i);
  });
});
