// Rebuilds every balance from the topic jifen.ledger.v1 alone, and keeps them up to date.
// Balances and positions are in one SQLite file and move in one transaction: kill this at any moment, start it again.
import { DatabaseSync } from 'node:sqlite';
import { Kafka } from 'kafkajs';

const TOPIC = 'jifen.ledger.v1';
const { KAFKA_BROKERS = '127.0.0.1:9092', GROUP = 'example-balances', FILE = 'balances.sqlite' } = process.env;

const db = new DatabaseSync(FILE);
db.exec(`PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS balance (program TEXT, member TEXT, currency TEXT, available INTEGER, pending INTEGER,
    held INTEGER, debt INTEGER, PRIMARY KEY (program, member, currency)) STRICT;
  CREATE TABLE IF NOT EXISTS place (partition INTEGER PRIMARY KEY, sequence INTEGER, next_offset TEXT) STRICT;`);
const put = db.prepare('INSERT OR REPLACE INTO balance VALUES (?, ?, ?, ?, ?, ?, ?)');
const placeOf = db.prepare('SELECT sequence, next_offset FROM place WHERE partition = ?');
const setPlace = db.prepare('INSERT OR REPLACE INTO place VALUES (?, ?, ?)');

/** Drops what it has by `ce_sequence`; a gap would mean a lost message, and then the balances cannot be trusted. */
function apply(partition, messages) {
  let sequence = placeOf.get(partition)?.sequence ?? 0;
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const { headers, value } of messages) {
      const next = Number(headers.ce_sequence.toString());
      if (next <= sequence) continue;
      if (next !== sequence + 1) throw new Error(`partition ${partition}: ${next} follows ${sequence}`);
      // Every posting states the balance after it, so the last one of an account is all that is needed.
      const { program, member, currency, balance } = JSON.parse(value.toString());
      put.run(program, member, currency, balance.available, balance.pending, balance.held, balance.debt);
      sequence = next;
    }
    setPlace.run(partition, sequence, String(BigInt(messages.at(-1).offset) + 1n));
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

const kafka = new Kafka({
  clientId: 'example',
  brokers: KAFKA_BROKERS.split(','),
  retry: { retries: 1e6, maxRetryTime: 1000 },
});
const consumer = kafka.consumer({
  groupId: GROUP,
  sessionTimeout: 10_000,
  heartbeatInterval: 1_000,
  maxWaitTimeInMs: 250,
});
consumer.on(consumer.events.CRASH, ({ payload }) => {
  console.error(payload.error);
  if (!payload.restart) process.exit(1);
});
// The broker's committed offsets are not used: where we are is in our own file.
consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  for (const partition of payload.memberAssignment[TOPIC] ?? []) {
    consumer.seek({ topic: TOPIC, partition, offset: placeOf.get(partition)?.next_offset ?? '0' });
  }
});
await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
    if (!isRunning() || isStale()) return;
    apply(batch.partition, batch.messages);
    resolveOffset(batch.lastOffset());
    await heartbeat();
  },
});
console.log(`following ${TOPIC} into ${FILE}`);
process.once('SIGTERM', () => consumer.disconnect().then(() => process.exit(0)));
process.once('SIGINT', () => consumer.disconnect().then(() => process.exit(0)));
