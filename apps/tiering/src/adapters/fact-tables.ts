import { int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantFromMillis, instantToMillis, money, points, type Instant } from '@jifen/kernel';
import type { Assignment, Contribution, Facts, Needs, Purchase } from '@jifen/tiering';
import type { OwnedGrant, OwnedJoining, OwnedPurchase } from '../application/ports.ts';
import { readAssignments } from './assignment-table.ts';
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

/** A statement may touch a row once only: the last of each key stands. */
const lastOf = <T>(all: readonly T[], key: (each: T) => string): readonly T[] => [
  ...new Map(all.map((each) => [key(each), each])).values(),
];

export async function saveGrants(sql: Queryable, grants: readonly OwnedGrant[]): Promise<void> {
  const rows = lastOf(grants, ({ owner, award }) => `${owner} ${award}`);
  await sql.query(SAVE_GRANTS, [
    textArray(rows.map((row) => row.owner)),
    textArray(rows.map((row) => row.award)),
    textArray(rows.map((row) => row.currency)),
    timestampArray(rows.map((row) => instantToMillis(row.earnedAt))),
    int8Array(rows.map((row) => row.points)),
  ]);
}

export async function savePurchases(sql: Queryable, purchases: readonly OwnedPurchase[]): Promise<void> {
  const ordered = purchases.toSorted((a, b) => a.position - b.position);
  const rows = lastOf(ordered, ({ owner, source, orderId }) => JSON.stringify([owner, source, orderId]));
  await sql.query(SAVE_PURCHASES, [
    textArray(rows.map((row) => row.owner)),
    textArray(rows.map((row) => row.source)),
    textArray(rows.map((row) => row.orderId)),
    timestampArray(rows.map((row) => instantToMillis(row.at))),
    textArray(rows.map((row) => row.currency)),
    int8Array(rows.map((row) => row.amount)),
    int8Array(rows.map((row) => row.position)),
  ]);
}

export async function saveJoinings(sql: Queryable, rows: readonly OwnedJoining[]): Promise<void> {
  await sql.query(SAVE_JOININGS, [
    textArray(rows.map((row) => row.owner)),
    timestampArray(rows.map((row) => instantToMillis(row.at))),
  ]);
}

interface MutableFacts {
  joined: Instant | undefined;
  readonly points: Map<string, Contribution[]>;
  readonly purchases: Purchase[];
  readonly assigned: Assignment[];
}

const instantOf = (at: Date): Instant => instantFromMillis(at.getTime());

export async function factsOf(
  sql: Queryable,
  owners: readonly string[],
  needs: Needs,
): Promise<ReadonlyMap<string, Facts>> {
  const found = new Map<string, MutableFacts>();
  const of = (owner: string): MutableFacts => {
    const facts = found.get(owner) ?? {
      joined: undefined,
      points: new Map<string, Contribution[]>(),
      purchases: [],
      assigned: [],
    };
    found.set(owner, facts);
    return facts;
  };
  if (owners.length === 0) return found;
  await readGrants(sql, owners, needs.currencies, of);
  for (const { owner, at, tier, until } of await readAssignments(sql, owners))
    of(owner).assigned.push({ at, tier, until });
  if (needs.purchases) await readPurchases(sql, owners, of);
  if (needs.joined) await readJoinings(sql, owners, of);
  return found;
}

async function readGrants(
  sql: Queryable,
  owners: readonly string[],
  currencies: readonly string[],
  of: (owner: string) => MutableFacts,
): Promise<void> {
  type Row = { readonly owner: string; readonly currency: string; readonly earned_at: Date; readonly points: number };
  for (const row of (await sql.query<Row>(GRANTS, [owners, currencies])).rows) {
    const { points: earned } = of(row.owner);
    const contribution = { earnedAt: instantOf(row.earned_at), points: points(row.points) };
    const others = earned.get(row.currency);
    if (others === undefined) earned.set(row.currency, [contribution]);
    else others.push(contribution);
  }
}

async function readPurchases(
  sql: Queryable,
  owners: readonly string[],
  of: (owner: string) => MutableFacts,
): Promise<void> {
  type Row = { readonly owner: string; readonly paid_at: Date; readonly currency: string; readonly amount: number };
  for (const { owner, paid_at: at, currency, amount } of (await sql.query<Row>(PURCHASES, [owners])).rows)
    of(owner).purchases.push({ at: instantOf(at), currency, amount: money(amount) });
}

async function readJoinings(
  sql: Queryable,
  owners: readonly string[],
  of: (owner: string) => MutableFacts,
): Promise<void> {
  type Row = { readonly owner: string; readonly joined_at: Date };
  for (const { owner, joined_at: at } of (await sql.query<Row>(JOININGS, [owners])).rows)
    of(owner).joined = instantOf(at);
}
