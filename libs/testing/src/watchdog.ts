import { spawn } from 'node:child_process';

export interface Watchdog {
  /** What was watched has ended by other means. */
  dismiss(): void;
}

const SCRIPT =
  'cat >/dev/null; kill -"$1" "$2"; if [ -n "$3" ]; then while kill -0 "$2" 2>/dev/null; do sleep 0.2; done; rm -rf "$3"; fi';

/**
 * Ends a child when this process is gone, however it went: our end of the pipe closes then. Removes the directory, if one is given,
 * once the child is gone. A child that could not be started has no `pid`. Windows has no shell for it; there a child may be left behind.
 */
export function watchOver(pid: number | undefined, signal: 'INT' | 'TERM' | 'KILL', remove = ''): Watchdog {
  if (pid === undefined || process.platform === 'win32') return { dismiss: () => undefined };
  const dog = spawn('sh', ['-c', SCRIPT, 'jifen-watchdog', signal, String(pid), remove], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  dog.on('error', () => undefined);
  dog.stdin.on('error', () => undefined);
  dog.unref();
  unrefStream(dog.stdin);
  return {
    dismiss: () => {
      dog.kill('SIGKILL');
      // What it waits with ends only now.
      dog.stdin.destroy();
    },
  };
}

/** A stream that is open does not keep this process alive. */
export function unrefStream(stream: unknown): void {
  if (typeof stream === 'object' && stream !== null && 'unref' in stream && typeof stream.unref === 'function')
    stream.unref();
}
