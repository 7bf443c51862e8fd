import { STANDARD_WORKLOAD, startSystem, workload, type System } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import type { Pool } from 'pg';
import { bulks, saturate, type Caller } from './load.ts';
import { openShop } from './open-shop.ts';
import { benchProgram } from './rule-bench.ts';

export interface RulesEndToEndOptions {
  /** Numbers of rules, each a program of its own in the one deployment; the first is what others are compared with. */
  readonly sizes: readonly number[];
  /** Of a round of one program. */
  readonly orders: number;
  readonly members: number;
  readonly batch: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

export interface RulesEndToEnd {
  readonly rules: number;
  /** Of each round. */
  readonly rounds: readonly number[];
  /** Orders/s of the middle round. */
  readonly perSecond: number;
  /** Of the first program's. */
  readonly share: number;
}

interface Shop {
  readonly rules: number;
  readonly caller: Caller;
  readonly rounds: number[];
}

const ROUNDS = 5;
const WARM_UP = 4_000;

/** Orders by bulk HTTP until they are in readable balances, in one process: programs of some sizes take turns, so that all of them have the same weather. */
export async function measureRulesEndToEnd(options: RulesEndToEndOptions): Promise<readonly RulesEndToEnd[]> {
  const { say, connections, orders } = options;
  const onCrash = (name: string, code: number | null): void => say(`${name} ended with ${code}`);
  const system = await startSystem({ shape: 'standalone', program: 'bench', onCrash });
  const pool = createPool(system.databaseUrl, { max: 1 });
  const shops: Shop[] = [];
  try {
    for (const rules of options.sizes) shops.push(await shopOf(system, pool, rules, connections));
    const send = sender(options);
    for (const shop of shops) await send(shop, WARM_UP);
    for (let round = 0; round < ROUNDS; round++)
      for (const shop of shops) {
        shop.rounds.push(await send(shop, orders));
        say(`${shop.rules} rules: ${shop.rounds.at(-1)} orders/s`);
      }
    const [base] = shops.map(({ rounds }) => middle(rounds));
    return shops.map(({ rules, rounds }) => {
      const perSecond = middle(rounds);
      return { rules, rounds, perSecond, share: Math.round((perSecond / (base ?? perSecond)) * 100) / 100 };
    });
  } finally {
    for (const { caller } of shops) caller.close();
    await pool.end();
    await system.stop();
  }
}

async function shopOf(system: System, pool: Pool, rules: number, connections: number): Promise<Shop> {
  const shop = { program: `rules-${rules}`, document: benchProgram(rules), connections };
  return { rules, caller: (await openShop(system, pool, shop)).caller, rounds: [] };
}

/** Every round has orders of its own. */
function sender({
  members,
  batch,
  connections,
}: RulesEndToEndOptions): (shop: Shop, orders: number) => Promise<number> {
  let run = 0;
  return async ({ caller }, orders) => {
    run += 1;
    const settings = { ...STANDARD_WORKLOAD, members, prefix: `R${run}`, seed: run };
    return (await saturate(caller, bulks(workload(settings, orders), batch), connections)).perSecond;
  };
}

const middle = (rounds: readonly number[]): number => [...rounds].sort((a, b) => a - b)[rounds.length >> 1] ?? 0;
