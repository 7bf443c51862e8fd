import type { Migration } from '@jifen/event-store-postgres';
import { AUDIT_STEP } from './audit-tables.ts';
import { LIABILITY_STEP } from './liability-table.ts';

/**
 * `account` has one row per member and currency, `lot` one per lot; both are written in the transaction of their events.
 * Row 0 of an award also carries what the ledger knows of the award. `infinity` stands for "never", so that instants compare
 * without NULLs. No index is on a column that changes with every posting: updates stay HOT in the pages' spare room.
 */
const ACCOUNTS_AND_LOTS = `
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
  CONSTRAINT account_buckets
    CHECK (available >= 0 AND pending >= 0 AND held >= 0 AND debt >= 0 AND lifetime >= 0),
  CONSTRAINT account_net CHECK (net = available + pending + held - debt)
) WITH (fillfactor = 70);
CREATE INDEX account_due ON account (activation_due) WHERE activation_due < 'infinity';

CREATE TABLE lot (
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
  CONSTRAINT lot_key PRIMARY KEY (account, award, n),
  CONSTRAINT lot_remaining CHECK (remaining BETWEEN 0 AND granted),
  CONSTRAINT lot_pending CHECK (NOT pending OR remaining > 0),
  CONSTRAINT lot_award
    CHECK ((n = 0) = (award_revision IS NOT NULL AND award_granted >= 0 AND award_forgiven >= 0))
) WITH (fillfactor = 70);`;

/**
 * What was held, spent and sent, and which commands were carried out. Ids are the callers' names, unique within an account;
 * those that the service gives are unique in the deployment, and the key begins with them: a hold is found by its id alone.
 * NULL stands for 0 and "no" in columns that most rows have nothing in, so that an order costs no more bytes for them.
 * `frozen`, `merged` and `lots` are JSON, read and written whole.
 */
const MOVEMENTS = `
ALTER TABLE account
  ADD COLUMN spent bigint,
  ADD COLUMN expired bigint,
  ADD COLUMN in_flight bigint,
  ADD COLUMN expiry_due timestamptz NOT NULL DEFAULT 'infinity',
  ADD COLUMN hold_due timestamptz NOT NULL DEFAULT 'infinity',
  ADD COLUMN frozen text COLLATE "C",
  ADD COLUMN merged text COLLATE "C",
  ADD CONSTRAINT account_totals CHECK (spent > 0 AND expired > 0);
DROP INDEX account_due;
CREATE INDEX account_due ON account (partition, activation_due) WHERE activation_due < 'infinity';
CREATE INDEX account_expiry_due ON account (partition, expiry_due) WHERE expiry_due < 'infinity';
CREATE INDEX account_hold_due ON account (partition, hold_due) WHERE hold_due < 'infinity';

ALTER TABLE lot
  ADD COLUMN held bigint,
  ADD COLUMN expired bigint,
  ADD COLUMN extended boolean,
  ADD COLUMN from_lot text COLLATE "C",
  DROP CONSTRAINT lot_award,
  ADD CONSTRAINT lot_award
    CHECK (award_revision IS NULL OR (n = 0 AND award_granted >= 0 AND award_forgiven >= 0)),
  ADD CONSTRAINT lot_parts CHECK (held BETWEEN 1 AND remaining AND expired > 0);

CREATE TABLE hold (
  id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  points bigint NOT NULL,
  remaining bigint NOT NULL,
  lots text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL,
  reference text COLLATE "C",
  CONSTRAINT hold_key PRIMARY KEY (id, account),
  CONSTRAINT hold_remaining CHECK (remaining BETWEEN 0 AND points)
) WITH (fillfactor = 70);
CREATE INDEX hold_open ON hold (account) WHERE state = 'open';

CREATE TABLE redemption (
  id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  hold text COLLATE "C",
  points bigint NOT NULL,
  reversed bigint NOT NULL,
  lots text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  reference text COLLATE "C",
  CONSTRAINT redemption_key PRIMARY KEY (id, account),
  CONSTRAINT redemption_reversed CHECK (reversed BETWEEN 0 AND points)
) WITH (fillfactor = 90);

CREATE TABLE transfer (
  id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  direction text COLLATE "C" NOT NULL,
  peer text COLLATE "C" NOT NULL,
  merge text COLLATE "C",
  points bigint NOT NULL,
  debt bigint NOT NULL,
  lots text COLLATE "C" NOT NULL,
  holds text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT transfer_key PRIMARY KEY (id, account),
  CONSTRAINT transfer_points CHECK (points >= 0 AND debt >= 0)
) WITH (fillfactor = 70);
CREATE INDEX transfer_of_account ON transfer (account, at);
CREATE INDEX transfer_in_flight ON transfer (partition, at) WHERE state = 'in-flight';

CREATE TABLE done (
  account text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  points bigint,
  target text COLLATE "C",
  version bigint NOT NULL,
  CONSTRAINT done_key PRIMARY KEY (account, id)
);`;

