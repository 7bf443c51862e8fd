import { STANDARD_WORKLOAD, startSystem, workload } from '@jifen/app-simulator';
import type { ProgramDocument } from '@jifen/contracts';
import { createPool } from '@jifen/event-store-postgres';
import { bulks, saturate } from './load.ts';
import { openShop } from './open-shop.ts';
import { percentile } from './percentile.ts';
import { benchProgram } from './rule-bench.ts';

export interface CartBenchOptions {
  /** Numbers of rules, each a program of its own. */
  readonly sizes: readonly number[];
  /** Asked one after the other. */
  readonly carts: number;
  readonly say: (line: string) => void;
}

export interface CartBench {
  readonly rules: number;
  /** Milliseconds from request to answer. */
  readonly p50: number;
  readonly p99: number;
}

const MEMBERS = 500;
/** Of each member about ten. */
const ORDERS = 5_000;
const BATCH = 250;
const CONNECTIONS = 4;
const WARM_UP = 100;

/** What operators have beside rules: bounds of a member and of all, and a target over several orders. */
const documentOf = (rules: number): ProgramDocument => {
  const program = benchProgram(rules);
  return {
    ...program,
    rules: [
      ...program.rules,
      {
        id: 'quarter',
        when: { order: 'paid' },
        earn: { form: 'target', window: 'quarter', metric: 'amount', of: ['spend'], exceed: '500000.00', by: '1.5' },
        currency: 'points',
      },
    ],
    limits: [{ id: 'day', per: 'day', currency: 'points', points: 1_000_000 }],
    budgets: [{ id: 'month', per: 'month', currency: 'points', points: 1_000_000_000 }],
  };
};

/** Previews of carts by HTTP, one after the other, of members who have ordered before. */
export async function measureCarts({ sizes, carts, say }: CartBenchOptions): Promise<readonly CartBench[]> {
  const onCrash = (name: string, code: number | null): void => say(`${name} ended with ${code}`);
  const system = await startSystem({ shape: 'standalone', program: 'bench', onCrash });
  const pool = createPool(system.databaseUrl, { max: 1 });
  try {
    const results: CartBench[] = [];
    for (const rules of sizes) {
      const shop = { program: `carts-${rules}`, document: documentOf(rules), connections: CONNECTIONS };
      const { key, caller } = await openShop(system, pool, shop);
      const settings = { ...STANDARD_WORKLOAD, members: MEMBERS, prefix: `C${rules}` };
      await saturate(caller, bulks(workload(settings, ORDERS), BATCH), CONNECTIONS);
      caller.close();
      const preview = asker(`${system.targets.rules}/v1/carts/preview`, key);
      for (let nth = 0; nth < WARM_UP; nth++) await preview(nth);
      const times: number[] = [];
      for (let nth = 0; nth < carts; nth++) times.push(await preview(nth));
      const result = { rules, p50: tenths(percentile(times, 0.5)), p99: tenths(percentile(times, 0.99)) };
      say(`${rules} rules: p50 ${result.p50} ms, p99 ${result.p99} ms`);
      results.push(result);
    }
    return results;
  } finally {
    await pool.end();
    await system.stop();
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Answers the milliseconds that an answer took. */
function asker(url: string, key: string): (nth: number) => Promise<number> {
  return async (nth) => {
    const line = (sku: string, amount: string) => ({ lineId: sku, sku, quantity: 1, amount, category: sku });
    const cart = { currency: 'CNY', channel: 'app', lines: [line('tea', '129.90'), line('cups', '40.00')] };
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ member: `m-${nth % MEMBERS}`, cart }),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
    return performance.now() - started;
  };
}
