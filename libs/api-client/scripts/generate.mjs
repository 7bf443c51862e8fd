// Writes src/api.ts from docs/reference/openapi.json, and src/events/ from the contracts. `--check` only compares.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { CHANNELS, WEBHOOK_MESSAGES } from '../../contracts/src/channels.ts';

/** What webhooks carry. */
const TOPICS = new Set(['jifen.ledger.v1', 'jifen.tier.v1', 'jifen.member.v1']);
const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const options = { ...(await resolveConfig(new URL('src/index.ts', root))), parser: 'typescript' };
const files = new Map();

const document = JSON.parse(await readFile(new URL('../../docs/reference/openapi.json', root), 'utf8'));
const api = astToString(await openapiTS(document, { immutable: true }));
files.set('src/api.ts', `// Generated from docs/reference/openapi.json.\n${api}`);

const messages = [...CHANNELS.filter(({ topic }) => TOPICS.has(topic)), WEBHOOK_MESSAGES].flatMap(
  (channel) => channel.messages,
);
const schemas = [...new Set(messages.map(({ schema }) => schema))];
const named = [];
for (const schema of schemas) {
  const text = await readFile(new URL(`../contracts/src/${schema}/type.ts`, root), 'utf8');
  const [, name] = /^export (?:interface|type) (\w+)/m.exec(text);
  files.set(
    `src/events/${schema}.ts`,
    text.replace('// Generated from schema.json.', '// Generated from the contract.'),
  );
  named.push({ schema, name });
}
const nameOf = (schema) => named.find((one) => one.schema === schema).name;
files.set(
  'src/events/index.ts',
  `// Generated from the contracts.
${named.map(({ schema, name }) => `import type { ${name} } from './${schema}.ts';`).join('\n')}

export type { ${named.map(({ name }) => name).join(', ')} };

/** What \`data\` of a webhook is, by its \`type\`. */
export interface EventData {
${messages.map(({ type, schema, says }) => `/** ${says} */\nreadonly '${type}': ${nameOf(schema)};`).join('\n')}
}
`,
);

let stale = 0;
for (const [path, source] of files) {
  const target = new URL(path, root);
  const text = await format(source, options);
  if ((await readFile(target, 'utf8').catch(() => '')) === text) continue;
  stale += 1;
  if (!check) await writeFile(target, text);
  console.log(check ? `stale: ${path}; run npm run generate -w libs/api-client` : `written: ${path}`);
}
if (check && stale > 0) process.exit(1);
