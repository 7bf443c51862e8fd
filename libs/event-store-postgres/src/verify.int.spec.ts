import type { NewEvent } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import { startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { createPool, createPostgresEventStore, migrate, verifyLog, type Verification } from './index.ts';

const at = instantFromMillis(Date.UTC(2026, 0, 31));
const EVENTS = 600;

let postgres: RunningPostgres;
let admin: Pool;
let pool: Pool;

const event = (stream: string, version: number): NewEvent => {
  const facts = { key: 'shop/m-1', type: 't', schemaVersion: 1, data: '{"積":"分"}', meta: { traceparent: 'x' } };
  return { stream, version, ...facts, occurredAt: at, effectiveAt: at };
};
const verify = (): Promise<Verification> => verifyLog({ pool, schema: 'ledger', log: 'ledger' });

beforeAll(async () => {
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url, { schema: 'ledger' });
  await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: [] });
  pool = createPool(postgres.url, { schema: 'ledger', role: 'jifen_ledger' });
  const store = createPostgresEventStore({ pool, schema: 'ledger', log: 'ledger', partitions: 2, clock: () => 5 });
  await store.transact({ partitions: [0, 1] }, async (tx) => {
    for (let each = 0; each < EVENTS; each++) tx.append(0, event(`s-${each % 7}`, Math.floor(each / 7) + 1));
    tx.append(1, event('other', 1));
  });
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await postgres.stop();
});

/** Does it as a superuser with the trigger off, verifies, and undoes it. */
async function tampered(sql: string): Promise<Verification> {
  await admin.query('CREATE TABLE kept_event AS TABLE event');
  await admin.query('CREATE TABLE kept_shard AS TABLE shard');
  try {
    await admin.query(`ALTER TABLE event DISABLE TRIGGER event_append_only; ${sql}`);
    return await verify();
  } finally {
    await admin.query(`DELETE FROM event; INSERT INTO event TABLE kept_event; DELETE FROM shard;
      INSERT INTO shard TABLE kept_shard; DROP TABLE kept_event, kept_shard;
      ALTER TABLE event ENABLE TRIGGER event_append_only`);
  }
}

describe('verifyLog', () => {
  it('walks an untouched log to its end, in pages', async () => {
    const seen: number[] = [];
    const answer = await verifyLog({ pool, schema: 'ledger', log: 'ledger' }, ({ position }) => seen.push(position));
    expect(answer).toEqual({ ok: true, events: EVENTS + 1 });
    expect(seen).toEqual([250, 500, 600, 1]);
    const part = await verifyLog({ pool, schema: 'ledger', log: 'ledger', partition: 1 });
    expect(part).toEqual({ ok: true, events: 1 });
  });

  const row = 'WHERE partition = 0 AND position = 300';
  const mismatch = 'its content and its hash do not match';
  it.each([
    ['log', `UPDATE event SET log = 'x' ${row}`, 'the event is missing'],
    ['partition', `UPDATE event SET partition = 1 ${row}`, 'the event is missing'],
    ['position', `UPDATE event SET position = 9000 ${row}`, 'the event is missing'],
    ['stream', `UPDATE event SET stream = stream || '0' ${row}`, mismatch],
    ['version', `UPDATE event SET version = version + 1000 ${row}`, mismatch],
    ['key', `UPDATE event SET key = 'shop/m-2' ${row}`, mismatch],
    ['type', `UPDATE event SET type = 'u' ${row}`, mismatch],
    ['schema_version', `UPDATE event SET schema_version = 2 ${row}`, mismatch],
    ['data, by a space', `UPDATE event SET data = data || ' ' ${row}`, mismatch],
    ['meta, by a space', `UPDATE event SET meta = meta || ' ' ${row}`, mismatch],
    ['occurred_at', `UPDATE event SET occurred_at = occurred_at + interval '1 microsecond' ${row}`, mismatch],
    ['recorded_at', `UPDATE event SET recorded_at = recorded_at + interval '1 microsecond' ${row}`, mismatch],
    ['effective_at', `UPDATE event SET effective_at = effective_at + interval '1 day' ${row}`, mismatch],
    ['hash', `UPDATE event SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1) ${row}`, mismatch],
    ['the row itself', `DELETE FROM event ${row}`, 'the event is missing'],
  ])('names the row whose %s was changed', async (_, sql, what) => {
    const broken = { log: 'ledger', partition: 0, position: 300, what };
    expect(await tampered(sql)).toEqual({ ok: false, events: 299, broken });
    expect(await verify()).toEqual({ ok: true, events: EVENTS + 1 });
  });

  it.each([
    ['the end cut off', `DELETE FROM event WHERE partition = 0 AND position > 590`, 0, 591, 'the event is missing'],
    ['everything', `DELETE FROM event`, 0, 1, 'the event is missing'],
    [
      'an event added behind the head',
      `INSERT INTO event SELECT log, partition, 601, 'x', 1, key, type, schema_version, data, meta, occurred_at,
         recorded_at, effective_at, hash FROM event WHERE partition = 0 AND position = 600`,
      0,
      601,
      'an event behind the head of the shard row',
    ],
    [
      'an event in a partition that is none',
      `INSERT INTO event SELECT log, 9, 1, 'x', 1, key, type, schema_version, data, meta, occurred_at,
         recorded_at, effective_at, hash FROM event WHERE partition = 0 AND position = 600`,
      9,
      1,
      'the log has no such partition',
    ],
    [
      'the end cut off and the position of the shard row with it',
      `DELETE FROM event WHERE partition = 0 AND position > 590; UPDATE shard SET position = 590 WHERE partition = 0`,
      0,
      590,
      'its hash is not the head hash in the shard row',
    ],
  ])('finds %s', async (_, sql, partition, position, what) => {
    expect(await tampered(sql)).toMatchObject({ ok: false, broken: { partition, position, what } });
  });

  it('finds a stream with a hole, though each event is as it was written', async () => {
    const store = createPostgresEventStore({ pool, schema: 'ledger', log: 'holes', partitions: 1, clock: () => 5 });
    await store.transact({ partitions: [0] }, async (tx) => tx.append(0, event('s', 2)));
    const answer = await verifyLog({ pool, schema: 'ledger', log: 'holes' });
    expect(answer).toMatchObject({ ok: false, broken: { position: 1, what: 'version 1 of its stream is missing' } });
  });
});
