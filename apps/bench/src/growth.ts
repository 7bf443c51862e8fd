import { PROOF_PROGRAM, STANDARD_WORKLOAD, startSystem, workload, type System } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';
import { bulks, saturate, type Caller, type Through } from './load.ts';
import { residentMiB } from './machine.ts';
import { openShop } from './open-shop.ts';

export interface GrowthCell {
  readonly members: number;
  readonly eventsStored: number;
  readonly ordersPerSecond: number;
}

/** One stretch of the way from few events to many. */
export interface GrowthStep {
  readonly orders: number;
  readonly eventsStored: number;
  readonly ordersPerSecond: number;
  /** Resident memory of the process. */
  readonly memoryMiB: number;
}

export interface Growth {
  readonly cells: readonly GrowthCell[];
  /** Whether throughput falls or memory rises while one process takes all of it. */
  readonly way: readonly GrowthStep[];
}

export interface GrowthOptions {
  /** Numbers of members, each a program of its own in the one deployment. */
  readonly members: readonly number[];
  /** Events stored in the deployment, ascending. */
  readonly events: readonly number[];
  readonly batch: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

const MEASURED_ORDERS = 20_000;
const STRETCH_ORDERS = 100_000;
const EVENTS_PER_ORDER = 3;
const STORED = ['ingestion', 'rules', 'ledger'].map((schema) => `SELECT sum(position) AS n FROM ${schema}.shard`);
const COUNT = `SELECT sum(n) AS events FROM (${STORED.join(' UNION ALL ')}) AS logs`;

interface Shop {
  readonly members: number;
  readonly caller: Caller;
}

/**
 * The end-to-end figure of programs with few and with many members while their common deployment, filled through the real
 * path by all of them, grows from few events to many.
 */
export async function measureGrowth(options: GrowthOptions): Promise<Growth> {
  const { say } = options;
  const system = await startSystem({
    shape: 'standalone',
    program: 'bench',
    onCrash: (name, code) => say(`${name} ended with ${code}`),
  });
  const pool = createPool(system.databaseUrl, { max: 1 });
  const shops: Shop[] = [];
  try {
    const { connections } = options;
    for (const members of options.members)
      shops.push({
        members,
        ...(await openShop(system, pool, { program: `bench-${members}`, document: PROOF_PROGRAM, connections })),
      });
    const cells: GrowthCell[] = [];
    const way: GrowthStep[] = [];
    const send = sender(options);
    for (const target of options.events) {
      way.push(...(await fill(target, { options, system, pool, shops, send })));
      for (const shop of shops) {
        const { perSecond } = await send(shop, MEASURED_ORDERS);
        const cell = { members: shop.members, eventsStored: await stored(pool), ordersPerSecond: perSecond };
        say(`${cell.members} members, ${cell.eventsStored} events stored: ${perSecond} orders/s`);
        cells.push(cell);
      }
    }
    return { cells, way };
  } finally {
    for (const { caller } of shops) caller.close();
    await pool.end();
    await system.stop();
  }
}

type Send = (shop: Shop, orders: number) => Promise<Through>;

/** Every workload has orders of its own, which were placed after those of the workload before it. */
function sender({ batch, connections }: GrowthOptions): Send {
  let run = 0;
  let { from } = STANDARD_WORKLOAD;
  return ({ members, caller }, orders) => {
    run += 1;
    const settings = { ...STANDARD_WORKLOAD, members, prefix: `G${run}`, seed: run, from };
    from += orders * STANDARD_WORKLOAD.step;
    return saturate(caller, bulks(workload(settings, orders), batch), connections);
  };
}

interface Filling {
  readonly options: GrowthOptions;
  readonly system: System;
  readonly pool: Pool;
  readonly shops: readonly Shop[];
  readonly send: Send;
}

/** Stretches by the programs in turn until so many events are stored. */
async function fill(target: number, { options, system, pool, shops, send }: Filling): Promise<readonly GrowthStep[]> {
  const way: GrowthStep[] = [];
  for (let turn = 0, events = await stored(pool); events < target; turn++) {
    const shop = shops[turn % shops.length];
    if (shop === undefined) throw new Error('growth needs a number of members');
    const missing = Math.ceil((target - events) / EVENTS_PER_ORDER);
    const { orders, perSecond } = await send(shop, Math.min(STRETCH_ORDERS, Math.max(1_000, missing)));
    events = await stored(pool);
    const memoryMiB = residentMiB(system.pids()['standalone'] ?? 0);
    way.push({ orders, eventsStored: events, ordersPerSecond: perSecond, memoryMiB });
    const minutes = Math.max(0, (target - events) / EVENTS_PER_ORDER / perSecond / 60);
    options.say(
      `${events} of ${target} events stored, ${perSecond} orders/s, ${memoryMiB} MiB, about ${minutes.toFixed(1)} minutes to go`,
    );
  }
  return way;
}

async function stored(pool: Pool): Promise<number> {
  return Number((await pool.query<{ events: string | null }>(COUNT)).rows[0]?.events ?? 0);
}
