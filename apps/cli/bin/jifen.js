#!/usr/bin/env node
// Runs dist/main.js under the Node that comes with the workspace; builds it when it is missing.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';

const WANTED_MAJOR = 24;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const [major = 0] = process.versions.node.split('.').map(Number);
const packaged = `${root}node_modules/node/bin/node`;
const node = major >= WANTED_MAJOR ? process.execPath : packaged;
if (!existsSync(node)) {
  console.error(
    `jifen runs on Node ${WANTED_MAJOR}, which \`npm ci\` installs into node_modules: run \`npm ci\` first.`,
  );
  process.exit(1);
}

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { build, isStale } = await import('../../standalone/bin/build.js');
if (isStale(root)) {
  const code = await build(root, node);
  if (code !== 0) process.exit(code);
}

if (node === process.execPath) await import(main);
else {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}
