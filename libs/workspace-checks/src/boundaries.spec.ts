import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.ts';

interface Answer {
  readonly code: number;
  readonly output: string;
}

/** Lints a text as if it were the file; nothing is written. */
function lint(file: string, text: string): Promise<Answer> {
  const args = ['--stdin', '--stdin-filename', join(ROOT, file)];
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, 'node_modules/eslint/bin/eslint.js'), ...args],
      { cwd: ROOT, env: { ...process.env, NX_DAEMON: 'false' } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
    child.stdin?.end(text);
  });
}

const importing = (name: string): string => `import * as things from '${name}';\n\nexport const all = things;\n`;
const BOUNDARY = '@nx/enforce-module-boundaries';

describe('the linter', () => {
  // Without a cached project graph the boundary rule says so and lets everything pass.
  beforeAll(async () => {
    await new Promise<void>((resolve, reject) => {
      execFile(
        process.execPath,
        [realpathSync(join(ROOT, 'node_modules/.bin/nx')), 'show', 'projects', '--json'],
        { cwd: ROOT, env: { ...process.env, NX_DAEMON: 'false' } },
        (error) => (error === null ? resolve() : reject(error)),
      );
    });
  }, 120_000);

  it.each([
    ['libs/kernel/src/canary.ts', '@jifen/event-store', 'the kernel knows nobody'],
    ['libs/ledger/src/canary.ts', '@jifen/messaging', 'a domain has no bus'],
    ['libs/ledger/src/canary.ts', '@jifen/event-store-postgres', 'a domain has no database'],
    ['libs/rules/src/canary.ts', '@jifen/ledger', 'a domain knows no other'],
    ['libs/event-store/src/canary.ts', '@jifen/event-store-postgres', 'a port knows no adapter'],
    ['libs/service-host/src/canary.ts', '@jifen/app-ledger', 'the host knows no service'],
    ['apps/ledger/src/canary.ts', '@jifen/app-rules', 'a service knows no other'],
    ['apps/ledger/src/canary.ts', '@jifen/rules', 'a service knows no other domain'],
  ])(
    'refuses that %s imports %s: %s',
    async (file, name) => {
      const answer = await lint(file, importing(name));
      expect(answer.output).toContain(BOUNDARY);
      expect(answer.code).toBe(1);
    },
    60_000,
  );

  it.each([
    ['libs/ledger/src/canary.ts', '@jifen/kernel'],
    ['apps/ledger/src/canary.ts', '@jifen/ledger'],
    ['apps/ledger/src/canary.ts', '@jifen/service-host'],
  ])(
    'lets %s import %s',
    async (file, name) => {
      expect(await lint(file, importing(name))).toEqual({ code: 0, output: '' });
    },
    60_000,
  );

  it.each([
    ['the clock', 'export const now = (): number => Date.now();\n', 'no-restricted-properties'],
    ['chance', 'export const roll = (): number => Math.random();\n', 'no-restricted-properties'],
    ['a date of now', 'export const now = (): Date => new Date();\n', 'no-restricted-syntax'],
    ['the environment', "export const home = (): unknown => process.env['HOME'];\n", 'no-restricted-globals'],
    ['a deep import', importing('@jifen/kernel/src/points.ts'), 'no-restricted-imports'],
  ])(
    'refuses %s in a domain',
    async (_, text, rule) => {
      const answer = await lint('libs/ledger/src/canary.ts', text);
      expect(answer.output).toContain(rule);
    },
    60_000,
  );
});
