import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tieringService } from '@jifen/app-tiering';
import type { LedgerEntry, ProgramPublished } from '@jifen/contracts';
import { createPool } from '@jifen/event-store-postgres';
import { instant, memberKey, type Instant } from '@jifen/kernel';
import { DEFAULT_PARTITIONS, TOPIC_OF_LOG } from '@jifen/messaging';
import { startPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { bareService, feed } from './bare-service.ts';
import { residentMiB } from './machine.ts';
import { messages } from './tier-messages.ts';

export interface ReviewOptions {
  readonly members: number;
  readonly say: (line: string) => void;
}

/** One look at the way: members reviewed so far, the rate since the last look, resident memory of the process. */
export interface ReviewStep {
  readonly reviewed: number;
  readonly perSecond: number;
  readonly memoryMiB: number;
}

export interface ReviewResult {
  readonly members: number;
  readonly preparedSeconds: number;
  readonly reviewSeconds: number;
  readonly perSecond: number;
  /** Members whose review was durable when the process was killed. */
  readonly killedAt: number;
  readonly peakMemoryMiB: number;
  readonly kept: number;
  readonly fell: number;
  /** Members with other than exactly one review in the log. */
  readonly wrong: number;
  readonly waiting: number;
  readonly onceEach: boolean;
  readonly way: readonly ReviewStep[];
}

const PROGRAM = 'bench';
const BEFORE = '2025-12-15T00:00:00.000Z';
const REVIEWED = '2026-01-01T00:00:00.000Z';
const THIS_YEAR = instant('2025-05-01T00:00:00.000Z');
const LAST_YEAR = instant('2024-05-01T00:00:00.000Z');
const FLUSH = 1_000;
const LOOK_MS = 5_000;
/** The process is killed when so much is done. */
const KILL_AT = 0.4;
/** No member reviewed for so long: it hangs. */
const STALL_MS = 120_000;

const DOCUMENT = {
  name: 'reviews',
  timeZone: 'UTC',
  ladder: {
    currency: 'points',
    basis: 'points',
    window: { per: 'year' },
    review: { clock: 'calendar' },
    tiers: [
      { code: 'bronze', name: { en: 'Bronze' }, threshold: 0 },
      { code: 'silver', name: { en: 'Silver' }, threshold: 1_000, keep: 800 },
      { code: 'gold', name: { en: 'Gold' }, threshold: 3_000, keep: 2_500 },
    ],
  },
} as const;

/** Every second member keeps its tier by what it earned this year; the others earned it the year before, and fall. */
export async function measureReview({ members, say }: ReviewOptions): Promise<ReviewResult> {
  const postgres = await startPostgres();
  const pool = createPool(postgres.url, { max: 2 });
  const workers: ChildProcess[] = [];
  try {
    const preparedSeconds = await prepare(postgres.url, members, say);
    await pool.query('ANALYZE tiering.standing, tiering.granted');
    const told = await eventsOf(pool);
    const work = (): ChildProcess => {
      const script = fileURLToPath(new URL('./review-worker.js', import.meta.url));
      const worker = fork(script, [postgres.url, REVIEWED]);
      workers.push(worker);
      return worker;
    };
    const started = performance.now();
    const way: ReviewStep[] = [];
    const first = work();
    const killedAt = await watch({ pool, told, worker: first, until: Math.ceil(members * KILL_AT), members, way, say });
    await end(first);
    say(`killed at ${killedAt} of ${members}; started again`);
    const second = work();
    await watch({ pool, told, worker: second, until: members, members, way, say });
    const reviewSeconds = (performance.now() - started) / 1_000;
    await end(second);
    return {
      members,
      preparedSeconds: Math.round(preparedSeconds),
      reviewSeconds: Math.round(reviewSeconds),
      perSecond: Math.round(members / reviewSeconds),
      killedAt,
      peakMemoryMiB: Math.max(...way.map(({ memoryMiB }) => memoryMiB)),
      ...(await checked(pool, members)),
      way,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await pool.end();
    await postgres.stop();
  }
}

/** Through the service's own consumer, so that every row is as a posting leaves it. */
async function prepare(databaseUrl: string, members: number, say: (line: string) => void): Promise<number> {
  const tiering = await bareService(tieringService, databaseUrl, () => Date.parse(BEFORE));
  try {
    const started = performance.now();
    const consumer = tiering.consumer(TOPIC_OF_LOG.ledger);
    const message = messages();
    await feed(consumer, [message('program', PROGRAM, 'program.published', published(), LAST_YEAR)], 1);
    for (let from = 0; from < members; from += FLUSH * 10) {
      const some = Array.from({ length: Math.min(FLUSH * 10, members - from) }, (_, place) => {
        const member = `m-${from + place}`;
        const earnedAt = (from + place) % 2 === 0 ? THIS_YEAR : LAST_YEAR;
        return message('ledger', memberKey(PROGRAM, member), 'points.earned', posting(member, earnedAt), earnedAt);
      });
      await feed(consumer, some, FLUSH);
      if ((from / FLUSH) % 50 === 0) say(`${from + some.length} of ${members} members prepared`);
    }
    return (performance.now() - started) / 1_000;
  } finally {
    await tiering.close();
  }
}

const published = (): ProgramPublished => ({
  ...{ program: PROGRAM, version: 1, effectiveFrom: LAST_YEAR, publishedBy: 'bench', document: { ...DOCUMENT } },
});

const posting = (member: string, earnedAt: Instant): LedgerEntry => ({
  ...{ program: PROGRAM, member, currency: 'points', points: 1_000, lots: [], reason: 'earn', earnedAt },
  ...{ award: `${member}~a`, granted: 1_000, balance: { available: 1_000, pending: 0, held: 0, debt: 0 } },
});

/** Every review of this ladder is told of once: as many events, as many members reviewed. */
async function eventsOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ events: string | number }>('SELECT sum(position) AS events FROM tiering.shard');
  return Number(rows[0]?.events ?? 0);
}

