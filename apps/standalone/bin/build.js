// Decides whether dist/ is older than the sources, and builds it with a sign of life.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

const STAMP = 'apps/standalone/dist/.built';
const TARGETS = ['apps/standalone', 'apps/cli'];
const GROUPS = ['apps', 'libs'];
const SKIPPED = new Set(['node_modules', 'dist', '.jifen', 'tmp']);

const isSource = (name) => (name.endsWith('.ts') && !name.endsWith('.spec.ts')) || name.endsWith('.json');

/** Milliseconds of the newest source below the folder. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = Math.max(latest, newest(path));
    else if (isSource(entry.name)) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

export function isStale(root) {
  const stamp = join(root, STAMP);
  if (!existsSync(stamp)) return true;
  const projects = GROUPS.flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)));
  const needed = projects.filter((path) => !/bench|simulator|workspace-checks/.test(path));
  if (needed.some((path) => !existsSync(join(path, 'dist/index.js')))) return true;
  return Math.max(...GROUPS.map((group) => newest(join(root, group)))) > statSync(stamp).mtimeMs;
}

/** Resolves with the compiler's exit code; what it says is printed only when it fails. */
export function build(root, node) {
  const started = Date.now();
  const begun = new Date(started);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(compiler)) {
    console.error('The compiler is not installed: run `npm ci` first.');
    return Promise.resolve(1);
  }
  const child = spawn(node, [compiler, '-b', '--verbose', ...TARGETS], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let built = 0;
  const show = (text) => process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`);
  const seconds = () => Math.round((Date.now() - started) / 1000);
  if (!process.stderr.isTTY) process.stderr.write('Building …\n');
  const timer = setInterval(() => show(`Building … ${built} projects, ${seconds()} s`), 200);
  child.stdout.on('data', (chunk) => {
    said += chunk;
    built += String(chunk).split('Building project').length - 1;
  });
  child.stderr.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      clearInterval(timer);
      console.error(`The build did not start: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => {
      clearInterval(timer);
      show('');
      if (code === 0) {
        const stamp = join(root, STAMP);
        mkdirSync(dirname(stamp), { recursive: true });
        // Dated at the start, so that a source edited meanwhile counts as newer.
        writeFileSync(stamp, begun.toISOString());
        utimesSync(stamp, begun, begun);
        if (!process.stderr.isTTY) process.stderr.write(`Built in ${seconds()} s.\n`);
      } else {
        console.error(
          said
            .split('\n')
            .filter((line) => line.includes('error'))
            .join('\n') || said,
        );
        console.error('The build failed.');
      }
      resolve(code ?? 1);
    });
  });
}
