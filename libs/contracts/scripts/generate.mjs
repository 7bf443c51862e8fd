// Writes src/<message>/type.ts from src/<message>/schema.json. `--check` only compares.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';

const root = new URL('../src/', import.meta.url);
const check = process.argv.includes('--check');
const options = await resolveConfig(new URL('index.ts', root));
let stale = 0;

/** Titles name types only where there is an object, and a lower bound of an array makes no better type. */
const forTypes = (node) => {
  if (Array.isArray(node)) return node.map(forTypes);
  if (typeof node !== 'object' || node === null) return node;
  const drop = (key, value) => key === 'minItems' || (key === 'title' && typeof value === 'string' && !node.properties);
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !drop(key, value))
      .map(([key, value]) => [key, forTypes(value)]),
  );
};

for (const entry of await readdir(root, { withFileTypes: true })) {
  if (!entry.isDirectory()) continue;
  const folder = new URL(`${entry.name}/`, root);
  const schema = JSON.parse(await readFile(new URL('schema.json', folder), 'utf8'));
  const compiled = await compile(forTypes(schema), schema.title, {
    bannerComment: '',
    additionalProperties: false,
    maxItems: -1,
  });
  const text = await format(`// Generated from schema.json.\n${compiled}`, { ...options, parser: 'typescript' });
  const target = new URL('type.ts', folder);
  const current = await readFile(target, 'utf8').catch(() => '');
  if (current === text) continue;
  stale += 1;
  if (!check) await writeFile(target, text);
  console.log(`${check ? 'stale' : 'written'}: src/${entry.name}/type.ts`);
}
if (check && stale > 0) process.exit(1);
