import type { MemberUpdated, TierChanged } from '@jifen/contracts';
import type { StreamRange } from '@jifen/event-store-postgres';
import { instant } from '@jifen/kernel';
import { SERVICE_OF_LOG, TOPIC_OF_LOG } from '@jifen/messaging';
import { withFacts, type FactsSince } from '@jifen/rules';
import type { ClientBase } from 'pg';
import type { FoldedRow } from './member-fold.ts';
import { within, withinValues } from './member-range.ts';
import { LOG } from './session.ts';

/** Logs of other services that two books are made of; where they are kept in another database, those cannot be compared. */
export interface Elsewhere {
  readonly tier: boolean;
  readonly activity: boolean;
}

export async function findElsewhere(client: ClientBase): Promise<Elsewhere> {
  const has = async (log: 'tier' | 'activity'): Promise<boolean> => {
    const name = `${SERVICE_OF_LOG[log]}.event`;
    const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [name]);
    return rows[0]?.found === true;
  };
  return { tier: await has('tier'), activity: await has('activity') };
}

/** Books that need a log which is not here. */
export const unreadable = ({ tier, activity }: Elsewhere): readonly string[] => [
  ...(activity ? [] : ['member_facts']),
  ...(tier ? [] : ['tier_timeline']),
];

/** Only what was applied counts: up to the cursor of each partition; `$n` names the log and the topic. */
const applied = (log: 'tier' | 'activity', n: number): string => `
  ${SERVICE_OF_LOG[log]}.event e JOIN shard s ON s.log = '${LOG}' AND s.partition = e.partition
 WHERE e.log = '${log}' AND e.type = $${n} AND e.position <= (s.cursors -> '${TOPIC_OF_LOG[log]}' ->> 'sequence')::bigint`;

/** The last standing that was told of each member of a range. */
export async function timelinesIn(client: ClientBase, range: StreamRange): Promise<readonly FoldedRow[]> {
  const { rows } = await client.query<{ stream: string; data: string }>(
    `SELECT DISTINCT ON (e.stream) e.stream, e.data FROM ${applied('tier', 4)} AND ${within('e.stream')}
      ORDER BY e.stream, e.version DESC`,
    [...withinValues(range), 'tier.changed'],
  );
  return rows.map(({ stream: owner, data }) => {
    const { timeline } = JSON.parse(data) as TierChanged;
    return { book: 'tier_timeline', row: { owner, timeline: JSON.stringify(timeline) }, due: 'exactly' };
  });
}

/** What became known of members, from when on. Each telling of it has a rating, so that whoever has facts has ratings. */
export async function factsOf(client: ClientBase, owners: readonly string[]): Promise<readonly FoldedRow[]> {
  const { rows } = await client.query<{ key: string; data: string }>(
    `SELECT e.key, e.data FROM ${applied('activity', 2)} AND e.stream = ANY ($1::text[]) ORDER BY e.stream, e.version`,
    [owners.map((owner) => owner.replace('/', '/member/')), 'member.updated'],
  );
  const known = new Map<string, readonly FactsSince[]>();
  for (const { key, data } of rows) {
    const { occurredAt, facts } = JSON.parse(data) as MemberUpdated;
    known.set(key, withFacts(known.get(key) ?? [], { since: instant(occurredAt), facts }));
  }
  return [...known].map(([owner, facts]) => ({
    book: 'member_facts',
    row: { owner, facts: JSON.stringify(facts) },
    due: 'exactly',
  }));
}

/** Members whose messages wait to be redriven: what others told of them was not applied. */
export async function parkedIn(client: ClientBase, range: StreamRange): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ key: string }>(
    `SELECT key FROM parked WHERE log = '${LOG}' AND ${within('key')}`,
    [...withinValues(range)],
  );
  return new Set(rows.map(({ key }) => key));
}
