import { parseToken } from '@jifen/contracts';
import type { EventStore, Shard } from '@jifen/event-store';
import { TOPIC_OF_LOG, type PublishedLog } from '@jifen/messaging';
import { ProblemError } from './problem-error.ts';

export interface TokenWait {
  /** The store whose shard rows say how far the reader has come. */
  readonly store: Pick<EventStore<unknown>, 'log' | 'partitions' | 'shards' | 'onCommitted'>;
  /** The caller's `?after=`, as it came; nothing to wait for when left out. */
  readonly token: string | undefined;
  /** Cursor to look at, e.g. `origin:activity`. A token of the store's own log is compared with its positions instead. */
  readonly input: string;
  /** Logs that the store's consumer reads itself: a token of one is compared with how far its topic was read. */
  readonly reads?: readonly PublishedLog[];
  readonly timeoutMs?: number;
  readonly clock: () => number;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 50;

/** Waiters of one store share a look at its shard rows, so a thousand of them cost one query at a time. */
const looking = new WeakMap<object, Promise<readonly Shard[]>>();

function look(store: TokenWait['store']): Promise<readonly Shard[]> {
  const running = looking.get(store);
  if (running !== undefined) return running;
  const started = store.shards().finally(() => looking.delete(store));
  looking.set(store, started);
  return started;
}

/** Next commit of this process, or the pause, whichever is first. */
function commitOrPause(store: TokenWait['store'], pause: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, pause);
    const unsubscribe = store.onCommitted(done);
  });
}

/** Name of the cursor that says how far a log was seen; nothing where the reader sees nothing of it. */
function cursorOf({ input, reads = [] }: TokenWait, log: string): string | undefined {
  if (log === input.slice(input.indexOf(':') + 1)) return input;
  const read = reads.find((each) => each === log);
  return read && TOPIC_OF_LOG[read];
}

/**
 * Read-your-writes: resolves when everything the token names has been applied. Throws `ProblemError`: `invalid_request` for a
 * token of another kind, `not_caught_up` with what has been seen when the time is over.
 */
export async function waitForToken(wait: TokenWait): Promise<void> {
  const { store, token: text, timeoutMs, clock } = wait;
  if (text === undefined) return;
  const token = parseToken(text);
  const own = token?.log === store.log;
  const cursor = token && cursorOf(wait, token.log);
  const known = token !== undefined && [...token.positions.keys()].every((partition) => partition < store.partitions);
  if (token === undefined || !known || (!own && cursor === undefined)) {
    throw new ProblemError({
      code: 'invalid_request',
      detail: 'the token is none that this route can wait for',
      errors: [{ pointer: '/after', message: 'not a token of this deployment' }],
    });
  }
  const deadline = clock() + (timeoutMs ?? DEFAULT_TIMEOUT_MS);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const shards = new Map((await look(store)).map((shard) => [shard.partition, shard]));
    const seen = (partition: number): number => {
      const shard = shards.get(partition);
      return (own || cursor === undefined ? shard?.position : shard?.cursors[cursor]?.sequence) ?? 0;
    };
    const behind = [...token.positions].filter(([partition, position]) => seen(partition) < position);
    if (behind.length === 0) return;
    if (clock() >= deadline) {
      const places = behind
        .slice(0, 5)
        .map(([partition, position]) => `${partition}-${seen(partition)} of ${position}`);
      throw new ProblemError({ code: 'not_caught_up', detail: `seen so far: ${places.join(', ')}` });
    }
    await commitOrPause(store, Math.min(pause, Math.max(1, deadline - clock())));
  }
}
