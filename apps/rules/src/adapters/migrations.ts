import type { Migration } from '@jifen/event-store-postgres';

export const RULES_MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-programs',
    sql: `
      -- What is published is never changed: an order is pinned to the version in force when it was placed.
      CREATE TABLE program_version (
        program        text COLLATE "C" NOT NULL,
        version        bigint NOT NULL,
        effective_from timestamptz NOT NULL,
        published_at   timestamptz NOT NULL,
        published_by   text NOT NULL,
        document       json NOT NULL,
        PRIMARY KEY (program, version)
      );

      CREATE TABLE program_draft (
        program    text COLLATE "C" PRIMARY KEY,
        revision   bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by text NOT NULL,
        document   json NOT NULL
      );

      -- owner is program/member, as in the keys of messages.
      CREATE TABLE member_facts (
        owner text COLLATE "C" PRIMARY KEY,
        facts text NOT NULL
      );

      -- The last timeline that tiering told, whole.
      CREATE TABLE tier_timeline (
        owner    text COLLATE "C" PRIMARY KEY,
        timeline text NOT NULL
      );

      -- Which activity decides a rule that pays once: the earliest, however late it came.
      CREATE TABLE once_award (
        owner text COLLATE "C" NOT NULL,
        rule  text COLLATE "C" NOT NULL,
        award text NOT NULL,
        PRIMARY KEY (owner, rule)
      );
    `,
  },
  {
    id: '0002-program-life',
    sql: `
      ALTER TABLE program_version ADD COLUMN published_by_name text, ADD COLUMN copy_of bigint;
      ALTER TABLE program_draft ADD COLUMN updated_by_name text;
    `,
  },
];
