import type { Migration } from './migration.ts';

/** The store's own tables, in every service's schema. */
export const STORE_MIGRATIONS: readonly Migration[] = [
  {
    id: '0000-event-store',
    // Byte order (C) makes a prefix of stream names a range of the index. `data` and `meta` are text, not jsonb: the hash
    // chain is over their exact bytes.
    sql: `
CREATE TABLE event (
  log text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  position bigint NOT NULL,
  stream text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  schema_version integer NOT NULL,
  data text NOT NULL,
  meta text NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  effective_at timestamptz NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT event_position PRIMARY KEY (log, partition, position),
  CONSTRAINT event_stream_version UNIQUE (log, stream, version)
);

CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'events are append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();

-- Sixteen hot rows a log: room in their pages keeps their updates HOT.
CREATE TABLE shard (
  log text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  epoch bigint NOT NULL DEFAULT 0,
  position bigint NOT NULL DEFAULT 0,
  published bigint NOT NULL DEFAULT 0,
  head_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  cursors jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (log, partition),
  CHECK (position >= 0 AND published BETWEEN 0 AND position)
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 1000);

CREATE TABLE dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  log text COLLATE "C" NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  message_offset bigint NOT NULL,
  key text NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  headers text NOT NULL,
  value bytea NOT NULL,
  recorded_at timestamptz NOT NULL
);

CREATE TABLE parked (
  log text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (log, key)
);

CREATE TABLE parked_message (
  log text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  partition integer NOT NULL,
  message_offset bigint NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  headers text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (log, key, id),
  FOREIGN KEY (log, key) REFERENCES parked
);

CREATE TABLE lease (
  name text COLLATE "C" NOT NULL,
  partition integer NOT NULL,
  holder text NOT NULL,
  epoch bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (name, partition)
) WITH (fillfactor = 20);
`,
  },
  {
    id: '0001-plans-whatever-logs-there-were',
    // A log that ANALYZE has not met yet would be taken for empty, and its streams be looked for among all of its events.
    sql: `
ALTER TABLE event ALTER COLUMN log SET STATISTICS 0;
DO $$ BEGIN
  -- Before PostgreSQL 18 they cannot be taken away: what was gathered stays.
  IF current_setting('server_version_num')::int >= 180000 THEN
    PERFORM pg_clear_attribute_stats(current_schema()::text, 'event', 'log', false);
  END IF;
END $$;
`,
  },
];
