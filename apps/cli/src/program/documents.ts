import { writeFile } from 'node:fs/promises';
import { diffOf, yamlText } from '@jifen/app-rules';
import { EXIT_FAILED, EXIT_OK, optional, required, UsageError, type Command, type Invocation } from '../command.ts';
import { faultLine, readDocument, readProgram } from './files.ts';
import { SERVER_OPTIONS, serverFor, type Server } from './server.ts';

export const OF_SERVER = /^(draft|in-force|[1-9]\d{0,14})$/;

interface Named {
  readonly name: string;
  readonly document: unknown;
}

/** A file, or with a server `draft`, `in-force` or the number of a version. */
async function documentOf(invocation: Invocation, text: string): Promise<Named> {
  if (OF_SERVER.test(text)) return { name: text, document: await fetched(serverFor(invocation), text) };
  const read = await readDocument(text);
  if (!read.ok) throw new Error(read.faults.map(faultLine).join('\n'));
  return { name: text, document: read.value.value };
}

async function fetched(server: Server, name: string): Promise<unknown> {
  if (name === 'draft') return (await server.call('GET', '/v1/program')).body['document'];
  const version = name === 'in-force' ? await inForce(server) : name;
  return (await server.call('GET', `/v1/program/versions/${version}`)).body['document'];
}

const MAX_PAGES = 100;

async function inForce(server: Server): Promise<number> {
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const { body } = await server.call('GET', `/v1/program/versions?limit=100${cursor}`);
    const { data, next } = body as { data: { version: number; state: string }[]; next?: number };
    const found = data.find(({ state }) => state === 'in-force');
    if (found !== undefined) return found.version;
    if (next === undefined) break;
    cursor = `&cursor=${next}`;
  }
  throw new Error('no version is in force');
}

export const DIFF: Command = {
  name: 'program diff',
  summary: 'What changed between two programs; exit code 1 when something did',
  usage: '<from> <to> [--url <…>]  (files, or of a server: draft, in-force, a version)',
  options: SERVER_OPTIONS,
  positionals: 2,
  run: async (invocation) => {
    const [from = '', to = ''] = invocation.positionals;
    const diff = diffOf(await documentOf(invocation, from), await documentOf(invocation, to), yamlText);
    const { added, removed, changed, reordered } = diff.rules;
    const summary = [
      ...added.map((rule) => `rule ${rule}: new`),
      ...removed.map((rule) => `rule ${rule}: gone`),
      ...changed.map(({ rule, fields }) => `rule ${rule}: ${fields.map(({ path }) => path || '/').join(', ')}`),
      ...(reordered ? ['the rules stand in another order'] : []),
      ...diff.settings.map(({ path }) => path || '/'),
      '',
    ];
    invocation.answer(diff, diff.same ? ['No difference.'] : [...summary, diff.text.trimEnd()]);
    return diff.same ? EXIT_OK : EXIT_FAILED;
  },
};

export const EXPORT: Command = {
  name: 'program export',
  summary: 'Write a program of a server as YAML (or JSON), to keep it in git',
  usage: '[draft | in-force | <version>] [--out <file>] [--url <…>]',
  options: {
    ...SERVER_OPTIONS,
    out: { type: 'string', help: 'write to this file; its ending (.yaml, .json) says how' },
  },
  positionals: 'any',
  run: async (invocation) => {
    const [name = 'in-force', ...rest] = invocation.positionals;
    if (rest.length > 0 || !OF_SERVER.test(name)) throw new UsageError('export draft, in-force or a version');
    const document = await fetched(serverFor(invocation), name);
    const out = optional(invocation, 'out');
    const text = out?.endsWith('.json') === true ? `${JSON.stringify(document, null, 2)}\n` : yamlText(document);
    if (out === undefined) invocation.answer(document, [text.trimEnd()]);
    else {
      await writeFile(out, text);
      invocation.answer({ file: out }, [`Wrote ${out}.`]);
    }
    return EXIT_OK;
  },
};

export const PUBLISH: Command = {
  name: 'program publish',
  summary: 'Make a program file the next version: saves it as the draft, then publishes it, unless somebody was faster',
  usage: '<file> | --rollback <version>  [--at <instant>] [--dry-run] [--url <…>]',
  options: {
    ...SERVER_OPTIONS,
    at: { type: 'string', help: 'when it comes into force, e.g. 2026-12-01T00:00:00+08:00 (default now)' },
    rollback: { type: 'string', help: 'publish this older version again instead of a file' },
    'dry-run': { type: 'boolean', help: 'only show what would change against the version in force' },
  },
  positionals: 'any',
  run: async (invocation) => {
    const server = serverFor(invocation);
    const at = optional(invocation, 'at');
    const from = at === undefined ? {} : { effectiveFrom: at };
    const [file, ...rest] = invocation.positionals;
    const rollback = optional(invocation, 'rollback');
    if ((file === undefined) === (rollback === undefined) || rest.length > 0)
      throw new UsageError('give one file, or --rollback');
    const dry = invocation.values['dry-run'] === true;
    if (file === undefined) {
      const version = Number(required(invocation, 'rollback'));
      if (!Number.isSafeInteger(version) || version < 1) throw new UsageError('--rollback is the number of a version');
      if (dry) return showDiff(invocation, server, await fetched(server, String(version)), `version ${version}`);
      const { body } = await server.call('POST', '/v1/program/publish', { body: { version, ...from } });
      return told(invocation, body);
    }
    const read = await readProgram(file);
    if (!read.ok) {
      invocation.answer({ published: false, faults: read.faults }, read.faults.map(faultLine));
      return EXIT_FAILED;
    }
    if (dry) return showDiff(invocation, server, read.value, file);
    const { etag } = await server.call('GET', '/v1/program', { expected: [404] });
    const match = etag === undefined ? {} : { 'if-match': etag };
    const saved = await server.call('PUT', '/v1/program', { body: read.value, headers: match });
    const headers = saved.etag === undefined ? {} : { 'if-match': saved.etag };
    const { body } = await server.call('POST', '/v1/program/publish', { body: from, headers });
    return told(invocation, body);
  },
};

async function showDiff(invocation: Invocation, server: Server, document: unknown, name: string): Promise<number> {
  const { body } = await server.call('GET', '/v1/program/versions?limit=1');
  const none = (body['data'] as unknown[]).length === 0;
  const before = none ? {} : await fetched(server, 'in-force');
  const diff = diffOf({ name: 'in-force', document: before }, { name, document }, yamlText);
  invocation.answer(diff, diff.same ? ['Nothing would change.'] : [diff.text.trimEnd()]);
  return EXIT_OK;
}

function told(invocation: Invocation, body: Readonly<Record<string, unknown>>): number {
  const { version, effectiveFrom, published } = body;
  const line =
    published === true
      ? `Published version ${String(version)}, in force from ${String(effectiveFrom)}.`
      : `Version ${String(version)} says the same already: nothing to publish.`;
  invocation.answer(body, [line]);
  return EXIT_OK;
}
