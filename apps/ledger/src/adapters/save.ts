import type { Lot, Standing } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountChange } from '../application/ports.ts';
import type { ProjectionTables } from './account-table.ts';
import { timestamp } from './rows.ts';

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
INSERT INTO ${tables.lot} AS l (account, award, n, granted, remaining, pending, available_at, expires_at, earned_at,
  award_revision, award_granted, award_forgiven)
SELECT account, award, n, granted, remaining, pending, available_at, expires_at, earned_at,
  nullif(revision, ${NONE}), nullif(standing, ${NONE}), nullif(forgiven, ${NONE})
FROM unnest($11::text[], $12::text[], $13::int[], $14::bigint[], $15::bigint[], $16::boolean[], $17::timestamptz[],
    $18::timestamptz[], $19::timestamptz[], $20::bigint[], $21::bigint[], $22::bigint[])
  AS t (account, award, n, granted, remaining, pending, available_at, expires_at, earned_at, revision, standing, forgiven)
ON CONFLICT (account, award, n) DO UPDATE SET remaining = excluded.remaining, pending = excluded.pending,
  award_revision = coalesce(excluded.award_revision, l.award_revision),
  award_granted = coalesce(excluded.award_granted, l.award_granted),
  award_forgiven = coalesce(excluded.award_forgiven, l.award_forgiven)`;

interface LotChange {
  readonly account: string;
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
  await sql.query(saveSql(tables), [
    changes.map(({ key }) => key),
    changes.map(({ partition }) => partition),
    after.map(({ version }) => version),
    after.map(({ available }) => available),
    after.map(({ pending }) => pending),
    after.map(({ held }) => held),
    after.map(({ debt }) => debt),
    after.map(({ net }) => net),
    after.map(({ lifetime }) => lifetime),
    after.map(({ activationDue }) => timestamp(activationDue)),
    lots.map(({ account }) => account),
    lots.map(({ lot }) => lot.award),
    lots.map(({ lot }) => lot.n),
    lots.map(({ lot }) => lot.granted),
    lots.map(({ lot }) => lot.remaining),
    lots.map(({ lot }) => lot.pending),
    lots.map(({ lot }) => lot.availableAt),
    lots.map(({ lot }) => timestamp(lot.expiresAt)),
    lots.map(({ lot }) => lot.earnedAt),
    lots.map(({ standing }) => standing?.revision ?? NONE),
    lots.map(({ standing }) => standing?.granted ?? NONE),
    lots.map(({ standing }) => standing?.forgiven ?? NONE),
  ]);
}

/** Lots that differ, and row 0 of each award whose standing does. States are immutable: another object is another value. */
function lotChanges({ key, before, after }: AccountChange): readonly LotChange[] {
  const changes: LotChange[] = [];
  for (const lot of after.lots.values()) {
    const standing = lot.n === 0 ? after.standings.get(lot.award) : undefined;
    const known = lot.n === 0 ? before.standings.get(lot.award) : undefined;
    if (lot !== before.lots.get(lot.id) || standing !== known) changes.push({ account: key, lot, standing });
  }
  return changes;
}
