import type { TransferMade } from '@jifen/contracts';
import { int4Array, textArray } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import type { ClientBase, Pool } from 'pg';
import type { Leg, Legs } from '../application/ports.ts';

interface Row {
  readonly account: string;
  readonly partition: number;
  readonly leg: string;
}

const SAVE = `
INSERT INTO leg (id, account, partition, leg)
SELECT * FROM unnest($1::text[], $2::text[], $3::int4[], $4::text[]) ON CONFLICT DO NOTHING`;

export async function saveLegs(sql: ClientBase, legs: readonly Leg[]): Promise<void> {
  await sql.query(SAVE, [
    textArray(legs.map(({ leg }) => leg.id)),
    textArray(legs.map(({ account }) => account)),
    int4Array(legs.map(({ partition }) => partition)),
    textArray(legs.map(({ leg }) => JSON.stringify(leg))),
  ]);
}

const DUE = `
SELECT account, partition, leg FROM leg WHERE partition = $1 AND due <= $2::timestamptz ORDER BY due, sent_at LIMIT $3`;

/** Legs of accounts of the partition that wait for their answer, oldest first. */
export async function dueLegs(pool: Pool, partition: number, now: number, limit: number): Promise<readonly Leg[]> {
  const { rows } = await pool.query<Row>(DUE, [partition, instantFromMillis(now), limit]);
  return rows.map(({ account, partition: from, leg }) => ({
    account,
    partition: from,
    leg: JSON.parse(leg) as TransferMade,
  }));
}

const pairs = (legs: readonly Leg[]): Buffer[] => [
  textArray(legs.map(({ leg }) => leg.id)),
  textArray(legs.map(({ account }) => account)),
];

async function drop(sql: ClientBase, legs: readonly Leg[]): Promise<void> {
  const text = `
DELETE FROM leg l USING unnest($1::text[], $2::text[]) AS t (id, account)
WHERE l.id = ANY ($1::text[]) AND l.id = t.id AND l.account = t.account`;
  await sql.query(text, pairs(legs));
}

async function postpone(sql: ClientBase, legs: readonly Leg[], until: number): Promise<void> {
  const text = `
UPDATE leg l SET due = $3::timestamptz FROM unnest($1::text[], $2::text[]) AS t (id, account)
WHERE l.id = ANY ($1::text[]) AND l.id = t.id AND l.account = t.account`;
  await sql.query(text, [...pairs(legs), instantFromMillis(until)]);
}

export const legTable: Legs<ClientBase> = { drop, postpone };
