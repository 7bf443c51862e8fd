import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantToMillis, type Instant } from '@jifen/kernel';
import type { Lot, Standing } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountChange } from '../application/ports.ts';
import type { ProjectionTables } from './account-table.ts';

/** A value that no column can have: it becomes NULL, or leaves the column as it is. */
const NONE = -1;

/** Both tables in one round trip. Accounts are whole rows; of a known lot only what can change is written. */
const saveSql = (tables: ProjectionTables): string => `
WITH accounts AS (
  INSERT INTO ${tables.account} AS a
    (key, partition, version, available, pending, held, debt, net, lifetime, activation_due)
  SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::timestamptz[])
  ON CONFLICT (key) DO UPDATE SET version = excluded.version, available = excluded.available, pending = excluded.pending,
    held = excluded.held, debt = excluded.debt, net = excluded.net, lifetime = excluded.lifetime,
    activation_due = excluded.activation_due
)
INSERT INTO ${tables.lot} AS l (account, award, n, partition, granted, remaining, pending, available_at, expires_at, earned_at,
  award_revision, award_granted, award_forgiven)
SELECT account, award, n, partition, granted, remaining, pending <> 0, available_at, expires_at, earned_at,
  nullif(revision, ${NONE}), nullif(standing, ${NONE}), nullif(forgiven, ${NONE})
FROM unnest($11::text[], $12::text[], $13::int[], $23::int[], $14::bigint[], $15::bigint[], $16::int[], $17::timestamptz[],
    $18::timestamptz[], $19::timestamptz[], $20::bigint[], $21::bigint[], $22::bigint[])
  AS t (account, award, n, partition, granted, remaining, pending, available_at, expires_at, earned_at, revision, standing, forgiven)
ON CONFLICT (account, award, n) DO UPDATE SET remaining = excluded.remaining, pending = excluded.pending,
  award_revision = coalesce(excluded.award_revision, l.award_revision),
  award_granted = coalesce(excluded.award_granted, l.award_granted),
  award_forgiven = coalesce(excluded.award_forgiven, l.award_forgiven)`;

interface LotChange {
  readonly account: string;
  readonly partition: number;
  readonly lot: Lot;
  readonly standing: Standing | undefined;
}

export async function saveChanges(
  sql: ClientBase,
  tables: ProjectionTables,
  changes: readonly AccountChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const after = changes.map((change) => change.after);
  const lots = changes.flatMap(lotChanges);
  await sql.query({
    name: `save-${tables.account}`,
    text: saveSql(tables),
    values: [
      textArray(changes.map(({ key }) => key)),
      int4Array(changes.map(({ partition }) => partition)),
      int8Array(after.map(({ version }) => version)),
      int8Array(after.map(({ available }) => available)),
      int8Array(after.map(({ pending }) => pending)),
      int8Array(after.map(({ held }) => held)),
      int8Array(after.map(({ debt }) => debt)),
      int8Array(after.map(({ net }) => net)),
      int8Array(after.map(({ lifetime }) => lifetime)),
      timestampArray(after.map(({ activationDue }) => millisOrNever(activationDue))),
      textArray(lots.map(({ account }) => account)),
      textArray(lots.map(({ lot }) => lot.award)),
      int4Array(lots.map(({ lot }) => lot.n)),
      int8Array(lots.map(({ lot }) => lot.granted)),
      int8Array(lots.map(({ lot }) => lot.remaining)),
      int4Array(lots.map(({ lot }) => (lot.pending ? 1 : 0))),
      timestampArray(lots.map(({ lot }) => instantToMillis(lot.availableAt))),
      timestampArray(lots.map(({ lot }) => millisOrNever(lot.expiresAt))),
      timestampArray(lots.map(({ lot }) => instantToMillis(lot.earnedAt))),
      int8Array(lots.map(({ standing }) => standing?.revision ?? NONE)),
      int8Array(lots.map(({ standing }) => standing?.granted ?? NONE)),
      int8Array(lots.map(({ standing }) => standing?.forgiven ?? NONE)),
      int4Array(lots.map(({ partition }) => partition)),
    ],
  });
}

const millisOrNever = (at: Instant | undefined): number => (at === undefined ? Infinity : instantToMillis(at));

/** Lots that differ, and row 0 of each award whose standing does. States are immutable: another object is another value. */
function lotChanges({ key, partition, before, after }: AccountChange): readonly LotChange[] {
  const changes: LotChange[] = [];
  for (const lot of after.lots.values()) {
    const standing = lot.n === 0 ? after.standings.get(lot.award) : undefined;
    const known = lot.n === 0 ? before.standings.get(lot.award) : undefined;
    if (lot !== before.lots.get(lot.id) || standing !== known) changes.push({ account: key, partition, lot, standing });
  }
  return changes;
}