interface Watched {
  readonly pool: Pool;
  /** Events told before the reviews. */
  readonly told: number;
  readonly worker: ChildProcess;
  readonly until: number;
  readonly members: number;
  readonly way: ReviewStep[];
  readonly say: (line: string) => void;
}

/** Looks on until so many are reviewed; answers how many are. */
async function watch({ pool, told, worker, until, members, way, say }: Watched): Promise<number> {
  let reviewed = (await eventsOf(pool)) - told;
  let [progress, last] = [performance.now(), performance.now()];
  while (reviewed < until) {
    if (worker.exitCode !== null) throw new Error(`the reviewing process ended with ${worker.exitCode}`);
    await sleep(Math.min(LOOK_MS, 50 + members / 100));
    const now = (await eventsOf(pool)) - told;
    const memoryMiB = residentMiB(worker.pid ?? 0);
    const perSecond = Math.round(((now - reviewed) / (performance.now() - last)) * 1_000);
    last = performance.now();
    if (now > reviewed) progress = last;
    else if (last - progress > STALL_MS) throw new Error(`no member was reviewed for ${STALL_MS / 1_000} s`);
    reviewed = now;
    way.push({ reviewed, perSecond, memoryMiB });
    say(`${reviewed} of ${members} reviewed, ${perSecond} members/s, ${memoryMiB} MiB`);
  }
  return reviewed;
}

async function end(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}

/** Of one partition: of all, it would take longer than a statement may. */
const CHECK = `
  SELECT count(*) FILTER (WHERE kept = 1 AND fell = 0) AS kept, count(*) FILTER (WHERE kept = 0 AND fell = 1) AS fell,
         count(*) FILTER (WHERE kept + fell <> 1) AS wrong
    FROM (SELECT s.owner, count(*) FILTER (WHERE e.type = 'tier.kept') AS kept,
                 count(*) FILTER (WHERE e.type = 'tier.changed' AND e.version > 1) AS fell
            FROM tiering.standing s LEFT JOIN tiering.event e ON e.log = 'tier' AND e.stream = s.owner
           WHERE s.partition = $1
           GROUP BY s.owner) each`;

async function checked(
  pool: Pool,
  members: number,
): Promise<Pick<ReviewResult, 'kept' | 'fell' | 'wrong' | 'waiting' | 'onceEach'>> {
  let [kept, fell, wrong] = [0, 0, 0];
  for (let partition = 0; partition < DEFAULT_PARTITIONS; partition++) {
    const { rows } = await pool.query<Readonly<Record<'kept' | 'fell' | 'wrong', string | number>>>(CHECK, [partition]);
    kept += Number(rows[0]?.kept ?? 0);
    fell += Number(rows[0]?.fell ?? 0);
    wrong += Number(rows[0]?.wrong ?? 0);
  }
  const due = await pool.query<{ n: string | number }>(
    'SELECT count(*) AS n FROM tiering.standing WHERE due <= $1::timestamptz',
    [REVIEWED],
  );
  const waiting = Number(due.rows[0]?.n ?? 0);
  const halves = kept === Math.ceil(members / 2) && fell === Math.floor(members / 2);
  return { kept, fell, wrong, waiting, onceEach: halves && wrong === 0 && waiting === 0 };
}
