import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from './workspace.ts';

const run = promisify(execFile);

describe('generated files', () => {
  it('are up to date: the types of the contracts follow from their schemas', async () => {
    const { stdout } = await run(process.execPath, ['scripts/generate.mjs', '--check'], {
      cwd: `${ROOT}/libs/contracts`,
    });
    expect(stdout).toBe('');
  }, 60_000);

  it('are up to date: the client follows from the OpenAPI document and the contracts', async () => {
    const told = await run(process.execPath, ['--conditions=@jifen/source', 'scripts/generate.mjs', '--check'], {
      cwd: `${ROOT}/libs/api-client`,
    }).catch((error: { stdout: string }) => error);
    expect(told.stdout).toBe('');
  }, 60_000);

  it('are up to date: what the routes answer follows from the return types of their controllers', async () => {
    const told = await run(process.execPath, ['scripts/answers.mjs', '--check'], {
      cwd: `${ROOT}/apps/standalone`,
    }).catch((error: { stdout: string }) => error);
    // Names the route and what to do.
    expect(told.stdout).toBe('');
  }, 60_000);
});
