import { STANDARD_WORKLOAD } from '@jifen/app-simulator';
import { createPool } from '@jifen/event-store-postgres';
import { startPostgres } from '@jifen/testing';
import type { Settings } from './arguments.ts';
import { CEILING_BATCH, measureCeiling, type CeilingResult } from './ceiling.ts';
import { measureEndToEnd, type EndToEndResult } from './end-to-end.ts';
import type { BenchResult } from './result.ts';
import { measurePureRating, measureSteps, type StepResult } from './steps.ts';
import { table } from './table.ts';

const CEILING_SECONDS = 5;
const STEP_BATCH = 250;

interface Ceilings {
  readonly raw: readonly CeilingResult[];
  readonly fenced: readonly CeilingResult[];
}

/** What PostgreSQL can take, each step alone, and orders end to end in each shape. */
export async function measureOrders(settings: Settings, say: (line: string) => void): Promise<BenchResult> {
  const { members, batch, connections, share, shapes } = settings;
  const { duplicates, refunds, late } = STANDARD_WORKLOAD;
  const workload = { members, linesPerOrder: 2.2, duplicates, refunds, late, batch, connections };
  const { ceilings, steps } = await ceilingsAndSteps(settings, say);
  const orders = Math.round(settings.orders * share);
  const endToEnd: EndToEndResult[] = [];
  for (const shape of shapes) endToEnd.push(await measureEndToEnd({ shape, orders, members, batch, connections, say }));
  const told = `workload: ${members} members, 2.2 lines an order, ${duplicates * 100} % duplicates, ${refunds * 100} % refunds, ${late * 100} % late`;
  return {
    json: { workload, ceilings, steps, endToEnd },
    text: [told, '', rates(ceilings, steps, endToEnd), ...endToEnd.map(costs)].join('\n'),
  };
}

async function ceilingsAndSteps(
  { members, stepOrders, share }: Settings,
  say: (line: string) => void,
): Promise<{ ceilings: Ceilings; steps: StepResult[] }> {
  const postgres = await startPostgres();
  const seconds = CEILING_SECONDS * share;
  const orders = Math.round(stepOrders * share);
  const workload = { ...STANDARD_WORKLOAD, members };
  try {
    const pool = createPool(postgres.url, { max: 4 });
    say('raw and fenced ceiling');
    const raw = [await measureCeiling(pool, false, 1, seconds), await measureCeiling(pool, false, 2, seconds)];
    const fenced = [await measureCeiling(pool, true, 1, seconds), await measureCeiling(pool, true, 2, seconds)];
    await pool.end();
    say(`steps alone, ${orders} orders`);
    const steps = [measurePureRating(workload), ...(await measureSteps(postgres.url, workload, orders, STEP_BATCH))];
    return { ceilings: { raw, fenced }, steps };
  } finally {
    await postgres.stop();
  }
}

function rates(ceilings: Ceilings, steps: readonly StepResult[], results: readonly EndToEndResult[]): string {
  const ceiling = (name: string, all: readonly CeilingResult[]) =>
    all.map(
      ({ connections, eventsPerSecond }) =>
        [`${name}, ${connections} connection${connections > 1 ? 's' : ''}`, eventsPerSecond, 'events/s'] as const,
    );
  return table(
    ['what', 'rate', 'unit'],
    [
      ...ceiling(`raw append (batches of ${CEILING_BATCH})`, ceilings.raw),
      ...ceiling(`fenced append (batches of ${CEILING_BATCH})`, ceilings.fenced),
      ...steps.map(({ step, perSecond, unit }) => [step, perSecond, unit] as const),
      ...results.flatMap((each) => [
        [`end to end by bulk HTTP, ${each.shape}`, each.ordersPerSecond, 'orders/s'] as const,
        ...(each.byBusPerSecond === undefined
          ? []
          : [[`end to end by jifen.order.v1, ${each.shape}`, each.byBusPerSecond, 'orders/s'] as const]),
      ]),
    ],
  );
}

function costs(each: EndToEndResult): string {
  const cpu = Object.entries(each.cpuPer1000).map(([name, seconds]) => `${name} ${seconds}`);
  const memory = Object.entries(each.memoryMiB).map(
    ([name, mebibytes]) =>
      `${name} ${each.memoryBeforeMiB[name] ?? 0} → ${mebibytes} (its own ${each.privateMiB[name] ?? 0})`,
  );
  return [
    `\n${each.shape}: ${each.orders} orders`,
    `  at ${each.pacedAt} orders/s: accepted → readable p50 ${each.readableP50} ms, p99 ${each.readableP99} ms; 202 after p50 ${each.acceptP50} ms, p99 ${each.acceptP99} ms`,
    `  CPU seconds per 1,000 orders: ${cpu.join(', ')}`,
    `  ${each.rowsPerOrder} rows and ${each.bytesPerOrder} bytes an order; memory MiB: ${memory.join(', ')}`,
  ].join('\n');
}
