import type { Migration } from '@jifen/event-store-postgres';
import { AUDIT_STEP } from './audit-tables.ts';
import { LIABILITY_STEP } from './liability-table.ts';

/** Constraints and indexes of the two tables: their names follow the tables' through a rebuild. */
export const CONSTRAINTS = {
  account: ['account_key', 'account_buckets', 'account_net'],
  lot: ['lot_key', 'lot_remaining', 'lot_pending', 'lot_award'],
} as const;
export const INDEXES = ['account_due'] as const;

/**
 * `account` has one row per member and currency, `lot` one per lot; both are written in the transaction of their events.
 * Row 0 of an award also carries what the ledger knows of the award. `infinity` stands for "never", so that instants compare
 * without NULLs. No index is on a column that changes with every posting: updates stay HOT in the pages' spare room.
 */
const accountsAndLots = (suffix: string): string => `
CREATE TABLE account${suffix} (
  key text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  version bigint NOT NULL,
  available bigint NOT NULL,
  pending bigint NOT NULL,
  held bigint NOT NULL,
  debt bigint NOT NULL,
  net bigint NOT NULL,
  lifetime bigint NOT NULL,
  activation_due timestamptz NOT NULL,
  CONSTRAINT account_key${suffix} PRIMARY KEY (key),
  CONSTRAINT account_buckets${suffix}
    CHECK (available >= 0 AND pending >= 0 AND held >= 0 AND debt >= 0 AND lifetime >= 0),
  CONSTRAINT account_net${suffix} CHECK (net = available + pending + held - debt)
) WITH (fillfactor = 70);
CREATE INDEX account_due${suffix} ON account${suffix} (activation_due) WHERE activation_due < 'infinity';

CREATE TABLE lot${suffix} (
  account text COLLATE "C" NOT NULL,
  award text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  partition integer NOT NULL,
  granted bigint NOT NULL,
  remaining bigint NOT NULL,
  available_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  earned_at timestamptz NOT NULL,
  pending boolean NOT NULL,
  award_revision bigint,
  award_granted bigint,
  award_forgiven bigint,
  CONSTRAINT lot_key${suffix} PRIMARY KEY (account, award, n),
  CONSTRAINT lot_remaining${suffix} CHECK (remaining BETWEEN 0 AND granted),
  CONSTRAINT lot_pending${suffix} CHECK (NOT pending OR remaining > 0),
  CONSTRAINT lot_award${suffix}
    CHECK ((n = 0) = (award_revision IS NOT NULL AND award_granted >= 0 AND award_forgiven >= 0))
) WITH (fillfactor = 70);`;

/** The history of the two tables: a step that ran is never edited. A rebuild walks it once more, with a suffix to each name. */
const STEPS: readonly { readonly id: string; readonly sql: (suffix: string) => string }[] = [
  { id: '0001-accounts-and-lots', sql: accountsAndLots },
];

export const LEDGER_MIGRATIONS: readonly Migration[] = [
  ...STEPS.map(({ id, sql }) => ({ id, sql: sql('') })),
  { id: '0004-liability', sql: LIABILITY_STEP },
  { id: '0005-audit', sql: AUDIT_STEP },
];

export const tablesSql = (suffix: string): string => STEPS.map(({ sql }) => sql(suffix)).join('\n');
