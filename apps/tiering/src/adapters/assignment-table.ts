import { instantFromMillis } from '@jifen/kernel';
import type { OwnedAssignment } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

const SAVE = `
  INSERT INTO assignment (owner, assigned_at, tier, until, reason, actor) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (owner, assigned_at) DO UPDATE
     SET tier = EXCLUDED.tier, until = EXCLUDED.until, reason = EXCLUDED.reason, actor = EXCLUDED.actor`;

const OF_OWNERS = `
  SELECT owner, assigned_at, tier, until, reason, actor FROM assignment
   WHERE owner = ANY ($1::text[]) ORDER BY owner, assigned_at`;

interface Row {
  readonly owner: string;
  readonly assigned_at: Date;
  readonly tier: string | null;
  readonly until: Date | null;
  readonly reason: string;
  readonly actor: string;
}

export async function saveAssignment(sql: Queryable, row: OwnedAssignment): Promise<void> {
  await sql.query(SAVE, [row.owner, row.at, row.tier ?? null, row.until ?? null, row.reason, row.actor]);
}

/** Oldest first. */
export async function assignmentsOf(sql: Queryable, owners: readonly string[]): Promise<readonly OwnedAssignment[]> {
  const { rows } = await sql.query<Row>({ name: 'assignments-of-owners', text: OF_OWNERS, values: [owners] });
  return rows.map(({ owner, assigned_at: at, tier, until, reason, actor }) => ({
    owner,
    at: instantFromMillis(at.getTime()),
    tier: tier ?? undefined,
    until: until === null ? undefined : instantFromMillis(until.getTime()),
    reason,
    actor,
  }));
}
