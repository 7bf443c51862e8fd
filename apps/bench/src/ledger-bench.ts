import {
  createClient,
  PROOF_PROGRAM,
  STANDARD_WORKLOAD,
  startSystem,
  workload,
  type System,
} from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import { createKey } from '@jifen/service-host';
import type { Pool } from 'pg';
import { measureCeiling, type CeilingResult } from './ceiling.ts';
import { bulks, createCaller, pace, saturate } from './load.ts';
import { cpuCounter } from './machine.ts';
import { percentile } from './percentile.ts';
import { closedLoop, createRedeemer, openLoop, type Redeemer, type Timed } from './redemptions.ts';

export const LEDGER_AIMS = { p99Beside: 25, besidePerSecond: 500, distinctPerSecond: 1_500, hotPerSecond: 1_000 };
/** Orders a second beside redemptions: what two cores can bear, and what is aimed at. */
export const ORDERS_BESIDE = [500, 2_000];

export interface LedgerOptions {
  readonly accounts: number;
  readonly underWay: number;
  readonly seconds: number;
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** CPU milliseconds of one redemption by process, with all that follows from it. */
export interface Costed extends Measured {
  readonly cpuEach: Readonly<Record<string, number>>;
}

export interface Beside extends Measured {
  readonly ordersOffered: number;
  readonly ordersPerSecond: number;
}

export interface LedgerResult {
  readonly oneRow: readonly { readonly connections: number; readonly perSecond: number }[];
  readonly fenced: readonly CeilingResult[];
  readonly distinct: Costed;
  readonly beside: readonly Beside[];
  readonly hot: Costed;
  readonly books: { readonly checked: number; readonly wrong: readonly string[] };
}

const GIVEN = 10_000_000;
const HOT = 'hot';
const BATCH = 50;
const WARM_UP_ORDERS = 2_000;
const SAMPLE = 200;
/** Share of the offered rate below which the load was not there, so that the latency beside it proves nothing. */
export const OFFERED_SHARE = 0.95;

const measured = ({ perSecond, milliseconds }: Timed): Measured => ({
  perSecond,
  p50: Math.round(percentile(milliseconds, 0.5) * 10) / 10,
  p99: Math.round(percentile(milliseconds, 0.99) * 10) / 10,
});

async function costed(system: System, run: () => Promise<Timed>): Promise<Costed> {
  const cpu = cpuCounter(system.pids());
  const timed = await run();
  const each = (seconds: number): number => (seconds * 1_000) / Math.max(1, timed.milliseconds.length);
  const cpuEach = Object.fromEntries(
    Object.entries(cpu()).map(([name, seconds]) => [name, Math.round(each(seconds) * 100) / 100]),
  );
  return { ...measured(timed), cpuEach };
}

async function oneRow(pool: Pool, connections: number, seconds: number) {
  await pool.query('CREATE SCHEMA one_row; CREATE TABLE one_row.entry (id bigserial PRIMARY KEY, points bigint)');
  const insert = () => pool.query('INSERT INTO one_row.entry (points) VALUES (100)').then(() => undefined);
  const { perSecond } = await closedLoop(insert, connections, seconds);
  await pool.query('DROP SCHEMA one_row CASCADE');
  return { connections, perSecond };
}

async function books(redeemer: Redeemer, members: readonly string[]) {
  const step = Math.max(1, Math.floor(members.length / SAMPLE));
  const sample = [HOT, ...members.filter((_, index) => index % step === 0)];
  const wrong: string[] = [];
  for (const member of sample) {
    const left = await redeemer.left(member);
    const spent = redeemer.spent(member);
    if (spent + left !== GIVEN) wrong.push(`${member}: ${spent} spent + ${left} left, ${GIVEN} given`);
  }
  return { checked: sample.length, wrong };
}

/** Synchronous redemptions against a standalone system: alone, beside orders, and on one account. */
export async function measureLedger({ accounts, underWay, seconds, say }: LedgerOptions): Promise<LedgerResult> {
  const program = 'bench';
  const onCrash = (name: string, code: number | null): void => say(`${name} ended with ${code}`);
  const system = await startSystem({ shape: 'standalone', program, onCrash });
  const pool = createPool(system.databaseUrl, { max: 8 });
  const caller = createCaller(system, 64);
  let redeemer: Redeemer | undefined;
  try {
    say('ceilings');
    const rows = [await oneRow(pool, 1, seconds / 3), await oneRow(pool, 8, seconds / 3)];
    const fenced = [await measureCeiling(pool, true, 1, seconds / 3), await measureCeiling(pool, true, 2, seconds / 3)];
    const till = await createKey(pool, { program, name: 'till', scopes: ['points:spend'] });
    await createClient(system.targets, system.key).publishProgram({
      ...PROOF_PROGRAM,
      redemption: [{ currency: 'points', points: 100, money: '1.00', minimumPoints: 100, maximumShare: '0.5' }],
    });
    const stream = (prefix: string, seed: number, orders: number, size: number) =>
      bulks(workload({ ...STANDARD_WORKLOAD, prefix, seed }, orders), size);
    say('warm-up by orders');
    await saturate(caller, stream('A', 1, WARM_UP_ORDERS, BATCH), 2);
    const own = (redeemer = createRedeemer(system.targets.ledger, till.key, system.key, underWay + 256));
    const members = Array.from({ length: accounts }, (_, index) => `account-${index}`);
    say(`points for ${accounts + 1} accounts`);
    const waiting = [HOT, ...members].values();
    const giver = async (): Promise<void> => {
      for (const member of waiting) await own.give(member, GIVEN);
    };
    await Promise.all(Array.from({ length: underWay }, giver));
    const distinct = (index: number) => own.redeem(members[index % members.length] ?? HOT);
    await closedLoop(distinct, underWay, seconds / 5);
    say(`distinct accounts, ${underWay} under way`);
    const alone = await costed(system, () => closedLoop(distinct, underWay, seconds));
    const beside: Beside[] = [];
    for (const [index, rate] of ORDERS_BESIDE.entries()) {
      say(`${LEDGER_AIMS.besidePerSecond} redemptions/s beside ${rate} orders/s`);
      const [paced, orders] = await Promise.all([
        openLoop(distinct, LEDGER_AIMS.besidePerSecond, seconds),
        pace(caller, stream(`B${index}`, 2 + index, Math.round(rate * seconds), BATCH), rate, BATCH),
      ]);
      beside.push({ ...measured(paced), ordersOffered: rate, ordersPerSecond: orders.offeredPerSecond });
    }
    say(`one account, ${underWay} under way`);
    const hot = await costed(system, () => closedLoop(() => own.redeem(HOT), underWay, seconds));
    say('books');
    return {
      oneRow: rows,
      fenced,
      distinct: alone,
      beside,
      hot,
      books: await books(own, members),
    };
  } finally {
    redeemer?.close();
    caller.close();
    await pool.end();
    await system.stop();
  }
}
