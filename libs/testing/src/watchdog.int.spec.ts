import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { until } from './until.ts';

/** A process that starts a child of its own, watched over, and says its number. */
const PARENT = `
  import { spawn } from 'node:child_process';
  const { watchOver } = await import(process.env.WATCHDOG);
  const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const watchdog = watchOver(child.pid, 'TERM', process.env.FOLDER);
  if (process.env.DISMISS === 'yes') watchdog.dismiss();
  console.log(child.pid);
  setInterval(() => undefined, 1_000);
`;

async function parentOf(folder: string, dismiss: boolean): Promise<{ kill: () => Promise<void>; child: number }> {
  const parent = spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', PARENT], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      WATCHDOG: new URL('watchdog.ts', import.meta.url).href,
      FOLDER: folder,
      DISMISS: dismiss ? 'yes' : 'no',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const gone = once(parent, 'exit');
  return {
    child: Number(said.toString()),
    kill: async () => {
      parent.kill('SIGKILL');
      await gone;
    },
  };
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const folderOfOne = (): Promise<string> => mkdtemp(join(tmpdir(), 'jifen-watchdog-'));

describe('a watchdog', () => {
  it('ends the child of a process that was killed, and removes its folder', async () => {
    const folder = await folderOfOne();
    const parent = await parentOf(folder, false);
    expect(lives(parent.child)).toBe(true);
    await parent.kill();
    await until('the child is gone, and its folder', () => !lives(parent.child) && !existsSync(folder));
  });

  it('leaves the child alone once it is dismissed', async () => {
    const parent = await parentOf(await folderOfOne(), true);
    await parent.kill();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(lives(parent.child)).toBe(true);
    process.kill(parent.child, 'SIGKILL');
  });
});
