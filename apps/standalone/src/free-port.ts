import { createServer } from 'node:net';

const MAX_TRIES = 50;

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The port itself or the next one above it that nobody listens on. */
export async function nextFreePort(port: number, host = '127.0.0.1'): Promise<number> {
  for (let candidate = port; candidate < port + MAX_TRIES && candidate <= 65_535; candidate++) {
    if (await canListen(candidate, host)) return candidate;
  }
  throw new Error(`no free port from ${port} on (${MAX_TRIES} tried)`);
}
