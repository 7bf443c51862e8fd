import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { present } from '@jifen/kernel';

/** Long work is done in so many threads, each with connections of its own to the database, and this one only hands it out. */
export interface Threads {
  /** The owner's. */
  readonly databaseUrl: string;
  readonly count: number;
}

export const MAX_THREADS = 64;
/** More of them would wait for the database, whatever the machine has. */
const USUAL_THREADS = 8;

/** One for each processor, within reason. */
export const usualThreads = (): number => Math.min(USUAL_THREADS, availableParallelism());

const CLOSE_MILLIS = 5_000;

interface Asked<Question> {
  /** The last is none: finish. */
  readonly question?: Question;
}

type Said<News, Answer> =
  | { readonly kind: 'news'; readonly news: News }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** What is left of an error on its way between threads. */
interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of PostgreSQL or of the system. */
  readonly code: string | undefined;
}

/** Asks one thread; rejects with the error that the thread met, or when it is gone. */
export type Ask<Question, News, Answer> = (question: Question, onNews?: (news: News) => void) => Promise<Answer>;

/**
 * Starts the script in so many threads and works with each of them at once, asking it one thing after another. When one fails the
 * others are ended in the middle of what they do, and the error of the first is thrown.
 */
export async function withThreads<Question, News, Answer>(
  script: URL,
  { databaseUrl, count }: Threads,
  work: (ask: Ask<Question, News, Answer>) => Promise<void>,
): Promise<void> {
  const threads: Thread<Question, News, Answer>[] = [];
  try {
    for (let n = 0; n < count; n++) threads.push(new Thread(script, databaseUrl));
    await Promise.all(threads.map((thread) => work((question, onNews) => thread.ask(question, onNews))));
    await Promise.all(threads.map((thread) => thread.close()));
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

interface Waiting<News, Answer> {
  readonly onNews: ((news: News) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

class Thread<Question, News, Answer> {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #waiting: Waiting<News, Answer> | undefined;
  #gone: Error | undefined;

  constructor(script: URL, databaseUrl: string) {
    // How this process was called (`--input-type`, `--eval`) is nothing for a script of its own.
    this.#worker = new Worker(script, { workerData: databaseUrl, execArgv: [] });
    this.#worker.on('message', (said: Said<News, Answer>) => this.#hear(said));
    this.#worker.on('error', (error: Error) => this.#lose(error));
    this.#worker.on('messageerror', (error: Error) => this.#lose(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#lose(new Error(`a thread of ${script.pathname.split('/').at(-1)} ended with ${code}`));
        resolve();
      });
    });
  }

  ask(question: Question, onNews: ((news: News) => void) | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      this.#waiting = { onNews, resolve, reject };
      this.#worker.postMessage({ question } satisfies Asked<Question>);
    });
  }

  /** Lets it close its connections. */
  async close(): Promise<void> {
    this.#worker.postMessage({} satisfies Asked<Question>);
    const timer = setTimeout(() => void this.end(), CLOSE_MILLIS);
    await this.#exited;
    clearTimeout(timer);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(said: Said<News, Answer>): void {
    const waiting = this.#waiting;
    if (said.kind === 'news') return waiting?.onNews?.(said.news);
    this.#waiting = undefined;
    if (said.kind === 'answer') waiting?.resolve(said.answer);
    else waiting?.reject(Object.assign(new Error(said.failure.message), said.failure));
  }

  #lose(error: Error): void {
    this.#gone ??= error;
    this.#waiting?.reject(this.#gone);
    this.#waiting = undefined;
  }
}

/** The URL that a thread was started with. */
export const threadDatabaseUrl = (): string => present(workerData as string | null, 'the URL of the database');

/** In the thread: answers each question, and closes when the last was asked. */
export function answerThreads<Question, News, Answer>(
  answer: (question: Question, tell: (news: News) => void) => Promise<Answer>,
  close: () => Promise<void>,
): void {
  const port = present(parentPort, 'the thread that asks');
  const say = (said: Said<News, Answer>): void => port.postMessage(said);
  const reply = async ({ question }: Asked<Question>): Promise<void> => {
    if (question === undefined) {
      await close();
      return port.close();
    }
    try {
      say({ kind: 'answer', answer: await answer(question, (news) => say({ kind: 'news', news })) });
    } catch (error) {
      say({ kind: 'failure', failure: failureOf(error) });
    }
  };
  port.on('message', (asked: Asked<Question>) => void reply(asked));
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, message: error.message, stack: error.stack, code };
}
