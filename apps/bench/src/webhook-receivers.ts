import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a receiver behaves: the three that are not well are what the well ones must not feel. */
export const MANNERS = ['healthy', 'dead', 'slow', 'lying'] as const;
export type Manner = (typeof MANNERS)[number];

/** A slow one takes so long for each answer. */
const SLOW_MS = 3_000;

export interface Arrival {
  readonly endpoint: number;
  readonly member: string;
  /** `webhook-id`: the event's. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Receivers {
  readonly arrivals: readonly Arrival[];
  url(endpoint: number): string;
  close(): Promise<void>;
}

/** All receivers behind one port, each with a path of its own. `mannerOf` says how each behaves. */
export async function startReceivers(mannerOf: (endpoint: number) => Manner): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const endpoint = Number(request.url?.slice(1));
      const { member } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly member: string };
      arrivals.push({ endpoint, member, id: idOf(request), at: performance.timeOrigin + performance.now() });
      ANSWER[mannerOf(endpoint)](response);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    arrivals,
    url: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const idOf = ({ headers }: IncomingMessage): string => String(headers['webhook-id']);

const ANSWER: Readonly<Record<Manner, (response: ServerResponse) => void>> = {
  healthy: (response) => void response.writeHead(204).end(),
  // Takes the connection and never answers: worse than a closed port, for each attempt costs all the time that it may take.
  dead: () => undefined,
  slow: (response) => void setTimeout(() => response.writeHead(204).end(), SLOW_MS),
  // Says 200 and a length, and closes before the body.
  lying: (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{', () => response.destroy());
  },
};
