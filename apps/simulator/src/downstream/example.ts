import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLES = fileURLToPath(new URL('../../../../examples/', import.meta.url));

type Environment = Readonly<Record<string, string>>;

const node = (script: string): readonly string[] => ['--no-warnings', join(EXAMPLES, script)];

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Runs a script of `examples/` to its end. */
export const finish = (script: string, environment: Environment, input = ''): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = execFile(process.execPath, [...node(script)], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, output: code === 0 ? stdout : stdout + stderr });
      else reject(new Error(`${script} did not end by itself`, { cause: error }));
    });
    child.stdin?.end(input);
  });

export interface Following {
  /** Everything it has printed so far. */
  output(): string;
  /** Undefined while it runs. */
  code(): number | undefined;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a script of `examples/` that runs until told to stop. */
export function follow(script: string, environment: Environment): Following {
  const child: ChildProcess = spawn(process.execPath, [...node(script)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const exited = once(child, 'exit');
  return {
    output: () => chunks.join(''),
    code: () => child.exitCode ?? undefined,
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