/**
 * What the ledger knows from other logs and from its callers. Only `leg` follows from the ledger log, so no rebuild touches
 * the rest. `answered` has the first answer to each command by the caller's key, until it is pruned; `policy` the ledger's part of
 * each version of a program; `member_tier` where members stand; `leg` what left an account and was not
 * answered at the other end yet; `lane` one row a partition, which whoever works on what is due there holds meanwhile.
 */
const COMMANDS = `
CREATE TABLE answered (
  program text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  request_hash bytea NOT NULL,
  status integer NOT NULL,
  answer text NOT NULL,
  answered_at timestamptz NOT NULL,
  CONSTRAINT answered_key PRIMARY KEY (program, key)
);
CREATE INDEX answered_at ON answered (answered_at);

CREATE TABLE policy (
  program text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  effective_from timestamptz NOT NULL,
  document text NOT NULL,
  PRIMARY KEY (program, version)
);

CREATE TABLE member_tier (
  owner text COLLATE "C" PRIMARY KEY,
  partition integer NOT NULL,
  tier text NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE leg (
  id text COLLATE "C" NOT NULL,
  account text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  leg text NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  due timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (id, account)
);
CREATE INDEX leg_due ON leg (partition, due);

CREATE TABLE lane (
  partition integer PRIMARY KEY
);`;

/** How far `jifen.balance.v1` is, and where the topic's partition ended then. Without a row it is filled from the start. */
const MIRRORED = `
CREATE TABLE mirrored (
  partition integer PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0),
  topic_end bigint NOT NULL CHECK (topic_end >= 0)
) WITH (fillfactor = 50);`;

/** Legs that wait stand in `leg`: nothing asks for transfers in flight by their partition. */
const TRANSFERS_IN_FLIGHT = 'DROP INDEX transfer_in_flight;';

/** Who takes no part, as `jifen.member.v1` says; who is active has no row. */
const MEMBER_STANDING = `
CREATE TABLE member_standing (
  owner text COLLATE "C" PRIMARY KEY,
  partition integer NOT NULL,
  standing text NOT NULL,
  actor text NOT NULL
);`;

/** The history of the schema: a step that ran is never edited. What is a fold of the log stands in `PROJECTIONS` too. */
export const LEDGER_MIGRATIONS: readonly Migration[] = [
  { id: '0001-accounts-and-lots', sql: ACCOUNTS_AND_LOTS },
  { id: '0002-commands', sql: COMMANDS },
  { id: '0003-movements', sql: MOVEMENTS },
  { id: '0004-liability', sql: LIABILITY_STEP },
  { id: '0005-audit', sql: AUDIT_STEP },
  { id: '0007-mirrored', sql: MIRRORED },
  { id: '0008-transfers-in-flight', sql: TRANSFERS_IN_FLIGHT },
  { id: '0009-member-standing', sql: MEMBER_STANDING },
];
