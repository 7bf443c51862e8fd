import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository; paths of pages are relative to it. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const SKIPPED = new Set(['node_modules', 'dist', 'tmp']);

const markdownBelow = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });

/** What a reader of the repository starts from. */
export const GUIDES: readonly string[] = ['README.md', 'README.zh-CN.md', ...markdownBelow('docs')];
export const PAGES: readonly string[] = [...GUIDES, ...['apps', 'libs', 'deploy', 'examples'].flatMap(markdownBelow)];

const FENCE = /^```([\w-]*)\n([\s\S]*?)^```/gm;

export interface Block {
  readonly language: string;
  readonly text: string;
}

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(FENCE)].map(([, language = '', text = '']) => ({ language, text }));

const withoutBlocks = (markdown: string): string => markdown.replaceAll(FENCE, '');

/** As GitHub names the anchors of headings. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} +(.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Links of the page that lead to no file, or to no heading of it. */
export function deadLinks(page: string): readonly string[] {
  const prose = withoutBlocks(readText(page)).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target));
}

export function leads(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? page : normalize(join(dirname(page), decodeURIComponent(file)));
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || !path.endsWith('.md') || anchorsOf(readText(path)).has(decodeURIComponent(anchor));
}

/** Rows of the tables of a page, cell by cell. */
export const rowsOf = (markdown: string): readonly (readonly string[])[] =>
  [...markdown.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) => row.split('|').map((cell) => cell.trim()));
