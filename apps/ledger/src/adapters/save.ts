import { int4Array, int8Array, textArray, timestampArray } from '@jifen/event-store-postgres';
import { instantToMillis, type Instant } from '@jifen/kernel';
import type { Account, Lot, Standing } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import type { AccountChange } from '../application/ports.ts';
import type { ProjectionTables } from './account-table.ts';
import { liabilityArm } from './liability-table.ts';

/** A value that no column can have: it becomes NULL, or leaves the column as it is. */
const NONE = -1;

/** One of the tables' writes, with array parameters from `$first` on. */
interface Arm {
  readonly name: string;
  readonly sql: (tables: ProjectionTables, first: number) => string;
  readonly values: readonly Buffer[];
}

/** `$3::int8[], $4::int8[]` and so on. */
const arrays = (first: number, types: readonly string[]): string =>
  types.map((type, index) => `$${first + index}::${type}[]`).join(', ');

interface LotChange {
  readonly account: string;
  readonly partition: number;
  readonly lot: Lot;
  readonly standing: Standing | undefined;
}

/**
 * Writes accounts and lots in one round trip: data-modifying CTEs, only those with rows. What is new is inserted and what
 * is known updated, instead of ON CONFLICT: that locks a row before it updates it and writes twice what it inserts, half
 * of the cost of the statement. The partition's row is held, so nobody else can have made the row meanwhile.
 */
export async function saveChanges(
  sql: ClientBase,
  tables: ProjectionTables,
  changes: readonly AccountChange[],
  owed: boolean,
): Promise<void> {
  const lots = changes.flatMap(lotChanges);
  const arms = [
    newAccounts(changes.filter(({ before }) => before.version === 0)),
    knownAccounts(changes.filter(({ before }) => before.version > 0)),
    newLots(lots.filter(({ isNew }) => isNew)),
    knownLots(lots.filter(({ isNew }) => !isNew)),
    owed ? liability(changes) : undefined,
  ].filter((arm) => arm !== undefined);
  if (arms.length === 0) return;
  const values: Buffer[] = [];
  const texts = arms.map((arm) => {
    const text = `${arm.name} AS (${arm.sql(tables, values.length + 1)})`;
    values.push(...arm.values);
    return text;
  });
  const name = `${tables.account}-${arms.map((arm) => arm.name).join('-')}`;
  await sql.query({ name, text: `WITH ${texts.join(',\n')}\nSELECT`, values });
}

function liability(changes: readonly AccountChange[]): Arm | undefined {
  const arm = liabilityArm(changes);
  return arm === undefined ? undefined : { ...arm, sql: (_, first) => arm.sql(first) };
}

function newAccounts(changes: readonly AccountChange[]): Arm | undefined {
  if (changes.length === 0) return undefined;
  const types = ['text', 'int4', ...Array<string>(7).fill('int8'), 'timestamptz'];
  return {
    name: 'new_accounts',
    sql: ({ account }, first) => `
INSERT INTO ${account} (key, partition, version, available, pending, held, debt, net, lifetime, activation_due)
SELECT * FROM unnest(${arrays(first, types)})`,
    values: [
      textArray(changes.map(({ key }) => key)),
      int4Array(changes.map(({ partition }) => partition)),
      ...figures(changes.map(({ after }) => after)),
    ],
  };
}

function knownAccounts(changes: readonly AccountChange[]): Arm | undefined {
  if (changes.length === 0) return undefined;
  const types = ['text', ...Array<string>(7).fill('int8'), 'timestamptz'];
  return {
    name: 'known_accounts',
    // `= ANY` finds the rows by the key; the join alone would now and then be hashed over the whole table.
    sql: ({ account }, first) => `
UPDATE ${account} a SET version = t.version, available = t.available, pending = t.pending, held = t.held, debt = t.debt,
  net = t.net, lifetime = t.lifetime, activation_due = t.activation_due
FROM unnest(${arrays(first, types)})
  AS t (key, version, available, pending, held, debt, net, lifetime, activation_due)
WHERE a.key = ANY ($${first}::text[]) AND a.key = t.key`,
    values: [textArray(changes.map(({ key }) => key)), ...figures(changes.map(({ after }) => after))],
  };
}

const figures = (accounts: readonly Account[]): readonly Buffer[] => [
  int8Array(accounts.map(({ version }) => version)),
  int8Array(accounts.map(({ available }) => available)),
  int8Array(accounts.map(({ pending }) => pending)),
  int8Array(accounts.map(({ held }) => held)),
  int8Array(accounts.map(({ debt }) => debt)),
  int8Array(accounts.map(({ net }) => net)),
  int8Array(accounts.map(({ lifetime }) => lifetime)),
  timestampArray(accounts.map(({ activationDue }) => millisOrNever(activationDue))),
];

