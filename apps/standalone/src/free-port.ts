import { createServer } from 'node:net';
import { UsageError } from './arguments.ts';

const MAX_TRIES = 50;

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'EACCES' ? 'this account may not; choose a port from 1024' : message;

/** The port that one gets by listening there, 0 being any; `undefined` when somebody else does. */
function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new UsageError(`nothing can listen on ${host}:${port}: ${reasonOf(error)}`));
    });
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** The port itself or the next one above it that nobody listens on; any free one for 0. */
export async function nextFreePort(port: number, givenHost?: string): Promise<number> {
  const host = givenHost === undefined || givenHost === '' ? '127.0.0.1' : givenHost;
  for (let candidate = port; candidate < port + MAX_TRIES && candidate <= 65_535; candidate++) {
    const found = await listenOnce(candidate, host);
    if (found !== undefined) return found;
  }
  throw new UsageError(`no free port from ${port} on (${MAX_TRIES} tried)`);
}
