// Writes published/<message>.json: the form of each schema that later ones are held to. Run it when a change is meant.
import { readFile, readdir, writeFile } from 'node:fs/promises';

const source = new URL('../src/', import.meta.url);
const target = new URL('../published/', import.meta.url);
/** The program document is versioned by its own publishing; it is not a message. */
const NOT_A_MESSAGE = new Set(['program']);
for (const entry of await readdir(source, { withFileTypes: true })) {
  if (!entry.isDirectory() || NOT_A_MESSAGE.has(entry.name)) continue;
  const text = await readFile(new URL(`${entry.name}/schema.json`, source), 'utf8');
  await writeFile(new URL(`${entry.name}.json`, target), `${JSON.stringify(JSON.parse(text))}\n`);
}
