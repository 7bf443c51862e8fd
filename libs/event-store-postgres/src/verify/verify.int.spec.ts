import type { NewEvent } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import { ensureBuilt, startPostgres, type RunningPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { createPool, createPostgresEventStore, migrate, verifyLog, type Verification } from '../index.ts';

const at = instantFromMillis(Date.UTC(2026, 0, 31));
const EVENTS = 1_200;

let postgres: RunningPostgres;
let admin: Pool;
let pool: Pool;

const event = (stream: string, version: number): NewEvent => {
  const facts = { key: 'shop/m-1', type: 't', schemaVersion: 1, data: '{"積":"分"}', meta: { traceparent: 'x' } };
  return { stream, version, ...facts, occurredAt: at, effectiveAt: at };
};
const verify = (): Promise<Verification> => verifyLog({ pool, schema: 'ledger', log: 'ledger' });
const verifyInThreads = (): Promise<Verification> =>
  verifyLog({ pool, schema: 'ledger', log: 'ledger', threads: { databaseUrl: postgres.url, count: 2 } });
const inBoth = async (): Promise<Verification> => {
  const answer = await verify();
  expect(await verifyInThreads()).toEqual(answer);
  return answer;
};

beforeAll(async () => {
  await ensureBuilt();
  postgres = await startPostgres({ fsync: false });
  admin = createPool(postgres.url, { schema: 'ledger' });
  await migrate(admin, { schema: 'ledger', role: 'jifen_ledger', migrations: [] });
  pool = createPool(postgres.url, { schema: 'ledger', role: 'jifen_ledger' });
  const store = createPostgresEventStore({
    pool,
    schema: 'ledger',
    log: 'ledger',
    partitions: 2,
    clock: () => Date.UTC(2026, 1, 1),
  });
  await store.transact({ partitions: [0, 1] }, async (tx) => {
    for (let each = 0; each < EVENTS; each++) tx.append(0, event(`s-${each % 7}`, Math.floor(each / 7) + 1));
    tx.append(1, event('other', 1));
  });
}, 120_000);
afterAll(async () => {
  await pool.end();
  await admin.end();
  await postgres.stop();
});

/** Does it as a superuser with the trigger off, verifies, and undoes it. */
async function tampered(sql: string, look = verify): Promise<Verification> {
  await admin.query('DROP TABLE IF EXISTS kept_event, kept_shard; CREATE TABLE kept_event AS TABLE event');
  await admin.query('CREATE TABLE kept_shard AS TABLE shard');
  try {
    await admin.query(`ALTER TABLE event DISABLE TRIGGER event_append_only; ${sql}`);
    return await look();
  } finally {
    await admin.query(`DELETE FROM event; INSERT INTO event TABLE kept_event; DELETE FROM shard;
      INSERT INTO shard TABLE kept_shard; DROP TABLE kept_event, kept_shard;
      ALTER TABLE event ENABLE TRIGGER event_append_only`);
  }
}

/** The columns of an event row, each with what makes one bit, byte or digit of it another. */
const row = 'WHERE partition = 0 AND position = 300';
const sent = (column: string): string => `
CREATE OR REPLACE FUNCTION pg_temp.flipped(value bytea, at int) RETURNS bytea LANGUAGE sql AS
  $f$ SELECT set_byte(value, at, get_byte(value, at) # 64) $f$;
UPDATE event SET ${column} =`;
const textByte = (column: string, at: string): string =>
  `${sent(column)} convert_from(pg_temp.flipped(convert_to(${column}, 'UTF8'), ${at}), 'UTF8') ${row}`;
const COLUMNS: readonly (readonly [string, string, string, string])[] = [
  ['log', 'the whole name', `UPDATE event SET log = 'x' ${row}`, 'stands at x-0-300'],
  ['partition', 'to one that exists', `UPDATE event SET partition = 9 ${row}`, 'stands at ledger-9-300'],
  ['position', 'to a place behind the head', `UPDATE event SET position = 9000 ${row}`, 'stands at ledger-0-9000'],
  ['position', 'to one below the first', `UPDATE event SET position = -300 ${row}`, 'stands at ledger-0--300'],
  ['stream', 'first byte', textByte('stream', '0'), 'byte 1 is "3" and was "s"'],
  ['stream', 'last byte', textByte('stream', 'length(stream) - 1'), 'its stream was changed: byte 3'],
  ['version', 'second byte', `UPDATE event SET version = version # 512 ${row}`, 'its version was changed from 43'],
  ['version', 'third byte', `UPDATE event SET version = version # 65536 ${row}`, 'its version was changed from 43'],
  ['key', 'a byte', textByte('key', '3'), 'its key was changed: byte 4 is "0" and was "p"'],
  ['type', 'its only byte', textByte('type', '0'), 'its type was changed: byte 1 is "4" and was "t"'],
  [
    'schema_version',
    'a bit',
    `UPDATE event SET schema_version = 3 ${row}`,
    'its schema_version was changed from 1 to 3',
  ],
  ['data', 'first byte', textByte('data', '0'), 'its data was changed: byte 1 is ";" and was "{"'],
  ['data', 'last byte', textByte('data', 'octet_length(data) - 1'), 'its data was changed: byte 13'],
  [
    'data',
    'a byte inside a character',
    `${sent('data')} replace(data, '分', '刖') ${row}`,
    'its data was changed: byte 11',
  ],
  ['data', 'a space more', `UPDATE event SET data = data || ' ' ${row}`, 'its data was changed: " " was added at 10'],
  ['meta', 'a byte', textByte('meta', '3'), 'its meta was changed: byte 4 is "2" and was "r"'],
  ['meta', 'a space more', `UPDATE event SET meta = meta || ' ' ${row}`, 'its meta was changed: " " was added'],
  ...['occurred_at', 'recorded_at', 'effective_at'].flatMap((column): (readonly [string, string, string, string])[] => [
    [
      column,
      'a microsecond',
      `UPDATE event SET ${column} = ${column} + interval '1 microsecond' ${row}`,
      `its ${column}`,
    ],
    [
      column,
      'a byte',
      `UPDATE event SET ${column} = ${column} + 4 * interval '72057.594037927936 s' ${row}`,
      `its ${column}`,
    ],
    [
      column,
      'another instant of the row',
      `UPDATE event SET ${column} = CASE '${column}'
       WHEN 'recorded_at' THEN occurred_at ELSE recorded_at END ${row}`,
      `its ${column} was changed from`,
    ],
  ]),
  ['hash', 'first byte', `${sent('hash')} pg_temp.flipped(hash, 0) ${row}`, 'its hash was changed'],
  ['hash', 'last byte', `${sent('hash')} pg_temp.flipped(hash, 31) ${row}`, 'its hash was changed'],
  ['hash', 'cut short', `UPDATE event SET hash = substr(hash, 1, 31) ${row}`, 'its hash was changed'],
];

describe('verifyLog', () => {
  it('walks an untouched log to its end, in pages', async () => {
    const seen: (readonly number[])[] = [];
    const answer = await verifyLog({ pool, schema: 'ledger', log: 'ledger' }, ({ position, events, total }) =>
      seen.push([position, events, total]),
    );
    expect(answer).toEqual({ ok: true, events: EVENTS + 1 });
    expect(seen).toEqual([
      [1_000, 1_000, EVENTS + 1],
      [EVENTS, EVENTS, EVENTS + 1],
      [1, EVENTS + 1, EVENTS + 1],
    ]);
    expect(await verifyInThreads()).toEqual(answer);
    const part = await verifyLog({ pool, schema: 'ledger', log: 'ledger', partition: 1 });
    expect(part).toEqual({ ok: true, events: 1 });
  });

  it('has a case for every column of an event row', async () => {
    const found = await admin.query<{ name: string }>(
      "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'ledger.event'::regclass AND attnum > 0",
    );
    expect(new Set(COLUMNS.map(([column]) => column))).toEqual(new Set(found.rows.map(({ name }) => name)));
  });

  it.each(COLUMNS)('N05: names the row whose %s was changed, %s', async (column, _, sql, what) => {
    const answer = await tampered(sql);
    expect(answer).toMatchObject({ ok: false, events: 299, broken: { log: 'ledger', partition: 0, position: 300 } });
    expect(answer.ok ? undefined : answer.broken.what).toContain(what);
    expect(answer.ok ? undefined : answer.broken.column).toBe(column);
    expect(await verify()).toEqual({ ok: true, events: EVENTS + 1 });
  });

  it('N05: names the row and the column whichever byte of it is flipped', async () => {
    // A low bit, so that text stays text; of a stream not the lowest, which would name another stream of the log.
    const flip = (column: string, index: number): string => {
      const bytes = column === 'hash' ? column : `convert_to(${column}, 'UTF8')`;
      const flipped = `set_byte(${bytes}, ${index}, get_byte(${bytes}, ${index}) # ${column === 'stream' ? 2 : 1})`;
      return column === 'hash' ? flipped : `convert_from(${flipped}, 'UTF8')`;
    };
    let flips = 0;
    for (const column of ['log', 'stream', 'key', 'type', 'data', 'meta', 'hash']) {
      const length = await admin.query<{ bytes: number }>(
        `SELECT octet_length(${column})::int AS bytes FROM event ${row}`,
      );
      for (let index = 0; index < (length.rows[0]?.bytes ?? 0); index++, flips++) {
        const answer = await tampered(`UPDATE event SET ${column} = ${flip(column, index)} ${row}`);
        expect(answer).toMatchObject({ ok: false, broken: { partition: 0, position: 300, column } });
      }
    }
    expect(flips).toBeGreaterThan(80);
  }, 120_000);

  it.each(['stream', 'version', 'key', 'data', 'meta', 'occurred_at', 'hash'])(
    'names a %s without a value',
    async (column) => {
      const answer = await tampered(
        `ALTER TABLE event ALTER ${column} DROP NOT NULL; UPDATE event SET ${column} = NULL ${row}`,
      );
      await admin.query(`ALTER TABLE event ALTER ${column} SET NOT NULL`);
      const broken = { log: 'ledger', partition: 0, position: 300, column, what: `its ${column} is gone` };
      expect(answer).toEqual({ ok: false, events: 299, broken });
    },
  );

  const forged = (partition: number, position: number): string => `
INSERT INTO event SELECT log, ${partition}, ${position}, 'x', 1, key, type, schema_version, data, meta, occurred_at,
  recorded_at, effective_at, hash FROM event WHERE partition = 0 AND position = 600`;
  const behind = (from: number, by: number): string => `
UPDATE event SET position = -position - ${by} WHERE partition = 0 AND position >= ${from};
UPDATE event SET position = -position WHERE partition = 0 AND position < 0;`;

  it.each([
    ['the row itself removed', `DELETE FROM event ${row}`, 0, 300, 'the event is missing'],
    [
      'a row removed and the later ones moved up',
      `DELETE FROM event ${row}; ${behind(301, -1)} UPDATE shard SET position = position - 1 WHERE partition = 0`,
      0,
      300,
      'do not match',
    ],
    [
      'a row put in between',
      `${behind(300, 1)} ${forged(0, 300)}`,
      0,
      300,
      'the event of this place stands at position 301',
    ],
    [
      'two rows in each other’s places',
      `UPDATE event SET position = CASE position WHEN 300 THEN -305 ELSE -300 END WHERE partition = 0 AND position IN (300, 305);
       UPDATE event SET position = -position WHERE position < 0`,
      0,
      300,
      'the event of this place stands at position 305',
    ],
    [
      'a data of five other bytes',
      `UPDATE event SET data = '{"x":12345}' ${row}`,
      0,
      300,
      'its content and its hash do not match',
    ],
    ['the end cut off', `DELETE FROM event WHERE partition = 0 AND position > 590`, 0, 591, 'the event is missing'],
    ['everything gone', `DELETE FROM event`, 0, 1, 'the event is missing'],
    [
      'an event added behind the head',
      forged(0, EVENTS + 1),
      0,
      EVENTS + 1,
      'an event behind the head of the shard row',
    ],
    ['an event in a partition that is none', forged(9, 1), 9, 1, 'the log has no such partition'],
    ['an event below the first position', forged(1, 0), 1, 0, 'a position below 1'],
    [
      'the end cut off and the position of the shard row with it',
      `DELETE FROM event WHERE partition = 0 AND position > 590; UPDATE shard SET position = 590 WHERE partition = 0`,
      0,
      590,
      'its hash is not the head hash in the shard row',
    ],
    [
      'the hash of the last row changed',
      `${sent('hash')} pg_temp.flipped(hash, 3) WHERE partition = 1`,
      1,
      1,
      'its hash was changed',
    ],
    [
      'the first partition that is broken, when several are',
      `UPDATE event SET data = '{"x":12345}' ${row}; UPDATE event SET data = '{"x":12345}' WHERE partition = 1`,
      0,
      300,
      'its content and its hash do not match',
    ],
  ])('finds %s, with one thread and with two', async (_, sql, partition, position, what) => {
    const answer = await tampered(sql, inBoth);
    expect(answer).toMatchObject({ ok: false, broken: { partition, position } });
    expect(answer.ok ? undefined : answer.broken.what).toContain(what);
  });

  it('finds a stream with a hole, though each event is as it was written', async () => {
    const store = createPostgresEventStore({ pool, schema: 'ledger', log: 'holes', partitions: 1, clock: () => 5 });
    await store.transact({ partitions: [0] }, async (tx) => tx.append(0, event('s', 2)));
    const answer = await verifyLog({ pool, schema: 'ledger', log: 'holes' });
    expect(answer).toMatchObject({ ok: false, broken: { position: 1, what: 'version 1 of its stream is missing' } });
  });
});
