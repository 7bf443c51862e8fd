import { int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantFromMillis, instantToMillis, points } from '@jifen/kernel';
import type { Contribution } from '@jifen/tiering';
import { grantsKey, type OwnedGrant } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = `
  INSERT INTO granted (owner, award, currency, earned_at, points)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bigint[])
      ON CONFLICT (owner, award) DO UPDATE SET earned_at = EXCLUDED.earned_at, points = EXCLUDED.points`;

const OF_OWNERS = `
  SELECT owner, currency, earned_at, points FROM granted
   WHERE owner = ANY ($1::text[]) AND currency = ANY ($2::text[])`;

export async function saveGrants(sql: Queryable, grants: readonly OwnedGrant[]): Promise<void> {
  // A statement may touch a row once only: the last posting of an award stands.
  const rows = [...new Map(grants.map((grant) => [`${grant.owner} ${grant.award}`, grant])).values()];
  if (rows.length === 0) return;
  await sql.query(SAVE, [
    textArray(rows.map((row) => row.owner)),
    textArray(rows.map((row) => row.award)),
    textArray(rows.map((row) => row.currency)),
    timestampArray(rows.map((row) => instantToMillis(row.earnedAt))),
    int8Array(rows.map((row) => row.points)),
  ]);
}

interface GrantRow {
  readonly owner: string;
  readonly currency: string;
  readonly earned_at: Date;
  readonly points: number;
}

export async function grantsOf(
  sql: Queryable,
  owners: readonly string[],
  currencies: readonly string[],
): Promise<ReadonlyMap<string, readonly Contribution[]>> {
  if (owners.length === 0) return new Map();
  const { rows } = await sql.query<GrantRow>(OF_OWNERS, [owners, currencies]);
  const found = new Map<string, Contribution[]>();
  for (const row of rows) {
    const contribution = { earnedAt: instantFromMillis(row.earned_at.getTime()), points: points(row.points) };
    const place = grantsKey(row.owner, row.currency);
    const others = found.get(place);
    if (others === undefined) found.set(place, [contribution]);
    else others.push(contribution);
  }
  return found;
}
