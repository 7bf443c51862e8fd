import { createClient, PROOF_PROGRAM, STANDARD_WORKLOAD, startSystem, workload } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import { bulks, createCaller, saturate } from './load.ts';

export interface GrowthCell {
  readonly members: number;
  readonly eventsStored: number;
  readonly ordersPerSecond: number;
}

export interface GrowthOptions {
  readonly members: readonly number[];
  readonly events: readonly number[];
  readonly batch: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

const MEASURED_ORDERS = 20_000;
const FILL_ORDERS = 50_000;
const COUNT = `SELECT (SELECT coalesce(sum(position), 0) FROM ingestion.shard) + (SELECT coalesce(sum(position), 0) FROM rules.shard)
  + (SELECT coalesce(sum(position), 0) FROM ledger.shard) AS events`;

/** The same end-to-end figure on small and large deployments, filled through the real path. */
export async function measureGrowth(options: GrowthOptions): Promise<GrowthCell[]> {
  const cells: GrowthCell[] = [];
  for (const members of options.members) {
    const system = await startSystem({ shape: 'standalone', program: 'bench' });
    const caller = createCaller(system, options.connections);
    const pool = createPool(system.databaseUrl, { max: 1 });
    try {
      await createClient(system.targets, system.key).publishProgram(PROOF_PROGRAM);
      let run = 0;
      const send = (orders: number) => {
        run += 1;
        const settings = { ...STANDARD_WORKLOAD, members, prefix: `G${run}`, seed: run };
        return saturate(caller, bulks(workload(settings, orders), options.batch), options.connections);
      };
      const stored = async (): Promise<number> =>
        Number((await pool.query<{ events: string }>(COUNT)).rows[0]?.events ?? 0);
      for (const target of options.events) {
        for (let events = await stored(); events < target; events = await stored()) {
          options.say(`${members} members: ${events} of ${target} events stored`);
          await send(Math.min(FILL_ORDERS, Math.max(1_000, Math.ceil((target - events) / 3))));
        }
        const eventsStored = await stored();
        const { perSecond } = await send(MEASURED_ORDERS);
        options.say(`${members} members, ${eventsStored} events: ${perSecond} orders/s`);
        cells.push({ members, eventsStored, ordersPerSecond: perSecond });
      }
    } finally {
      caller.close();
      await pool.end();
      await system.stop();
    }
  }
  return cells;
}
