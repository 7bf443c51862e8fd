import type { Migration } from '@jifen/event-store-postgres';

export const TIERING_MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-standing',
    sql: `
      -- One row a version of a program; no currency and no tiers where the version has no ladder. since_version is the first
      -- version with this same ladder: standings are compared with it, so that publishing other rules recomputes nobody.
      CREATE TABLE ladder (
        program        text COLLATE "C" NOT NULL,
        version        bigint NOT NULL,
        since_version  bigint NOT NULL,
        effective_from timestamptz NOT NULL,
        currency       text,
        tiers          json,
        PRIMARY KEY (program, version)
      );

      -- What each award of a member has granted, as its last posting says.
      CREATE TABLE granted (
        owner     text COLLATE "C" NOT NULL,
        award     text COLLATE "C" NOT NULL,
        currency  text COLLATE "C" NOT NULL,
        earned_at timestamptz NOT NULL,
        points    bigint NOT NULL CHECK (points >= 0),
        PRIMARY KEY (owner, award)
      );

      -- The fold of a member's grants under the ladder of ladder_version (0: none was in force).
      -- version is that of the member's stream in the tier log. Updates touch no indexed column and stay in the page.
      CREATE TABLE standing (
        owner          text COLLATE "C" PRIMARY KEY,
        partition      integer NOT NULL,
        lifetime       bigint NOT NULL,
        latest         timestamptz,
        tier           text,
        since          timestamptz,
        timeline       text NOT NULL,
        ladder_version bigint NOT NULL,
        version        bigint NOT NULL
      ) WITH (fillfactor = 70);
      CREATE INDEX standing_of_partition ON standing (partition, owner);

      -- How far the members of a partition were recomputed after a program's ladder changed.
      CREATE TABLE recomputation (
        program        text COLLATE "C" NOT NULL,
        partition      integer NOT NULL,
        ladder_version bigint NOT NULL,
        after_owner    text COLLATE "C" NOT NULL,
        done           boolean NOT NULL,
        PRIMARY KEY (program, partition)
      );
    `,
  },
  {
    id: '0002-near-upgrade',
    sql: `
      ALTER TABLE ladder ADD COLUMN near_upgrade bigint;
      -- The tier that the member was last told to be near to.
      ALTER TABLE standing ADD COLUMN near_tier text;
    `,
  },
  {
    id: '0003-reviews',
    sql: `
      -- The ladder as the program says it, with its zone and its money; null where the version has no ladder.
      ALTER TABLE ladder ADD COLUMN document json;
      UPDATE ladder
         SET document = json_strip_nulls(json_build_object('ladder', json_build_object(
               'currency', currency, 'basis', 'lifetime-points', 'tiers', tiers, 'nearUpgrade', near_upgrade)))
       WHERE currency IS NOT NULL;
      ALTER TABLE ladder DROP COLUMN currency, DROP COLUMN tiers, DROP COLUMN near_upgrade;

      -- What each order of a member counts as by its last revision: minor units paid with money and kept.
      CREATE TABLE purchase (
        owner    text COLLATE "C" NOT NULL,
        source   text COLLATE "C" NOT NULL,
        order_id text COLLATE "C" NOT NULL,
        paid_at  timestamptz NOT NULL,
        currency text COLLATE "C" NOT NULL,
        amount   bigint NOT NULL CHECK (amount >= 0),
        PRIMARY KEY (owner, source, order_id)
      ) WITH (fillfactor = 70);

      -- When a member registered.
      CREATE TABLE joining (
        owner     text COLLATE "C" PRIMARY KEY,
        joined_at timestamptz NOT NULL
      );

      -- settled_at: up to when reviews are told of. warned: the review that the member was last warned of.
      -- due: when time alone will change something.
      ALTER TABLE standing ADD COLUMN settled_at timestamptz, ADD COLUMN warned timestamptz, ADD COLUMN due timestamptz;
      CREATE INDEX standing_due ON standing (partition, due) WHERE due IS NOT NULL;
    `,
  },
  {
    id: '0004-assignments',
    sql: `
      -- Tiers given by hand: from assigned_at on a row replaces the one before it. No tier: nothing is given any more.
      CREATE TABLE assignment (
        owner       text COLLATE "C" NOT NULL,
        assigned_at timestamptz NOT NULL,
        tier        text,
        until       timestamptz,
        reason      text NOT NULL,
        actor       text NOT NULL,
        PRIMARY KEY (owner, assigned_at)
      );
      ALTER TABLE standing ADD COLUMN assigned boolean NOT NULL DEFAULT false;
    `,
  },
  {
    id: '0005-order-bundles',
    sql: `
      -- Orders of programs that count none yet, a flush and a program in one row: JSON of [owner, source, orderId, paidAt in
      -- milliseconds, currency, amount, position] each. They become rows of purchase when a ladder counts orders.
      CREATE TABLE order_bundle (
        program text COLLATE "C" NOT NULL,
        id      bigint GENERATED ALWAYS AS IDENTITY,
        orders  text NOT NULL,
        PRIMARY KEY (program, id)
      );

      -- Where in its partition of the activity log the order's last revision stood: an older one never replaces it.
      ALTER TABLE purchase ADD COLUMN position bigint NOT NULL DEFAULT 0;

      -- counts_orders: this version or an earlier one counts spend or orders. awaits_orders: not in force before the bundles
      -- of the program are rows.
      ALTER TABLE ladder ADD COLUMN counts_orders boolean NOT NULL DEFAULT false,
                         ADD COLUMN awaits_orders boolean NOT NULL DEFAULT false;
      UPDATE ladder l SET counts_orders = EXISTS (
        SELECT FROM ladder e
         WHERE e.program = l.program AND e.version <= l.version AND e.document->'ladder'->>'basis' IN ('spend', 'orders'));
    `,
  },
  {
    id: '0006-digests',
    sql: `
      -- Of members of whom much counts on a ladder that needs all of it: where they stood at an instant (milestone: JSON), and
      -- what counts since (recent: JSON). Follows from the facts, so that a row may be missing at any time.
      CREATE TABLE digest (
        owner          text COLLATE "C" PRIMARY KEY,
        ladder_version bigint NOT NULL,
        currency       text NOT NULL,
        milestone      text NOT NULL,
        recent         text NOT NULL
      ) WITH (fillfactor = 70);
    `,
  },
];
