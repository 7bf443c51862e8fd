import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const RECONNECT_MILLIS = 1_000;
/** The first is sent at once; under load one in this time says it all. */
const PAUSE_MILLIS = 20;

export interface WakeUpOptions {
  readonly pool: pg.Pool;
  readonly channel: string;
  /** Somebody else appended, or might have while we were not listening. */
  readonly onWake: () => void;
  readonly onError: (error: Error) => void;
}

/**
 * NOTIFY between processes, only ever a hint. It is sent after the commit, by itself: inside the writing transaction
 * it would take a lock of the whole server until the commit is on disk, and make all writers queue.
 */
export class WakeUp {
  readonly #options: WakeUpOptions;
  readonly #self = randomUUID();
  readonly #closing = new AbortController();
  #sending: Promise<void> | undefined;
  #again = false;
  #listening: Promise<void> | undefined;

  constructor(options: WakeUpOptions) {
    this.#options = options;
  }

  /** At most one is under way; those that come meanwhile become one more. */
  tell(): void {
    if (this.#sending !== undefined) {
      this.#again = true;
      return;
    }
    this.#sending = this.#send();
  }

  /** Opens the listening connection, once, and keeps it open. */
  listen(): void {
    this.#listening ??= this.#keepListening();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { pool, channel, onError } = this.#options;
    do {
      this.#again = false;
      try {
        await pool.query({ name: 'wake', text: 'SELECT pg_notify($1, $2)', values: [channel, this.#self] });
      } catch (error) {
        onError(asError(error));
      }
      await sleep(PAUSE_MILLIS);
    } while (this.#again && !this.#closing.signal.aborted);
    this.#sending = undefined;
  }

  async #keepListening(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#listenUntilLost(signal);
      } catch (error) {
        this.#options.onError(asError(error));
      }
      await sleep(RECONNECT_MILLIS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #listenUntilLost(signal: AbortSignal): Promise<void> {
    const { pool, channel, onWake } = this.#options;
    const client = new pg.Client(pool.options);
    const lost = new Promise<void>((done, fail) => {
      // More than one may come of a connection that is lost, and one that nobody hears would end the process.
      client.on('error', fail);
      client.once('end', done);
      signal.addEventListener('abort', () => done(), { once: true });
    });
    lost.catch(() => undefined);
    client.on('notification', (message) => {
      if (message.payload !== this.#self) onWake();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      onWake();
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const asError = (value: unknown): Error => (value instanceof Error ? value : new Error(String(value)));
