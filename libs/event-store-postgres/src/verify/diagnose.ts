import { eventHashHex, hexOf, type HashedEvent } from '@jifen/event-store';
import { instantFromMillis, type Instant } from '@jifen/kernel';
import type { Pool } from 'pg';
import { EVENT_TYPES } from '../event-rows.ts';
import { byteFlips } from './byte-flips.ts';
import type { ChainRow } from './chain-rows.ts';
import { changedText } from './changed-text.ts';
import type { Finding } from './finding.ts';
import type { StrayRow } from './strays.ts';

export interface Suspect {
  readonly pool: Pool;
  readonly schema: string;
  /** Hash before the row. */
  readonly previous: string;
  readonly row: ChainRow;
  /** The rest of its page. */
  readonly following: readonly ChainRow[];
  /** Head hash of the shard row, when the row is the last. */
  readonly head: string | undefined;
}

/**
 * What was done to a row that does not verify. The chain proves only that something was; which column it was is found by
 * trying what the row may have been, one changed byte or a copied instant, until its hash fits.
 */
export async function diagnose(suspect: Suspect): Promise<Finding> {
  const { previous, row, following } = suspect;
  const { event } = row;
  if (row.empty !== undefined) return { what: `its ${row.empty} is gone`, column: row.empty };
  const computed = eventHashHex(previous, event);
  const [next] = following;
  if (suspect.head === computed || (next !== undefined && eventHashHex(computed, next.event) === next.hash))
    return { what: 'its hash was changed; its content is as it was written', column: 'hash' };
  const place = { position: event.position };
  const moved = following.find((each) => eventHashHex(previous, { ...each.event, ...place }) === each.hash);
  if (moved !== undefined)
    return { what: `the event of this place stands at position ${moved.event.position}`, column: 'position' };
  return (
    changedNumber(previous, event, row.hash) ??
    (await changedInstant(suspect, event)) ??
    changedText(previous, event, row.hash) ?? { what: 'its content and its hash do not match' }
  );
}

/** Where the event that is missing from a place went, if it is anywhere. */
export function missing(
  strays: readonly StrayRow[],
  previous: string,
  place: Pick<HashedEvent, 'log' | 'partition' | 'position'>,
): Finding {
  const here = strays.find((each) => eventHashHex(previous, { ...each, ...place }) === hexOf(each.hash));
  if (here === undefined) return { what: 'the event is missing' };
  const column = (['log', 'partition', 'position'] as const).find((name) => here[name] !== place[name]) ?? 'position';
  return { what: `the event is missing here; it stands at ${here.log}-${here.partition}-${here.position}`, column };
}

function changedNumber(previous: string, event: HashedEvent, stored: string): Finding | undefined {
  const columns = [
    ['version', 'version', 8],
    ['schema_version', 'schemaVersion', 4],
  ] as const;
  for (const [column, field, bytes] of columns) {
    for (const was of byteFlips(BigInt(event[field]), bytes)) {
      if (was < 1n || was > BigInt(Number.MAX_SAFE_INTEGER)) continue;
      if (eventHashHex(previous, { ...event, [field]: Number(was) }) === stored)
        return { what: `its ${column} was changed from ${was} to ${event[field]}`, column };
    }
  }
  return undefined;
}

const INSTANTS = [
  ['occurred_at', 'occurredAt'],
  ['recorded_at', 'recordedAt'],
  ['effective_at', 'effectiveAt'],
] as const;

/** 2000-01-01T00:00:00Z: the server counts microseconds from there, and a flipped byte is one of those eight. */
const EPOCH_MICROS = 946_684_800_000_000n;

async function changedInstant(suspect: Suspect, event: HashedEvent): Promise<Finding | undefined> {
  const { schema, previous, row } = suspect;
  const columns = INSTANTS.map(([column]) => `extract(epoch FROM ${column})::text AS ${column}`).join(', ');
  const found = await suspect.pool.query<Record<string, string>>({
    text: `SELECT ${columns} FROM ${schema}.event WHERE log = $1 AND partition = $2 AND position = $3`,
    values: [event.log, event.partition, event.position],
    types: EVENT_TYPES,
  });
  // Rows of one transaction share an instant, and the three of a row are often the same.
  const near = [row, ...suspect.following.slice(0, 1)].flatMap((each) =>
    INSTANTS.map(([, field]) => each.event[field]),
  );
  for (const [column, field] of INSTANTS) {
    for (const was of [...near, ...instants(found.rows[0]?.[column])]) {
      if (was !== event[field] && eventHashHex(previous, { ...event, [field]: was }) === row.hash)
        return { what: `its ${column} was changed from ${was} to ${event[field]}`, column };
    }
  }
  return undefined;
}

/** What an instant may have been: whole milliseconds, as all that we write. */
function instants(seconds: string | undefined): readonly Instant[] {
  const digits = /^(-?)(\d+)\.(\d{6})$/.exec(seconds ?? '');
  if (digits === null) return [];
  const [, sign = '', whole = '', micros = ''] = digits;
  const since = BigInt(`${sign}${whole}${micros}`) - EPOCH_MICROS;
  const millis = [since - (since % 1000n), ...byteFlips(since, 8)]
    .filter((each) => each % 1000n === 0n)
    .map((each) => Number((each + EPOCH_MICROS) / 1000n));
  // What an instant can be.
  return millis.filter((each) => each >= 0 && each < 253_402_300_800_000).map(instantFromMillis);
}
