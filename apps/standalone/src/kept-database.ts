import { errorText } from '@jifen/kernel';
import { startEmbedded, type EmbeddedPostgres } from '@jifen/testing';
import type { DataDirectory, EmbeddedDatabase } from './data-directory.ts';
import { keepRunning, type Kept } from './keep-running.ts';

/** The database of a start: one of its user's own, or the embedded one, which is started again when it ends by itself. */
export interface KeptDatabase extends EmbeddedDatabase {
  /** Resolves, with what its user should know, when the embedded one does not stay up and was given up. */
  readonly lost: Promise<string>;
  /** The stop has begun: what ends from now on is not started again, and a start that is not done is left off. */
  letGo(): void;
}

export interface KeepDatabaseOptions {
  /** `DATABASE_URL`; empty for the embedded one. */
  readonly given: string;
  /** A line for whoever watches: the server ended, and what is done about it. */
  readonly say: (line: string) => void;
}

/** In a row, with no minute of running in between: five starts within a quarter of a minute help no more. */
const MAX_ENDS = 6;
const LAST_WORDS = 6;
const FATAL = /(?:FATAL|PANIC): .*/;

export async function keepDatabase(
  directory: DataDirectory,
  { given, say }: KeepDatabaseOptions,
): Promise<KeptDatabase> {
  if (given !== '')
    return {
      url: given,
      lost: new Promise(() => undefined),
      letGo: () => undefined,
      stop: () => Promise.resolve(),
    };
  const stopping = new AbortController();
  const { signal } = stopping;
  const words = new LastWords();
  const start = async (port: number): Promise<EmbeddedPostgres> => {
    words.begin();
    const started = await startEmbedded({ dataDir: directory.postgres, port, signal, onLog: words.hear });
    // It was ready just when it was no longer wanted.
    if (signal.aborted) await started.stop();
    return started;
  };
  let server = await start(0);
  const kept = ({ pid, port, exited }: EmbeddedPostgres): Kept => ({
    label: 'PostgreSQL',
    ended: exited.then((exit) => `(process ${pid}) ended with ${exit}${words.reason()}`),
    again: async () => {
      try {
        server = await start(port);
      } catch (cause) {
        throw new Error(`${firstLine(cause)}${words.reason(true)}`, { cause });
      }
      return kept(server);
    },
  });
  const keeping = keepRunning(kept(server), { say, stopping: signal, maxEnds: MAX_ENDS });
  return {
    url: server.url,
    lost: new Promise((tell) => {
      void keeping.then((end) => {
        if (end !== undefined) tell(lostText(end, words.all(), directory.path));
      });
    }),
    letGo: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      await server.stop();
      await keeping;
    },
  };
}

/** What the server that ran last said, or says. */
class LastWords {
  #lines: string[] = [];

  begin(): void {
    this.#lines = [];
  }

  readonly hear = (line: string): void => {
    this.#lines.push(line);
    if (this.#lines.length > LAST_WORDS) this.#lines.shift();
  };

  all(): readonly string[] {
    return this.#lines;
  }

  /** In brackets: what it died of, else, where that must be in its words, the last of them. */
  reason(mustBe = false): string {
    const line = this.#lines.findLast((text) => FATAL.test(text)) ?? (mustBe ? this.#lines.at(-1) : undefined);
    return line === undefined ? '' : ` (${FATAL.exec(line)?.[0] ?? line.trim()})`;
  }
}

const firstLine = (error: unknown): string =>
  (errorText(error).split('\n')[0] ?? '').replace('PostgreSQL did not start: ', '');

const lostText = (end: string, words: readonly string[], path: string): string =>
  [
    `PostgreSQL does not stay up: ${MAX_ENDS} ends in a row, at last this: ${end}. Its last words:`,
    ...words.map((line) => `  ${line}`),
    `Jifen ends too. What was accepted is safe in ${path}. Mend what ends PostgreSQL (a full disk, too little memory, ` +
      'another program that takes its port or kills it), then start again: it recovers by itself.',
  ].join('\n');
