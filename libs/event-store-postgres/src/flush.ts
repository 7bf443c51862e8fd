import type { Shard, StoredEvent, TransactionDraft } from '@jifen/event-store';
import { assert } from '@jifen/kernel';
import type { PoolClient } from 'pg';
import { byteaArray, int4Array, int8Array, textArray } from './binary-arrays.ts';
import { insertEventsSql, insertEventsValues } from './event-rows.ts';
import { landed } from './landed.ts';
import { insertDeadLettersSql, insertDeadLettersValues, insertParkedSql, insertParkedValues } from './poison-sql.ts';

/** Bounds of one INSERT: its parameters are one message of the protocol, held in memory on both sides. */
const MAX_EVENTS_PER_STATEMENT = 2_000;
const MAX_DATA_PER_STATEMENT = 32 * 1024 * 1024;

const moveShardsSql = (schema: string): string => `
UPDATE ${schema}.shard s SET position = m.position, head_hash = m.head_hash, cursors = m.cursors::jsonb
FROM unnest($2::int4[], $3::int8[], $4::bytea[], $5::text[]) AS m (partition, position, head_hash, cursors)
WHERE s.log = $1 AND s.partition = m.partition`;

/** Sends everything that the transaction collected, in as few statements as there are tables, and mostly in one round trip. */
export async function flush(
  client: PoolClient,
  place: { readonly schema: string; readonly log: string },
  draft: TransactionDraft,
): Promise<void> {
  const { schema, log } = place;
  const sent = [...draft.sent];
  let full = false;
  for (const events of chunks(draft.events)) {
    if (full) await landed(sent);
    const values = insertEventsValues(log, events);
    sent.push(client.query({ name: `${schema}-insert-events`, text: insertEventsSql(schema), values }));
    full = true;
  }
  if (draft.deadLetters.length > 0) {
    const values = insertDeadLettersValues(log, draft.recordedAt, draft.deadLetters);
    sent.push(client.query(insertDeadLettersSql(schema), values));
  }
  if (draft.parkings.length > 0) {
    const values = insertParkedValues(log, draft.recordedAt, draft.parkings);
    sent.push(client.query(insertParkedSql(schema), values));
  }
  const shards = draft.moved();
  if (shards.length > 0) sent.push(moveShards(client, place, shards));
  await landed(sent);
}

async function moveShards(
  client: PoolClient,
  { schema, log }: { readonly schema: string; readonly log: string },
  shards: readonly Shard[],
): Promise<void> {
  const moved = await client.query({
    name: `${schema}-move-shards`,
    text: moveShardsSql(schema),
    values: [
      log,
      int4Array(shards.map((shard) => shard.partition)),
      int8Array(shards.map((shard) => shard.position)),
      byteaArray(shards.map((shard) => shard.headHash)),
      textArray(shards.map((shard) => JSON.stringify(shard.cursors))),
    ],
  });
  assert(moved.rowCount === shards.length, `${log}: a held shard row has gone`);
}

function* chunks(events: readonly StoredEvent[]): Generator<readonly StoredEvent[]> {
  let chunk: StoredEvent[] = [];
  let length = 0;
  for (const event of events) {
    const full = chunk.length === MAX_EVENTS_PER_STATEMENT || length + event.data.length > MAX_DATA_PER_STATEMENT;
    if (full && chunk.length > 0) {
      yield chunk;
      chunk = [];
      length = 0;
    }
    chunk.push(event);
    length += event.data.length;
  }
  if (chunk.length > 0) yield chunk;
}
