import { setTimeout as pause } from 'node:timers/promises';
import { verifyLedger } from '@jifen/app-ledger';
import {
  createClient,
  PROOF_PROGRAM,
  STANDARD_WORKLOAD,
  startSystem,
  untilReady,
  workload,
} from '@jifen/app-simulator';
import { createPool, withClient } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';
import { DUE_PREFIX, giveDueLots, LOTS_EACH, POINTS_EACH } from './due-lots.ts';
import { bulks, createCaller, pace, saturate, type Caller } from './load.ts';
import { residentMiB } from './machine.ts';
import { percentile } from './percentile.ts';

export interface SweepOptions {
  readonly lots: number;
  /** Orders that come in meanwhile. */
  readonly ordersPerSecond: number;
  readonly say: (line: string) => void;
}

interface SweepResult {
  readonly lots: number;
  readonly accounts: number;
  /** From the start of the process to the last lot, the death of the process in the middle included. */
  readonly seconds: number;
  readonly lotsPerSecond: number;
  /** Lots that were still due when the process was killed. */
  readonly leftWhenKilled: number;
  /** Resident, at most, of the process that books, earns and answers. */
  readonly memoryMiB: number;
  /** Accepted → readable balance of orders, milliseconds: while lots are booked, and afterwards. */
  readonly earning: { readonly orders: number; readonly p50: number; readonly p99: number };
  readonly earningAfter: { readonly p50: number; readonly p99: number };
  /** What is not as it must be; empty when each lot was expired exactly once and the books agree. */
  readonly wrong: readonly string[];
}

const SLICE_SECONDS = 5;
const BATCH = 10;
const POLL_MS = 500;
const SAY_MS = 10_000;

const DUE = `SELECT count(*)::int AS left FROM ledger.account WHERE expiry_due <= now()`;

async function accountsLeft(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ left: number }>(DUE);
  return rows[0]?.left ?? 0;
}

/** The scheduler of a running system books lots that lapsed while it was away; it is killed once and orders come in all along. */
export async function measureSweep({ lots, ordersPerSecond, say }: SweepOptions): Promise<SweepResult> {
  const program = 'bench';
  let crashed = 0;
  const system = await startSystem({ shape: 'standalone', program, onCrash: () => crashed++ });
  const pool = createPool(system.databaseUrl, { max: 4 });
  const caller = createCaller(system, 64);
  const [url = ''] = system.urls;
  try {
    await createClient(system.targets, system.key).publishProgram(PROOF_PROGRAM);
    const orders = stream();
    await saturate(caller, orders(1_000), 2);
    const [, standalone] = system.parts;
    if (standalone === undefined) throw new Error('no process to kill');
    await standalone.stop();
    await giveDueLots({ databaseUrl: system.databaseUrl, program, lots, say });
    const all = await accountsLeft(pool);
    say(`${all} accounts with ${lots} due lots`);

    const started = performance.now();
    await standalone.start();
    await untilReady(url);
    let memoryMiB = 0;
    let said = 0;
    const until = async (left: number): Promise<number> => {
      for (;;) {
        const now = await accountsLeft(pool);
        memoryMiB = Math.max(memoryMiB, residentMiB(system.pids()['standalone'] ?? 0));
        if (performance.now() - said > SAY_MS || now === 0) {
          said = performance.now();
          const done = (all - now) * LOTS_EACH;
          const seconds = Math.round((said - started) / 1_000);
          say(`${done} of ${lots} lots booked after ${seconds} s, ${Math.round(done / seconds)}/s, ${memoryMiB} MiB`);
        }
        if (now <= left) return now;
        await pause(POLL_MS);
      }
    };
    const early = await beside(caller, orders, ordersPerSecond, until(Math.floor(all / 2)));
    await standalone.kill();
    const leftWhenKilled = (await accountsLeft(pool)) * LOTS_EACH;
    say(`killed with ${leftWhenKilled} lots left`);
    await standalone.start();
    await untilReady(url);
    const late = await beside(caller, orders, ordersPerSecond, until(0));
    const seconds = (performance.now() - started) / 1_000;
    const after = await beside(caller, orders, ordersPerSecond, pause(2 * SLICE_SECONDS * 1_000));
    say('checking each lot and the books');
    const wrong = await check(pool, lots);
    if (crashed > 0) wrong.push(`the process ended by itself ${crashed} times`);
    const during = [...early, ...late];
    const figures = (of: readonly number[]) => ({ p50: rounded(of, 0.5), p99: rounded(of, 0.99) });
    return {
      lots,
      accounts: all,
      seconds: Math.round(seconds),
      lotsPerSecond: Math.round(lots / seconds),
      leftWhenKilled,
      memoryMiB,
      earning: { orders: during.length * BATCH, ...figures(during) },
      earningAfter: figures(after),
      wrong,
    };
  } finally {
    caller.close();
    await pool.end();
    await system.stop();
  }
}

