import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaSuite } from '@jifen/testing';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

// A deployment of its own: beside another one two cores are too few.
await kafkaSuite('npm run test:downstream', () => {
  it('a consumer killed again and again rebuilds every balance', async () => {
    const args = ['run', '--silent', 'test:downstream', '--', '--kills', '6', '--members', '60'];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: WORKSPACE, maxBuffer: 10_000_000 });
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^6 kills, seed \d+: [1-9]\d* balances rebuilt, 0 different$/);
  }, 600_000);
});
