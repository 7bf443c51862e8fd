// Publishes orders of an ERP or a shop to jifen.order.v1 as CloudEvents. Standard input: one order a line, as JSON.
import { createInterface } from 'node:readline';
import { Kafka, Partitioners } from 'kafkajs';

const TOPIC = 'jifen.order.v1';
const BATCH = 500;
const { KAFKA_BROKERS = '127.0.0.1:9092', PROGRAM = 'demo' } = process.env;

const kafka = new Kafka({
  clientId: 'example-erp',
  brokers: KAFKA_BROKERS.split(','),
  retry: { retries: 20, maxRetryTime: 1000 },
});
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });

/** Binary mode: the attributes are headers, the value is the order. */
const recordOf = (order) => ({
  // Revisions of one order stay in order under one key.
  key: `${order.source}/${order.orderId}`,
  headers: {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: `${order.source}/${order.orderId}/${order.revision}`,
    ce_source: `/erp/${order.source}`,
    ce_type: 'order',
    ce_time: order.occurredAt,
  },
  value: JSON.stringify({ program: PROGRAM, ...order }),
});

await producer.connect();
let sent = 0;
let batch = [];
// Sent again after a crash, an order counts once: its identity is source, id and revision.
const flush = async () => {
  if (batch.length > 0) await producer.send({ topic: TOPIC, acks: -1, messages: batch });
  sent += batch.length;
  batch = [];
};
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  batch.push(recordOf(JSON.parse(line)));
  if (batch.length >= BATCH) await flush();
}
await flush();
await producer.disconnect();
console.log(`${sent} orders published to ${TOPIC}`);
