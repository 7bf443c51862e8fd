import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

/** What the receiver answers: a status, or nothing at all. */
export type Answer =
  | number
  | 'hang'
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: string };

/** A receiver of webhooks that answers as it is told and remembers what it got. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (received: Received) => Answer | Promise<Answer> = () => 204;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received: Received = {
          path: request.url ?? '',
          id: String(request.headers['webhook-id']),
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
          at: performance.now(),
        };
        this.received.push(received);
        void Promise.resolve(this.answer(received)).then((answer) => {
          if (answer === 'hang') return;
          const { status, headers, body = '' } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
          response.writeHead(status, headers).end(body);
        });
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  to(path: string): readonly Received[] {
    return this.received.filter((each) => each.path === path);
  }

  /** Closes every connection, as a receiver may that has waited long enough. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const PATIENCE_MS = 10_000;

/** Looks again until it holds. */
export async function eventually(check: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
