import { int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantFromMillis, instantToMillis, money, points, type Instant } from '@jifen/kernel';
import type { Assignment, Contribution, Facts, Needs, Purchase } from '@jifen/tiering';
import type { QueryConfig } from 'pg';
import type { FactKey, OwnedGrant, OwnedJoining, OwnedPurchase } from '../application/ports.ts';
import { assignmentsOf } from './assignment-table.ts';
import type { Queryable } from './queryable.ts';

const SAVE_GRANTS = `
  INSERT INTO granted (owner, award, currency, earned_at, points)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[])
      ON CONFLICT (owner, award) DO UPDATE SET earned_at = EXCLUDED.earned_at, points = EXCLUDED.points`;

const SAVE_PURCHASES = `
  INSERT INTO purchase AS p (owner, source, order_id, paid_at, currency, amount, position)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::bigint[], $7::bigint[])
      ON CONFLICT (owner, source, order_id) DO UPDATE
     SET paid_at = EXCLUDED.paid_at, currency = EXCLUDED.currency, amount = EXCLUDED.amount, position = EXCLUDED.position
   WHERE p.position <= EXCLUDED.position`;

const SAVE_JOININGS = `
  INSERT INTO joining AS j (owner, joined_at)
  SELECT owner, min(joined_at) FROM unnest($1::text[], $2::timestamptz[]) n (owner, joined_at) GROUP BY owner
      ON CONFLICT (owner) DO UPDATE SET joined_at = least(j.joined_at, EXCLUDED.joined_at)`;

const GRANTS = `
  SELECT owner, currency, earned_at, points FROM granted
   WHERE owner = ANY ($1::text[]) AND currency = ANY ($2::text[])`;

const PURCHASES = 'SELECT owner, paid_at, currency, amount FROM purchase WHERE owner = ANY ($1::text[]) AND amount > 0';

const JOININGS = 'SELECT owner, joined_at FROM joining WHERE owner = ANY ($1::text[])';

const GRANTS_ABOUT = `
  SELECT g.owner, g.currency, g.earned_at, g.points
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) k (owner, award)) k JOIN granted g USING (owner, award)`;

const PURCHASES_ABOUT = `
  SELECT p.owner, p.paid_at, p.currency, p.amount
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[]) k (owner, source, order_id)) k
    JOIN purchase p USING (owner, source, order_id)
   WHERE p.amount > 0`;

/** A statement may touch a row once only: the last of each key stands. */
const lastOf = <T>(all: readonly T[], key: (each: T) => string): readonly T[] => [
  ...new Map(all.map((each) => [key(each), each])).values(),
];

export async function saveGrants(sql: Queryable, grants: readonly OwnedGrant[]): Promise<void> {
  const rows = lastOf(grants, ({ owner, award }) => `${owner} ${award}`);
  await sql.query({
    name: 'save-grants',
    text: SAVE_GRANTS,
    values: [
      textArray(rows.map((row) => row.owner)),
      textArray(rows.map((row) => row.award)),
      textArray(rows.map((row) => row.currency)),
      timestampArray(rows.map((row) => instantToMillis(row.earnedAt))),
      int8Array(rows.map((row) => row.points)),
    ],
  });
}

export async function savePurchases(sql: Queryable, purchases: readonly OwnedPurchase[]): Promise<void> {
  const ordered = purchases.toSorted((a, b) => a.position - b.position);
  const rows = lastOf(ordered, ({ owner, source, orderId }) => JSON.stringify([owner, source, orderId]));
  await sql.query({
    name: 'save-purchases',
    text: SAVE_PURCHASES,
    values: [
      textArray(rows.map((row) => row.owner)),
      textArray(rows.map((row) => row.source)),
      textArray(rows.map((row) => row.orderId)),
      timestampArray(rows.map((row) => instantToMillis(row.at))),
      textArray(rows.map((row) => row.currency)),
      int8Array(rows.map((row) => row.amount)),
      int8Array(rows.map((row) => row.position)),
    ],
  });
}

