#!/usr/bin/env node
// Builds what is missing, then runs dist/main.js under the Node that comes with the workspace. Plain JavaScript, because nothing is built yet.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { build, isStale } from './build.js';

const OLDEST = [20, 19];
const WANTED_MAJOR = 24;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(`Jifen needs Node ${OLDEST.join('.')} or newer to start; this is ${process.versions.node}.`);
  process.exit(1);
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const packaged = `${root}node_modules/node/bin/node`;
const node = major >= WANTED_MAJOR ? process.execPath : packaged;
if (!existsSync(node)) {
  console.error(
    `Jifen runs on Node ${WANTED_MAJOR}, which \`npm ci\` installs into node_modules: run \`npm ci\` first.`,
  );
  process.exit(1);
}

if (isStale(root)) {
  const code = await build(root, node);
  if (code !== 0) process.exit(code);
}

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { STANDALONE_NODE_FLAGS } = await import('../dist/node-flags.js');
runUnder(node);

/** The child gets every signal once more from here; it takes two within half a second for one. */
function runUnder(binary) {
  const child = spawn(binary, [...STANDALONE_NODE_FLAGS, main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`${binary} does not start: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}
