import type { Migration } from '@jifen/event-store-postgres';

/**
 * `account` has one row per member and currency, `lot` one per lot; both are written in the transaction of their events.
 * Row 0 of an award also carries what the ledger knows of the award. `infinity` stands for "never", so that instants compare
 * without NULLs. No index is on a column that changes with every posting: updates stay HOT in the pages' spare room.
 */
export const TABLES = {
  account: `
CREATE TABLE account (
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
  CONSTRAINT account_key PRIMARY KEY (key),
  CONSTRAINT account_buckets CHECK (available >= 0 AND pending >= 0 AND held >= 0 AND debt >= 0 AND lifetime >= 0),
  CONSTRAINT account_net CHECK (net = available + pending + held - debt)
) WITH (fillfactor = 70);
CREATE INDEX account_due ON account (activation_due) WHERE activation_due < 'infinity';`,
  lot: `
CREATE TABLE lot (
  account text COLLATE "C" NOT NULL,
  award text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  granted bigint NOT NULL,
  remaining bigint NOT NULL,
  pending boolean NOT NULL,
  available_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  earned_at timestamptz NOT NULL,
  award_revision bigint,
  award_granted bigint,
  award_forgiven bigint,
  CONSTRAINT lot_key PRIMARY KEY (account, award, n),
  CONSTRAINT lot_remaining CHECK (remaining BETWEEN 0 AND granted),
  CONSTRAINT lot_pending CHECK (NOT pending OR remaining > 0),
  CONSTRAINT lot_award CHECK ((n = 0) = (award_revision IS NOT NULL AND award_granted >= 0 AND award_forgiven >= 0))
) WITH (fillfactor = 70);`,
} as const;

export const LEDGER_MIGRATIONS: readonly Migration[] = [
  { id: '0001-accounts-and-lots', sql: `${TABLES.account}\n${TABLES.lot}` },
];