function newLots(changes: readonly LotChange[]): Arm | undefined {
  if (changes.length === 0) return undefined;
  const types = ['text', 'text', 'int4', 'int4', 'int8', 'int8', 'int4'];
  types.push('timestamptz', 'timestamptz', 'timestamptz', 'int8', 'int8', 'int8');
  return {
    name: 'new_lots',
    sql: ({ lot }, first) => `
INSERT INTO ${lot} (account, award, n, partition, granted, remaining, pending, available_at, expires_at, earned_at,
  award_revision, award_granted, award_forgiven)
SELECT account, award, n, partition, granted, remaining, pending <> 0, available_at, expires_at, earned_at,
  nullif(revision, ${NONE}), nullif(standing, ${NONE}), nullif(forgiven, ${NONE})
FROM unnest(${arrays(first, types)}) AS t (account, award, n, partition, granted, remaining, pending, available_at,
  expires_at, earned_at, revision, standing, forgiven)`,
    values: [
      textArray(changes.map(({ account }) => account)),
      textArray(changes.map(({ lot }) => lot.award)),
      int4Array(changes.map(({ lot }) => lot.n)),
      int4Array(changes.map(({ partition }) => partition)),
      int8Array(changes.map(({ lot }) => lot.granted)),
      ...whatChanges(changes),
      timestampArray(changes.map(({ lot }) => instantToMillis(lot.availableAt))),
      timestampArray(changes.map(({ lot }) => millisOrNever(lot.expiresAt))),
      timestampArray(changes.map(({ lot }) => instantToMillis(lot.earnedAt))),
      ...standings(changes),
    ],
  };
}

function knownLots(changes: readonly LotChange[]): Arm | undefined {
  if (changes.length === 0) return undefined;
  const types = ['text', 'text', 'int4', 'int8', 'int4', 'timestamptz', 'timestamptz', 'timestamptz'];
  types.push('int8', 'int8', 'int8');
  return {
    name: 'known_lots',
    sql: ({ lot }, first) => `
UPDATE ${lot} l SET remaining = t.remaining, pending = t.pending <> 0,
  available_at = t.available_at, expires_at = t.expires_at, earned_at = t.earned_at,
  award_revision = coalesce(nullif(t.revision, ${NONE}), l.award_revision),
  award_granted = coalesce(nullif(t.standing, ${NONE}), l.award_granted),
  award_forgiven = coalesce(nullif(t.forgiven, ${NONE}), l.award_forgiven)
FROM unnest(${arrays(first, types)}) AS t (account, award, n, remaining, pending, available_at,
  expires_at, earned_at, revision, standing, forgiven)
WHERE l.account = ANY ($${first}::text[]) AND l.account = t.account AND l.award = t.award AND l.n = t.n`,
    values: [
      textArray(changes.map(({ account }) => account)),
      textArray(changes.map(({ lot }) => lot.award)),
      int4Array(changes.map(({ lot }) => lot.n)),
      ...whatChanges(changes),
      timestampArray(changes.map(({ lot }) => instantToMillis(lot.availableAt))),
      timestampArray(changes.map(({ lot }) => millisOrNever(lot.expiresAt))),
      timestampArray(changes.map(({ lot }) => instantToMillis(lot.earnedAt))),
      ...standings(changes),
    ],
  };
}

const whatChanges = (changes: readonly LotChange[]): readonly Buffer[] => [
  int8Array(changes.map(({ lot }) => lot.remaining)),
  int4Array(changes.map(({ lot }) => (lot.pending ? 1 : 0))),
];

const standings = (changes: readonly LotChange[]): readonly Buffer[] => [
  int8Array(changes.map(({ standing }) => standing?.revision ?? NONE)),
  int8Array(changes.map(({ standing }) => standing?.granted ?? NONE)),
  int8Array(changes.map(({ standing }) => standing?.forgiven ?? NONE)),
];

const millisOrNever = (at: Instant | undefined): number => (at === undefined ? Infinity : instantToMillis(at));

/** Lots that differ, and row 0 of each award whose standing does. States are immutable: another object is another value. */
function lotChanges({ key, partition, before, after }: AccountChange): readonly (LotChange & { isNew: boolean })[] {
  const changes: (LotChange & { isNew: boolean })[] = [];
  for (const lot of after.lots.values()) {
    const standing = lot.n === 0 ? after.standings.get(lot.award) : undefined;
    const known = lot.n === 0 ? before.standings.get(lot.award) : undefined;
    const was = before.lots.get(lot.id);
    if (lot === was && standing === known) continue;
    changes.push({ account: key, partition, lot, standing, isNew: was === undefined });
  }
  return changes;
}