export async function saveJoinings(sql: Queryable, rows: readonly OwnedJoining[]): Promise<void> {
  await sql.query({
    name: 'save-joinings',
    text: SAVE_JOININGS,
    values: [textArray(rows.map((row) => row.owner)), timestampArray(rows.map((row) => instantToMillis(row.at)))],
  });
}

interface MutableFacts {
  joined: Instant | undefined;
  readonly points: Map<string, Contribution[]>;
  readonly purchases: Purchase[];
  readonly assigned: Assignment[];
}

type Found = Map<string, MutableFacts>;

function of(found: Found, owner: string): MutableFacts {
  const known = found.get(owner);
  if (known !== undefined) return known;
  const facts = { joined: undefined, points: new Map<string, Contribution[]>(), purchases: [], assigned: [] };
  found.set(owner, facts);
  return facts;
}

const instantOf = (at: Date): Instant => instantFromMillis(at.getTime());

export async function factsOf(
  sql: Queryable,
  owners: readonly string[],
  needs: Needs,
): Promise<ReadonlyMap<string, Facts>> {
  const found: Found = new Map();
  if (owners.length === 0) return found;
  await Promise.all([
    readGrants(sql, { name: 'grants-of-owners', text: GRANTS, values: [owners, needs.currencies] }, found),
    readAssignments(sql, owners, found),
    needs.purchases
      ? readPurchases(sql, { name: 'purchases-of-owners', text: PURCHASES, values: [owners] }, found)
      : undefined,
    needs.joined ? readJoinings(sql, owners, found) : undefined,
  ]);
  return found;
}

export async function factsAbout(sql: Queryable, keys: readonly FactKey[]): Promise<ReadonlyMap<string, Facts>> {
  const found: Found = new Map();
  const awards = keys.flatMap((key) => ('award' in key ? [key] : []));
  const orders = keys.flatMap((key) => ('orderId' in key ? [key] : []));
  const ownersOf = (all: readonly FactKey[]): Buffer => textArray(all.map(({ owner }) => owner));
  const orderKeys = [textArray(orders.map(({ source }) => source)), textArray(orders.map(({ orderId }) => orderId))];
  await Promise.all([
    awards.length === 0
      ? undefined
      : readGrants(
          sql,
          { text: GRANTS_ABOUT, values: [ownersOf(awards), textArray(awards.map(({ award }) => award))] },
          found,
        ),
    orders.length === 0
      ? undefined
      : readPurchases(sql, { text: PURCHASES_ABOUT, values: [ownersOf(orders), ...orderKeys] }, found),
  ]);
  return found;
}

async function readGrants(sql: Queryable, query: QueryConfig, found: Found): Promise<void> {
  type Row = { readonly owner: string; readonly currency: string; readonly earned_at: Date; readonly points: number };
  for (const row of (await sql.query<Row>(query)).rows) {
    const { points: earned } = of(found, row.owner);
    const contribution = { earnedAt: instantOf(row.earned_at), points: points(row.points) };
    const others = earned.get(row.currency);
    if (others === undefined) earned.set(row.currency, [contribution]);
    else others.push(contribution);
  }
}

async function readPurchases(sql: Queryable, query: QueryConfig, found: Found): Promise<void> {
  type Row = { readonly owner: string; readonly paid_at: Date; readonly currency: string; readonly amount: number };
  for (const { owner, paid_at: at, currency, amount } of (await sql.query<Row>(query)).rows)
    of(found, owner).purchases.push({ at: instantOf(at), currency, amount: money(amount) });
}

async function readAssignments(sql: Queryable, owners: readonly string[], found: Found): Promise<void> {
  for (const { owner, at, tier, until } of await assignmentsOf(sql, owners))
    of(found, owner).assigned.push({ at, tier, until });
}

async function readJoinings(sql: Queryable, owners: readonly string[], found: Found): Promise<void> {
  type Row = { readonly owner: string; readonly joined_at: Date };
  for (const { owner, joined_at: at } of (
    await sql.query<Row>({ name: 'joinings-of-owners', text: JOININGS, values: [owners] })
  ).rows)
    of(found, owner).joined = instantOf(at);
}
