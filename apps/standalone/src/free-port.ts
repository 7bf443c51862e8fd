import { createServer } from 'node:net';

const MAX_TRIES = 50;

/** The port that one gets by listening there, 0 being any; `undefined` when somebody else does. */
function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** The port itself or the next one above it that nobody listens on; any free one for 0. */
export async function nextFreePort(port: number, host = '127.0.0.1'): Promise<number> {
  for (let candidate = port; candidate < port + MAX_TRIES && candidate <= 65_535; candidate++) {
    const found = await listenOnce(candidate, host);
    if (found !== undefined) return found;
  }
  throw new Error(`no free port from ${port} on (${MAX_TRIES} tried)`);
}
