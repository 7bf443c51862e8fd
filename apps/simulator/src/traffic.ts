import { parseToken } from '@jifen/contracts';
import type { Client } from './client.ts';
import { persist, sleep } from './parallel.ts';
import type { Random } from './random.ts';
import type { Submission } from './workload.ts';

const BATCH = 40;
const LONGEST_PAUSE_MS = 20;
const SUBMIT_DEADLINE_MS = 180_000;

/** Orders that come in until told to stop, no batch given up. */
export interface Traffic {
  /** What the system has accepted so far. */
  readonly accepted: readonly Submission[];
  /** Partition → position of the last of it in the activity log. */
  readonly last: ReadonlyMap<number, number>;
  /** Settles when it has stopped; rejects when something was rejected or not taken in time. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

export function startTraffic(client: Client, random: Random, source: Iterator<Submission>): Traffic {
  const accepted: Submission[] = [];
  const last = new Map<number, number>();
  let running = true;
  const send = async (batch: readonly Submission[]): Promise<void> => {
    for (const kind of ['order', 'order-refund'] as const) {
      const bodies = batch.filter((each) => each.kind === kind).map(({ body }) => body);
      if (bodies.length === 0) continue;
      const answer = await persist(`submit ${kind}`, SUBMIT_DEADLINE_MS, () => client.submit(kind, bodies));
      if (answer.rejected.length > 0) throw new Error(`rejected: ${JSON.stringify(answer.rejected[0])}`);
      for (const [partition, position] of parseToken(answer.position ?? '')?.positions ?? []) {
        last.set(partition, Math.max(position, last.get(partition) ?? 0));
      }
    }
  };
  const run = async (): Promise<void> => {
    while (running) {
      const batch = nextOf(source);
      await send(batch);
      accepted.push(...batch);
      await sleep(random.between(0, LONGEST_PAUSE_MS));
    }
  };
  const done = run();
  // Whoever kills meanwhile looks at it later.
  done.catch(() => undefined);
  return {
    accepted,
    last,
    done,
    stop: () => {
      running = false;
      return done;
    },
  };
}

function nextOf(source: Iterator<Submission>): readonly Submission[] {
  const batch: Submission[] = [];
  while (batch.length < BATCH) {
    const next = source.next();
    if (next.done === true) break;
    batch.push(next.value);
  }
  return batch;
}
