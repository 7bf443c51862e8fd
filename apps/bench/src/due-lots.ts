import { ledgerService } from '@jifen/app-ledger';
import type { RatingMade } from '@jifen/contracts';
import { createPool } from '@jifen/event-store-postgres';
import { instant, instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import { DEFAULT_PARTITIONS, messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';
import { bareService, feed } from './bare-service.ts';

/** Of one account: what members have who buy a few times a year. */
export const LOTS_EACH = 4;
export const POINTS_EACH = 7;
const DAY_MS = 86_400_000;
const BATCH = 500;
/** Messages in memory at a time. */
const CHUNK = 20_000;
const HASH = new Uint8Array(32);

/** Members of due lots begin with it. */
export const DUE_PREFIX = 'due-';

export interface DueLots {
  readonly databaseUrl: string;
  readonly program: string;
  readonly lots: number;
  readonly say: (line: string) => void;
}

/**
 * Gives accounts four lots each that lapsed yesterday, by the ledger's own consumer with its clock three days back, while no
 * ledger runs. The ratings are in no log: the ledger's cursors are put away meanwhile, and those who follow the ledger have
 * read what it posted, so that nobody catches up while the sweep is measured.
 */
export async function giveDueLots({ databaseUrl, program, lots, say }: DueLots): Promise<void> {
  const now = Date.now();
  const owner = createPool(databaseUrl, { max: 1 });
  const before = await owner.query<{ cursors: string }>(PUT_AWAY);
  const ledger = await bareService(ledgerService, databaseUrl, () => now - 3 * DAY_MS);
  const consumer = ledger.consumer(TOPIC_OF_LOG.rating);
  const heads = new Map<number, number>();
  try {
    const accounts = Math.ceil(lots / LOTS_EACH);
    for (let from = 0; from < lots; from += CHUNK) {
      const messages = Array.from({ length: Math.min(CHUNK, lots - from) }, (_, n) =>
        ratingOf(program, (from + n) % accounts, Math.floor((from + n) / accounts), now, heads),
      );
      await feed(consumer, messages, BATCH);
      say(`${Math.min(lots, from + CHUNK)} of ${lots} lots given`);
    }
  } finally {
    await ledger.close();
  }
  await owner.query('UPDATE ledger.shard SET cursors = ($1::jsonb -> partition::text)', [before.rows[0]?.cursors]);
  for (const schema of ['tiering', 'notifications']) await owner.query(haveRead(schema));
  await owner.end();
}

const PUT_AWAY = `
WITH before AS (SELECT partition, cursors FROM ledger.shard), cleared AS (UPDATE ledger.shard SET cursors = '{}')
SELECT jsonb_object_agg(partition, cursors)::text AS cursors FROM before`;

/** Marks the ledger's whole log as read by a service. */
export const haveRead = (schema: string): string => `
UPDATE ${schema}.shard s
SET cursors = s.cursors
  || jsonb_build_object('${TOPIC_OF_LOG.ledger}', jsonb_build_object('offset', l.position + 1, 'sequence', l.position))
FROM ledger.shard l WHERE l.log = 'ledger' AND l.partition = s.partition AND s.cursors ? '${TOPIC_OF_LOG.ledger}'`;

function ratingOf(program: string, n: number, order: number, now: number, heads: Map<number, number>): Message {
  const member = `${DUE_PREFIX}${n}`;
  const key = memberKey(program, member);
  const partition = partitionOf(key, DEFAULT_PARTITIONS);
  const position = (heads.get(partition) ?? 0) + 1;
  heads.set(partition, position);
  const at = instantFromMillis(now - 4 * DAY_MS);
  const rating: RatingMade = {
    program,
    member,
    cause: { source: 'shop', id: `${n}-${order}`, revision: 1 },
    origin: { partition, position },
    programVersion: 1,
    occurredAt: at,
    awards: [
      {
        currency: 'points',
        awardId: `${member}~base~shop~${order}`,
        revision: position,
        target: POINTS_EACH,
        ruleId: 'base',
        ruleVersion: 1,
        availableAt: at,
        expiresAt: instantFromMillis(now - DAY_MS),
      },
    ],
  };
  const event = {
    ...{ log: 'rating', partition, position, stream: `${key}/shop/order/${order}`, version: 1, key },
    ...{ type: 'rating.made', schemaVersion: 1, data: JSON.stringify(rating), meta: {}, hash: HASH },
    ...{ occurredAt: instant(at), recordedAt: instant(at), effectiveAt: instant(at) },
  };
  return messageOfEvent(event, TOPIC_OF_LOG.rating);
}
