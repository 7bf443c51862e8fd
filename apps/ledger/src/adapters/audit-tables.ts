/** Where the audit of the tables is, and what it found: one row a row that differs, gone when it differs no more. */
export const AUDIT_STEP = `
CREATE TABLE audit (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  place text COLLATE "C" NOT NULL DEFAULT '',
  accounts bigint NOT NULL DEFAULT 0,
  rounds bigint NOT NULL DEFAULT 0,
  round_finished_at timestamptz,
  audited_at timestamptz
);
INSERT INTO audit DEFAULT VALUES;

CREATE TABLE audit_finding (
  account text COLLATE "C" NOT NULL,
  "table" text NOT NULL,
  row text NOT NULL,
  found_at timestamptz NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (account, "table", row)
);`;
