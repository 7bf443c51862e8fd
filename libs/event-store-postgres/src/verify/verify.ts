import type { Pool } from 'pg';
import { EVENT_TYPES } from '../event-rows.ts';
import { checkName } from '../pool.ts';
import { withThreads, type Threads } from '../threads.ts';
import { walkChain, type BrokenRow, type Chain, type Walked, type WitnessedHead } from './chain-walk.ts';
import { strays } from './strays.ts';

export type { BrokenRow, WitnessedHead } from './chain-walk.ts';

export interface VerifyOptions {
  readonly pool: Pool;
  readonly schema: string;
  readonly log: string;
  /** Only this one; by default all. */
  readonly partition?: number;
  /** What a checkpoint says was there: the chain must pass through each of these hashes. */
  readonly witnessed?: readonly WitnessedHead[];
  /** Walks partitions at once, each in a thread; without it one after another in this one. */
  readonly threads?: Threads;
}

/** After each page: how far the partition was walked, of how much; `events` of all partitions so far, of `total`. */
export interface VerifyProgress {
  readonly partition: number;
  readonly position: number;
  readonly of: number;
  readonly events: number;
  readonly total: number;
}

export type Verification =
  | { readonly ok: true; readonly events: number }
  | { readonly ok: false; readonly events: number; readonly broken: BrokenRow };

interface Head {
  readonly partition: number;
  readonly position: number;
  readonly headHash: Buffer;
}

const headsSql = (schema: string): string => `
SELECT s.partition, s.position, s.head_hash AS "headHash" FROM ${schema}.shard s WHERE s.log = $1 ORDER BY s.partition`;

/**
 * Walks the hash chain of a log and says which row is the first that was changed, removed or added behind the store's back.
 * Reads in pages, blocks nobody; what is appended after the walk began is not part of it.
 */
export async function verifyLog(
  options: VerifyOptions,
  onProgress: (progress: VerifyProgress) => void = () => undefined,
): Promise<Verification> {
  const { pool, log, partition, witnessed = [] } = options;
  const schema = checkName(options.schema);
  const found = await pool.query<Head>({ text: headsSql(schema), values: [log], types: EVENT_TYPES });
  const heads = found.rows.filter((head) => partition === undefined || head.partition === partition);
  const gone = witnessed.find((each) => !heads.some((head) => head.partition === each.partition));
  if (gone !== undefined && partition === undefined)
    return {
      ok: false,
      events: 0,
      broken: { log, ...placeOf(gone), what: 'the partition of a checkpoint is missing' },
    };
  const total = heads.reduce((sum, { position }) => sum + position, 0);
  const chains = heads.map((head): Chain => ({ schema, log, head, witnessed }));
  let events = 0;
  const walked = await walkChains(options, chains, (partition, before, position, of) => {
    events += position - before;
    onProgress({ partition, position, of, events, total });
  });
  let sound = 0;
  for (const { position, broken } of walked) {
    sound += position;
    if (broken !== undefined) return { ok: false, events: sound, broken };
  }
  const [stray] = (await strays(pool, schema, log)).filter(
    (row) => partition === undefined || (row.log === log && row.partition === partition),
  );
  if (stray === undefined) return { ok: true, events: sound };
  return { ok: false, events: sound, broken: { ...placeOf(stray), log: stray.log, what: stray.why } };
}

const placeOf = ({ partition, position }: { readonly partition: number; readonly position: number }) => ({
  partition,
  position,
});

type OnPage = (partition: number, before: number, position: number, of: number) => void;

/** In the order of the partitions, up to the first that is broken: what comes after it need not be known. */
async function walkChains(
  { pool, threads }: Pick<VerifyOptions, 'pool' | 'threads'>,
  chains: readonly Chain[],
  onPage: OnPage,
): Promise<readonly Walked[]> {
  const walked: Walked[] = [];
  const waiting = chains.entries();
  let firstBroken = Infinity;
  const walk = async (
    ask: (chain: Chain, onPosition: (position: number) => void) => Promise<Walked>,
  ): Promise<void> => {
    for (const [index, chain] of waiting) {
      const { partition, position: of } = chain.head;
      let before = 0;
      const found = await ask(chain, (position) => {
        onPage(partition, before, position, of);
        before = position;
      });
      walked[index] = found;
      if (found.broken !== undefined) firstBroken = Math.min(firstBroken, index);
      if (firstBroken < Infinity) return;
    }
  };
  if (threads === undefined) await walk((chain, onPosition) => walkChain(pool, chain, onPosition));
  else
    await withThreads<Chain, number, Walked>(
      THREAD,
      { ...threads, count: Math.min(threads.count, chains.length) },
      walk,
    );
  return walked.slice(0, firstBroken + 1);
}

/** Built, also where this file runs as it is written: a thread has no compiler. */
const THREAD = new URL('../../dist/verify/chain-thread.js', import.meta.url);
