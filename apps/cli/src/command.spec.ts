import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureBuilt } from '@jifen/testing';
import { table } from './command.ts';

describe('what a terminal gets', () => {
  it('has nothing in a table that others could command it by', () => {
    expect(table(['KEY', 'DETAIL'], [['\u001b[2Jorder', 'two\nlines']])).toEqual([
      'KEY        DETAIL',
      '\uFFFD[2Jorder  two\uFFFDlines',
    ]);
  });

  it('ends without a word when nobody reads on', async () => {
    await ensureBuilt();
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    // The reading end is closed long before Node has begun to write.
    const script = '{ "$0" "$1" --help; echo "code $?" >&2; } | { exec <&-; sleep 2; }';
    const { stderr } = await promisify(execFile)('sh', ['-c', script, process.execPath, main]);
    expect(stderr).toBe('code 1\n');
  }, 30_000);
});
