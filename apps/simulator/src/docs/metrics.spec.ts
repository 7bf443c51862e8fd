import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES, readText, ROOT } from './pages.ts';
import { metricsIn } from './queries.ts';

const sourcesBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(folder, path));

/** As they are registered, each with what it tells. */
const registered = new Set(
  ['apps', 'libs']
    .flatMap(sourcesBelow)
    .flatMap((path) => [...readText(path).matchAll(/'(jifen_\w+)',\s*(?:help:|'[A-Z])/g)].map(([, name = '']) => name)),
);

const ours = (text: string): readonly string[] => metricsIn(text).filter((name) => name.startsWith('jifen_'));

describe('the metrics', () => {
  it('are named on some page, each of them', () => {
    expect(registered.size).toBeGreaterThan(30);
    const told = new Set(PAGES.flatMap((page) => ours(readText(page))));
    expect([...registered].filter((name) => !told.has(name))).toEqual([]);
  });

  it('that pages name are there', () => {
    const roles = /^jifen_(ingestion|rules|ledger|tiering|notifications|sink)$/;
    const unknown = PAGES.flatMap((page) =>
      ours(readText(page))
        .filter((name) => !roles.test(name) && !registered.has(name.replace(/_(bucket|sum|count)$/, '')))
        .map((name) => `${page}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it.each(PAGES.filter((page) => PAGES.includes(page.replace(/\.md$/, '.zh-CN.md'))))(
    'of %s are those of the Chinese page',
    (page) => {
      const chinese = page.replace(/\.md$/, '.zh-CN.md');
      expect([...ours(readText(chinese))].sort()).toEqual([...ours(readText(page))].sort());
    },
  );
});
