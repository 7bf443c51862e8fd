import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaSuite } from '@jifen/testing';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
/** By hand every run has other cases; a build has to give the same answer twice. */
const SEED = '20261124';
const LONG_MS = 900_000;
const run = promisify(execFile);

const lastLine = async (...args: string[]): Promise<string> => {
  const { stdout } = await run('npm', ['run', '--silent', ...args], { cwd: WORKSPACE, maxBuffer: 10_000_000 });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
};

describe('proofs, by their commands', () => {
  it(
    'U12 U13 U14: any order of arrival gives the same balances, pure and through a running system',
    async () => {
      const line = await lastLine('test:order', '--', '--cases', '10000', '--whole', '200', '--seed', SEED);
      expect(line).toBe('10450 cases, 0 differences');
    },
    LONG_MS,
  );

  it(
    'kills of the one process and of PostgreSQL lose nothing and pay nothing twice',
    async () => {
      const line = await lastLine('test:faults', '--', '--shape', 'standalone', '--kills', '20');
      expect(line).toMatch(/^20 kills, seed \d+: [1-9]\d* balances right, 0 wrong$/);
    },
    LONG_MS,
  );
});

await kafkaSuite('proofs on Kafka, by their commands', () => {
  it(
    'kills of services, PostgreSQL and the broker lose nothing and pay nothing twice',
    async () => {
      const line = await lastLine('test:faults', '--', '--shape', 'services', '--kills', '30');
      expect(line).toMatch(/^30 kills, seed \d+: [1-9]\d* balances right, 0 wrong$/);
    },
    LONG_MS,
  );
});
