import {
  createClient,
  PROOF_PROGRAM,
  STANDARD_WORKLOAD,
  startSystem,
  workload,
  type Shape,
} from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import { bulks, createCaller, pace, saturate } from './load.ts';
import { cpuSeconds, ownCpuSeconds, privateMiB, residentMiB } from './machine.ts';
import { byBus } from './bus.ts';
import { percentile } from './percentile.ts';
import { storage } from './storage.ts';

export interface EndToEndOptions {
  readonly shape: Shape;
  readonly orders: number;
  readonly members: number;
  readonly batch: number;
  readonly connections: number;
  readonly say: (line: string) => void;
}

export interface EndToEndResult {
  readonly shape: Shape;
  readonly orders: number;
  readonly ordersPerSecond: number;
  readonly acceptedPerSecond: number;
  /** Orders published to `jifen.order.v1` by their source; only where there is a Kafka. */
  readonly byBusPerSecond?: number;
  readonly pacedAt: number;
  /** Acceptance (202) to readable balance, milliseconds. */
  readonly readableP50: number;
  readonly readableP99: number;
  readonly acceptP50: number;
  readonly acceptP99: number;
  /** CPU seconds per 1,000 orders by part, over the saturated run. */
  readonly cpuPer1000: Readonly<Record<string, number>>;
  /** Resident memory by part: after the warm-up, and after the saturated run. */
  readonly memoryBeforeMiB: Readonly<Record<string, number>>;
  readonly memoryMiB: Readonly<Record<string, number>>;
  /** Of that what the part shares with no other process. */
  readonly privateMiB: Readonly<Record<string, number>>;
  readonly rowsPerOrder: number;
  readonly bytesPerOrder: number;
}

const WARM_UP = 4_000;
const PACED_SECONDS = 12;
const PACED_BATCH = 50;
const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** Orders in by bulk HTTP until their points are in readable balances: first as fast as it goes, then at half of that. */
export async function measureEndToEnd(options: EndToEndOptions): Promise<EndToEndResult> {
  const { say, batch, connections } = options;
  const system = await startSystem({
    shape: options.shape,
    program: 'bench',
    onCrash: (name, code) => say(`${name} ended with ${code}`),
  });
  const caller = createCaller(system, connections + 64);
  const pool = createPool(system.databaseUrl, { max: 2 });
  try {
    await createClient(system.targets, system.key).publishProgram(PROOF_PROGRAM);
    const settings = { ...STANDARD_WORKLOAD, members: options.members };
    const stream = (prefix: string, seed: number, orders: number, size: number) =>
      bulks(workload({ ...settings, prefix, seed }, orders), size);
    say(`${options.shape}: warm-up`);
    await saturate(caller, stream('A', 1, WARM_UP, batch), connections);
    const before = await storage(pool);
    const pids = Object.entries(system.pids());
    const used = (): Record<string, number> =>
      Object.fromEntries([
        ...pids.map(([name, pid]) => [name, cpuSeconds(pid)] as const),
        ['load generator', ownCpuSeconds()],
      ]);
    const memoryNow = (of: (pid: number) => number): Record<string, number> =>
      Object.fromEntries(pids.filter(([name]) => name !== 'postgres').map(([name, pid]) => [name, of(pid)]));
    const memoryBeforeMiB = memoryNow(residentMiB);
    const cpuBefore = used();
    say(`${options.shape}: ${options.orders} orders as fast as it goes`);
    const fast = await saturate(caller, stream('B', 2, options.orders, batch), connections);
    const cpuAfter = used();
    const after = await storage(pool);
    const memoryMiB = memoryNow(residentMiB);
    const ownMiB = memoryNow(privateMiB);
    const pacedAt = Math.max(100, Math.round(fast.perSecond / 2));
    say(`${options.shape}: ${fast.perSecond} orders/s; now ${PACED_SECONDS} s at ${pacedAt}/s`);
    const slow = await pace(caller, stream('C', 3, pacedAt * PACED_SECONDS, PACED_BATCH), pacedAt, PACED_BATCH);
    const bus =
      system.brokers.length === 0
        ? undefined
        : await byBus(system, workload({ ...settings, prefix: 'D', seed: 4 }, Math.round(options.orders / 2)), pool);
    return {
      shape: options.shape,
      ...(bus === undefined ? {} : { byBusPerSecond: bus.perSecond }),
      memoryBeforeMiB,
      orders: fast.orders,
      ordersPerSecond: fast.perSecond,
      acceptedPerSecond: fast.acceptedPerSecond,
      pacedAt: slow.offeredPerSecond,
      readableP50: round(percentile(slow.readable, 0.5)),
      readableP99: round(percentile(slow.readable, 0.99)),
      acceptP50: round(percentile(slow.accept, 0.5)),
      acceptP99: round(percentile(slow.accept, 0.99)),
      cpuPer1000: Object.fromEntries(
        Object.keys(cpuAfter).map((name) => [
          name,
          round((((cpuAfter[name] ?? 0) - (cpuBefore[name] ?? 0)) / fast.orders) * 1_000, 3),
        ]),
      ),
      memoryMiB,
      privateMiB: ownMiB,
      rowsPerOrder: round((after.rows - before.rows) / fast.orders, 2),
      bytesPerOrder: round((after.bytes - before.bytes) / fast.orders),
    };
  } finally {
    caller.close();
    await pool.end();
    await system.stop();
  }
}
