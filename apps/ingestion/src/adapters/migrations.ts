import type { Migration } from '@jifen/event-store-postgres';

export const ingestionMigrations: readonly Migration[] = [
  {
    id: '0001-ingestion',
    // Identities are personal data: they live here and nowhere else. Rejected records keep their bytes, whatever they are.
    sql: `
CREATE TABLE identity (
  program text COLLATE "C" NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  member text COLLATE "C" NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program, namespace, value)
);

CREATE TABLE waiting_refund (
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  program text COLLATE "C" NOT NULL,
  stream text COLLATE "C" NOT NULL,
  refund_id text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  notice text NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (stream, refund_id)
);
CREATE INDEX waiting_refund_page ON waiting_refund (program, sequence);

CREATE TABLE rejected (
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  id text COLLATE "C" PRIMARY KEY,
  program text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  code text COLLATE "C" NOT NULL,
  problem text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  via text COLLATE "C" NOT NULL,
  redriven_at timestamptz,
  outcome text COLLATE "C"
);
CREATE INDEX rejected_page ON rejected (program, sequence);
`,
  },
  {
    id: '0002-member-standing',
    // Only who takes no part has a row; it follows from the log `member`.
    sql: `
CREATE TABLE member_standing (
  owner text COLLATE "C" PRIMARY KEY,
  standing text COLLATE "C" NOT NULL
);
CREATE INDEX identity_of_member ON identity (program, member);
`,
  },
];
