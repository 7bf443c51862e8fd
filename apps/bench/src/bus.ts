import type { Submission, System } from '@jifen/app-simulator';
import { createKafka } from '@jifen/messaging-kafka';
import { SOURCE_ORDER_TOPIC } from '@jifen/messaging';
import { createLogger } from '@jifen/service-host';
import type { Pool } from 'pg';

const SEND_BATCH = 500;
const POLL_MS = 20;
const CATCH_UP_MS = 300_000;

/** True once the ledger has applied everything that is in the activity log. */
const SETTLED = `
  SELECT bool_and(coalesce((l.cursors -> 'origin:activity' ->> 'sequence')::bigint, 0) >= a.position) AS settled, sum(a.position) AS activities
    FROM ingestion.shard a JOIN ledger.shard l ON l.partition = a.partition AND l.log = 'ledger' WHERE a.log = 'activity'`;

interface Settled {
  readonly settled: boolean;
  readonly activities: number;
}

/** Orders published to Kafka by their source, until the last of them is in a readable balance. */
export async function byBus(
  system: System,
  source: Iterable<Submission>,
  pool: Pool,
): Promise<{ orders: number; perSecond: number }> {
  const producer = createKafka({ brokers: system.brokers, clientId: 'bench', logger: createLogger('silent') }).producer(
    { idempotent: true, maxInFlightRequests: 1 },
  );
  await producer.connect();
  const distinct = new Set<string>();
  const before = await state(pool);
  let orders = 0;
  const started = performance.now();
  try {
    let messages: { key: string; value: string; headers: Record<string, string> }[] = [];
    const send = async (): Promise<void> => {
      await producer.send({ topic: SOURCE_ORDER_TOPIC, acks: -1, messages });
      messages = [];
    };
    for (const { kind, body } of source) {
      const value = JSON.stringify({ ...body, program: system.program });
      messages.push({
        key: body.orderId,
        value,
        headers: { ce_specversion: '1.0', ce_type: kind, ce_id: `${body.orderId}-${orders}`, ce_source: '/bench' },
      });
      if (kind === 'order') distinct.add(body.orderId);
      orders += 1;
      if (messages.length >= SEND_BATCH) await send();
    }
    if (messages.length > 0) await send();
    for (
      let now = await state(pool);
      !now.settled || now.activities < before.activities + distinct.size;
      now = await state(pool)
    ) {
      if (performance.now() - started > CATCH_UP_MS)
        throw new Error('the balances did not catch up with the source topic');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return { orders, perSecond: Math.round(orders / ((performance.now() - started) / 1_000)) };
  } finally {
    await producer.disconnect();
  }
}

async function state(pool: Pool): Promise<Settled> {
  const { rows } = await pool.query<{ settled: boolean | null; activities: string | null }>(SETTLED);
  return { settled: rows[0]?.settled ?? false, activities: Number(rows[0]?.activities ?? 0) };
}
