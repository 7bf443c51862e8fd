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
  {
    id: '0003-simulations',
    sql: `
      CREATE TABLE simulation (
        id                text PRIMARY KEY,
        program           text COLLATE "C" NOT NULL,
        state             text NOT NULL DEFAULT 'queued',
        request           json NOT NULL,
        requested_by      text NOT NULL,
        requested_by_name text NOT NULL,
        created_at        timestamptz NOT NULL,
        alive_at          timestamptz,
        finished_at       timestamptz,
        done              bigint NOT NULL DEFAULT 0,
        total             bigint NOT NULL DEFAULT 0,
        report            json,
        problem           text
      );
      CREATE INDEX simulation_waiting ON simulation (created_at) WHERE state IN ('queued', 'running');
    `,
  },
  {
    id: '0004-shadows',
    sql: `
      CREATE TABLE shadow (
        program         text COLLATE "C" PRIMARY KEY,
        id              text NOT NULL UNIQUE,
        candidate       json NOT NULL,
        baseline        json NOT NULL,
        percent         numeric NOT NULL,
        started_at      timestamptz NOT NULL,
        started_by      text NOT NULL,
        started_by_name text NOT NULL
      );

      -- What each process found: added up when it is asked for.
      CREATE TABLE shadow_part (
        shadow text NOT NULL,
        holder text NOT NULL,
        part   json NOT NULL,
        PRIMARY KEY (shadow, holder)
      );
    `,
  },
  {
    id: '0005-windows',
    sql: `
      -- What a cause is to limits, runs and targets of its member, in the order of time. Only programs with such rules write it.
      CREATE TABLE window_entry (
        owner   text COLLATE "C" NOT NULL,
        at      text COLLATE "C" NOT NULL,
        source  text COLLATE "C" NOT NULL,
        kind    text COLLATE "C" NOT NULL,
        id      text COLLATE "C" NOT NULL,
        -- Windows of targets that it counts in.
        buckets text[] NOT NULL,
        part    text NOT NULL,
        PRIMARY KEY (owner, at, source, kind, id)
      ) WITH (fillfactor = 90);

      -- Sums by limit or target and window: nobody looks at every cause of a year.
      CREATE TABLE window_total (
        owner  text COLLATE "C" NOT NULL,
        bucket text COLLATE "C" NOT NULL,
        a      bigint NOT NULL,
        b      bigint NOT NULL,
        PRIMARY KEY (owner, bucket)
      ) WITH (fillfactor = 70);
    `,
  },
  {
    id: '0006-referrals',
    sql: `
      -- Who referred a member, what decided it, and what was told of it; owner is the referee.
      CREATE TABLE referral (
        owner text COLLATE "C" PRIMARY KEY,
        state text NOT NULL
      );

      -- What is still to be rated for a member of any partition because of another one's referral.
      CREATE TABLE referral_message (
        owner    text COLLATE "C" NOT NULL,
        id       text COLLATE "C" NOT NULL,
        revision bigint NOT NULL,
        due      timestamptz NOT NULL,
        message  text NOT NULL,
        PRIMARY KEY (owner, id)
      );
      CREATE INDEX referral_message_due ON referral_message (due);
    `,
  },
  {
    id: '0007-budgets',
    sql: `
      -- Budgets over all members, by window. Free and the quotas of all slices together are the total.
      CREATE TABLE budget (
        program text COLLATE "C" NOT NULL,
        -- The key of the budget and its window.
        bucket  text COLLATE "C" NOT NULL,
        total   bigint NOT NULL CHECK (total >= 0),
        -- The newest version of the program that said so.
        version bigint NOT NULL,
        -- Below 0 where a newer version lowered the total under what was used.
        free    bigint NOT NULL CHECK (free <= total),
        PRIMARY KEY (program, bucket)
      ) WITH (fillfactor = 70);

      -- The part of a partition. Only the owner of the partition uses it; what it has left, others may draw.
      CREATE TABLE budget_slice (
        program   text COLLATE "C" NOT NULL,
        bucket    text COLLATE "C" NOT NULL,
        partition integer NOT NULL,
        -- Null: it grows with revenue.
        quota     bigint CHECK (used <= quota),
        used      bigint NOT NULL CHECK (used >= 0),
        revenue   bigint NOT NULL,
        -- Beyond what is used: of a flush on its way, until an instant at the latest.
        reserved       bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        reserved_until timestamptz,
        PRIMARY KEY (program, bucket, partition)
      ) WITH (fillfactor = 70);

      CREATE TABLE budget_rule (
        program   text COLLATE "C" NOT NULL,
        bucket    text COLLATE "C" NOT NULL,
        partition integer NOT NULL,
        rule      text COLLATE "C" NOT NULL,
        granted   bigint NOT NULL,
        wished    bigint NOT NULL,
        PRIMARY KEY (program, bucket, partition, rule)
      ) WITH (fillfactor = 70);
    `,
  },
  {
    id: '0008-approvals',
    sql: `
      -- Awards of rules that wait for somebody: what is due, and what was decided. Every change is also in the rating log.
      CREATE TABLE award_approval (
        owner       text COLLATE "C" NOT NULL,
        award       text COLLATE "C" NOT NULL,
        program     text COLLATE "C" NOT NULL,
        rule        text COLLATE "C" NOT NULL,
        currency    text NOT NULL,
        source      text NOT NULL,
        cause       text NOT NULL,
        occurred_at timestamptz NOT NULL,
        -- Of the last rating that names the award.
        stream      text NOT NULL,
        state       text COLLATE "C" NOT NULL,
        since       timestamptz NOT NULL,
        due         bigint NOT NULL CHECK (due >= 0),
        approved    bigint NOT NULL CHECK (approved >= 0),
        decision    text,
        PRIMARY KEY (owner, award)
      );
      CREATE INDEX award_approval_list ON award_approval (program, state, since, award);
      CREATE INDEX award_approval_list_of_rule ON award_approval (program, rule, state, since, award);
      CREATE INDEX award_approval_waiting ON award_approval (since) WHERE state = 'waiting';
    `,
  },
];
