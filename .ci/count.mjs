// Sums the closing lines of all Jest runs in an output, those that Nx replays from its cache included.
import { readFileSync } from 'node:fs';

const [file = '', status = '1'] = process.argv.slice(2);
const text = readFileSync(file, 'utf8').replaceAll(/\u001b\[[0-9;]*m/g, '');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [, line] of text.matchAll(/^\s*Tests:\s+(.*total)\s*$/gm)) {
  for (const kind of Object.keys(sum)) sum[kind] += Number(new RegExp(`(\\d+) ${kind}`).exec(line)?.[1] ?? 0);
}
// A linter, a compiler or a suite that did not even load has failed without a test of its own.
if (status !== '0' && sum.failed === 0) sum.failed = 1;
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