const rounded = (of: readonly number[], share: number): number => Math.round(percentile(of, share));

type Orders = (count: number) => ReturnType<typeof bulks>;

/** New orders whenever asked. */
function stream(): Orders {
  let seed = 0;
  return (count) => bulks(workload({ ...STANDARD_WORKLOAD, prefix: `S${++seed}-`, seed }, count), BATCH);
}

/** Orders at the rate until the work is done; the times from accepted to readable. */
async function beside(caller: Caller, orders: Orders, perSecond: number, work: Promise<unknown>): Promise<number[]> {
  let done = false;
  const readable: number[] = [];
  const earn = async (): Promise<void> => {
    while (!done) {
      const slice = await pace(caller, orders(perSecond * SLICE_SECONDS), perSecond, BATCH);
      readable.push(...slice.readable);
    }
  };
  await Promise.all([work.finally(() => (done = true)), earn()]);
  return readable;
}

/** Postings of expiry by lot of the accounts with due lots. */
const EXPIRED = `
SELECT count(*)::int AS movements, count(DISTINCT (e.stream, m ->> 'lot'))::int AS lots, sum((m ->> 'points')::int)::int AS points
FROM ledger.event e CROSS JOIN LATERAL json_array_elements(e.data::json -> 'lots') m
WHERE e.log = 'ledger' AND e.type = 'points.expired' AND e.stream LIKE 'bench/${DUE_PREFIX}%'`;

async function check(pool: Pool, lots: number): Promise<string[]> {
  const wrong: string[] = [];
  const found = await withClient(pool, async (client) => {
    await client.query("BEGIN; SET LOCAL statement_timeout = '30min'");
    const { rows } = await client.query<{ movements: number; lots: number; points: number }>(EXPIRED);
    await client.query('COMMIT');
    return rows[0];
  });
  if (found?.movements !== lots || found.lots !== lots || found.points !== -lots * POINTS_EACH)
    wrong.push(`${lots} lots were due, expired: ${JSON.stringify(found)}`);
  const { ok, chain, balances } = await verifyLedger({ pool });
  if (!ok) wrong.push(`verify: ${JSON.stringify({ chain, differing: balances?.differing, broken: balances?.broken })}`);
  return wrong;
}

export function sweepReport(result: SweepResult): string {
  const { lots, accounts, seconds, lotsPerSecond, leftWhenKilled, memoryMiB, earning, earningAfter, wrong } = result;
  return [
    `${lots} due lots in ${accounts} accounts booked in ${seconds} s: ${lotsPerSecond} lots/s, at most ${memoryMiB} MiB resident`,
    `killed once with ${leftWhenKilled} lots left, and started again`,
    `orders meanwhile: ${earning.orders}, accepted → readable p50 ${earning.p50} ms, p99 ${earning.p99} ms; afterwards p50 ${earningAfter.p50} ms, p99 ${earningAfter.p99} ms`,
    wrong.length === 0 ? 'each lot was expired exactly once, and the books agree with the log' : wrong.join('\n'),
  ].join('\n');
}
