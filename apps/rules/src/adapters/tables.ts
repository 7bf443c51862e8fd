import type { TierSince } from '@jifen/contracts';
import { textArray } from '@jifen/event-store-postgres';
import { instant } from '@jifen/kernel';
import type { FactsSince, OnceAward } from '@jifen/rules';
import { approvalTables } from './approval-tables.ts';
import type { OnceRow, RulesTables } from '../application/ports.ts';
import { programTables } from './program-tables.ts';
import type { Queryable } from './queryable.ts';
import { referralTables } from './referral-tables.ts';
import { windowTables } from './window-tables.ts';

const BEGINNING = instant('1970-01-01T00:00:00.000Z');

async function timelinesOf(
  sql: Queryable,
  owners: readonly string[],
): Promise<ReadonlyMap<string, readonly TierSince[]>> {
  const { rows } = await sql.query<{ owner: string; timeline: string }>({
    name: 'timelines-of',
    text: 'SELECT owner, timeline FROM tier_timeline WHERE owner = ANY ($1::text[])',
    values: [textArray(owners)],
  });
  return new Map(rows.map((row) => [row.owner, JSON.parse(row.timeline) as TierSince[]]));
}

async function saveTimelines(sql: Queryable, rows: ReadonlyMap<string, readonly TierSince[]>): Promise<void> {
  await sql.query(
    `INSERT INTO tier_timeline (owner, timeline) SELECT * FROM unnest($1::text[], $2::text[])
         ON CONFLICT (owner) DO UPDATE SET timeline = EXCLUDED.timeline`,
    [[...rows.keys()], [...rows.values()].map((timeline) => JSON.stringify(timeline))],
  );
}

/** Before members had a timeline the column held one set of facts: it counts from the beginning. */
function factsTimeline(text: string): readonly FactsSince[] {
  const stored = JSON.parse(text) as readonly FactsSince[] | FactsSince['facts'];
  return Array.isArray(stored) ? stored : [{ since: BEGINNING, facts: stored as FactsSince['facts'] }];
}

async function factsOf(sql: Queryable, owners: readonly string[]): Promise<ReadonlyMap<string, readonly FactsSince[]>> {
  const { rows } = await sql.query<{ owner: string; facts: string }>({
    name: 'facts-of',
    text: 'SELECT owner, facts FROM member_facts WHERE owner = ANY ($1::text[])',
    values: [textArray(owners)],
  });
  return new Map(rows.map((row) => [row.owner, factsTimeline(row.facts)]));
}

async function saveFacts(sql: Queryable, rows: ReadonlyMap<string, readonly FactsSince[]>): Promise<void> {
  await sql.query(
    `INSERT INTO member_facts (owner, facts) SELECT * FROM unnest($1::text[], $2::text[])
         ON CONFLICT (owner) DO UPDATE SET facts = EXCLUDED.facts`,
    [[...rows.keys()], [...rows.values()].map((facts) => JSON.stringify(facts))],
  );
}

async function onceOf(sql: Queryable, owners: readonly string[]): Promise<readonly OnceRow[]> {
  const { rows } = await sql.query<{ owner: string; rule: string; award: string }>({
    name: 'once-of',
    text: 'SELECT owner, rule, award FROM once_award WHERE owner = ANY ($1::text[])',
    values: [textArray(owners)],
  });
  return rows.map(({ owner, rule, award }) => ({ owner, rule, award: JSON.parse(award) as OnceAward }));
}

async function saveOnce(sql: Queryable, rows: readonly OnceRow[]): Promise<void> {
  await sql.query(
    `INSERT INTO once_award (owner, rule, award) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
         ON CONFLICT (owner, rule) DO UPDATE SET award = EXCLUDED.award`,
    [rows.map(({ owner }) => owner), rows.map(({ rule }) => rule), rows.map(({ award }) => JSON.stringify(award))],
  );
}

export const tables: RulesTables<Queryable> = {
  ...programTables,
  ...windowTables,
  ...referralTables,
  ...approvalTables,
  timelinesOf,
  saveTimelines,
  factsOf,
  saveFacts,
  onceOf,
  saveOnce,
};
