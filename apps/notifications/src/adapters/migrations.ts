import type { Migration } from '@jifen/event-store-postgres';

export const NOTIFICATION_MIGRATIONS: readonly Migration[] = [
  {
    id: '0001-webhooks',
    sql: `
      -- Secrets are AES-256-GCM under a key that is not in the database.
      CREATE TABLE endpoint (
        id              text COLLATE "C" PRIMARY KEY,
        program         text COLLATE "C" NOT NULL,
        url             text NOT NULL,
        description     text,
        events          text[] NOT NULL,
        status          text NOT NULL CHECK (status IN ('enabled', 'disabled')),
        disabled_reason text,
        secret          bytea NOT NULL,
        previous_secret bytea,
        previous_until  timestamptz,
        created_at      timestamptz NOT NULL
      );
      CREATE INDEX endpoint_of_program ON endpoint (program, id);

      -- One row for every endpoint and event that it wants: the primary key is why nothing is ever queued twice.
      CREATE TABLE delivery (
        endpoint        text COLLATE "C" NOT NULL,
        event           text COLLATE "C" NOT NULL,
        seq             bigint GENERATED ALWAYS AS IDENTITY,
        key             text COLLATE "C" NOT NULL,
        type            text NOT NULL,
        body            text NOT NULL,
        state           text NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
        attempts        integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        last_attempt_at timestamptz,
        last_status     integer,
        last_error      text,
        created_at      timestamptz NOT NULL,
        delivered_at    timestamptz,
        PRIMARY KEY (endpoint, event)
      );
      CREATE INDEX delivery_listed ON delivery (endpoint, seq);
      CREATE INDEX delivery_waiting ON delivery (endpoint, key, seq) WHERE state = 'pending';
      CREATE INDEX delivery_dead ON delivery (endpoint, seq) WHERE state = 'dead';
      CREATE INDEX delivery_done ON delivery (delivered_at) WHERE state = 'delivered';

      -- One row for every endpoint and member with something pending: its head is sent, the rest waits behind it. A claim
      -- moves due_at to the end of its lease.
      CREATE TABLE lane (
        endpoint text COLLATE "C" NOT NULL,
        key      text COLLATE "C" NOT NULL,
        due_at   timestamptz NOT NULL,
        claim    text,
        PRIMARY KEY (endpoint, key)
      );
      CREATE INDEX lane_due ON lane (endpoint, due_at);
    `,
  },
  {
    id: '0002-signature-scheme-and-answers',
    sql: `
      ALTER TABLE endpoint ADD COLUMN scheme text NOT NULL DEFAULT 'v1' CHECK (scheme IN ('v1', 'v1a'));
      -- What the receiver said last, cut short, and how long it took.
      ALTER TABLE delivery ADD COLUMN last_answer text, ADD COLUMN last_millis integer;
    `,
  },
  {
    id: '0003-messages-to-members',
    sql: `
      CREATE TABLE setting (
        program     text COLLATE "C" PRIMARY KEY,
        revision    integer NOT NULL,
        document    json NOT NULL,
        notify_from timestamptz NOT NULL,
        changed_by  text NOT NULL,
        changed_at  timestamptz NOT NULL
      );

      -- How a program calls and counts things, of each of its versions.
      CREATE TABLE program_words (
        program        text COLLATE "C" NOT NULL,
        version        integer NOT NULL,
        effective_from timestamptz NOT NULL,
        words          json NOT NULL,
        PRIMARY KEY (program, version)
      );

      CREATE TABLE standing (
        program text COLLATE "C" NOT NULL,
        member  text COLLATE "C" NOT NULL,
        tier    text NOT NULL,
        PRIMARY KEY (program, member)
      );

      -- One row for every piece of news and channel: the primary key is why nothing is ever told twice. Pending rows are
      -- sent by the lanes of their channel, as deliveries are by those of their endpoint.
      CREATE TABLE message (
        program     text COLLATE "C" NOT NULL,
        member      text COLLATE "C" NOT NULL,
        trigger     text COLLATE "C" NOT NULL,
        source      text COLLATE "C" NOT NULL,
        channel     text COLLATE "C" NOT NULL,
        id          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        facts       json NOT NULL,
        state       text NOT NULL CHECK (state IN ('pending', 'sent', 'merged', 'skipped', 'dead')),
        due_at      timestamptz NOT NULL,
        attempts    integer NOT NULL DEFAULT 0,
        occurred_at timestamptz NOT NULL,
        created_at  timestamptz NOT NULL,
        ended_at    timestamptz,
        reason      text,
        merged_into bigint,
        language    text,
        title       text,
        body        text,
        link        text,
        read_at     timestamptz,
        PRIMARY KEY (program, member, trigger, source, channel)
      );
      CREATE INDEX message_waiting ON message (channel, program, member, id) WHERE state = 'pending';
      CREATE INDEX message_inbox ON message (program, member, id) WHERE channel = 'inbox' AND state = 'sent';
      CREATE INDEX message_listed ON message (program, id);
      CREATE INDEX message_dead ON message (program, id) WHERE state = 'dead';
      CREATE INDEX message_ended ON message (ended_at) WHERE state <> 'pending';

      -- What a member chose and how it is reached. An address is nowhere else.
      CREATE TABLE recipient (
        program     text COLLATE "C" NOT NULL,
        member      text COLLATE "C" NOT NULL,
        email       text,
        preferences json,
        changed_at  timestamptz NOT NULL,
        PRIMARY KEY (program, member)
      );
    `,
  },
  {
    id: '0004-replays',
    sql: `
      ALTER TABLE delivery ADD COLUMN replayed_at timestamptz;
    `,
  },
  {
    id: '0005-reminders-of-expiry',
    sql: `
      -- What is left of lots, where a program reminds of expiry: folded from postings, each of which counts once.
      CREATE TABLE lot (
        program    text COLLATE "C" NOT NULL,
        member     text COLLATE "C" NOT NULL,
        currency   text COLLATE "C" NOT NULL,
        lot        text COLLATE "C" NOT NULL,
        points     bigint NOT NULL,
        expires_at timestamptz,
        position   bigint NOT NULL,
        PRIMARY KEY (program, member, currency, lot)
      );
      CREATE INDEX lot_expiring ON lot (program, expires_at) WHERE expires_at IS NOT NULL;
      CREATE INDEX lot_ended ON lot (expires_at) WHERE expires_at IS NOT NULL;

      -- Which reminder of which day an account had: kept until the day is over, longer than the message.
      CREATE TABLE reminded (
        program     text COLLATE "C" NOT NULL,
        member      text COLLATE "C" NOT NULL,
        currency    text COLLATE "C" NOT NULL,
        last_day    date NOT NULL,
        days_before integer NOT NULL,
        PRIMARY KEY (program, member, currency, last_day, days_before)
      );
      CREATE INDEX reminded_day ON reminded (last_day);

      CREATE TABLE reminder_run (
        program text COLLATE "C" PRIMARY KEY,
        day     date NOT NULL
      );
    `,
  },
  {
    id: '0006-nudges-to-rewards',
    sql: `
      -- The dearest reward that an account was told of since it last spent: the same one is not told again until then.
      CREATE TABLE nudge (
        program  text COLLATE "C" NOT NULL,
        member   text COLLATE "C" NOT NULL,
        currency text COLLATE "C" NOT NULL,
        price    bigint NOT NULL,
        PRIMARY KEY (program, member, currency)
      );
    `,
  },
  {
    id: '0007-points-from-before',
    sql: `
      -- How far the postings of a program that reminds are read in a partition of the ledger's log. Once all that was
      -- consumed of it is read the program is live there: the consumer goes on.
      CREATE TABLE ledger_reading (
        program   text COLLATE "C" NOT NULL,
        partition integer NOT NULL,
        position  bigint NOT NULL DEFAULT 0,
        live      boolean NOT NULL DEFAULT false,
        PRIMARY KEY (program, partition)
      );
      CREATE INDEX ledger_reading_behind ON ledger_reading (partition, program) WHERE NOT live;

      -- What can be spent, where a program tells again and again what that is enough for, and when it last did.
      CREATE TABLE balance (
        program   text COLLATE "C" NOT NULL,
        member    text COLLATE "C" NOT NULL,
        currency  text COLLATE "C" NOT NULL,
        available bigint NOT NULL,
        position  bigint NOT NULL,
        told_at   timestamptz,
        PRIMARY KEY (program, currency, member)
      );
    `,
  },
  {
    id: '0008-member-standing',
    sql: `
      -- Of who takes no part: nothing is told until it is gone.
      ALTER TABLE recipient ADD COLUMN standing text;
    `,
  },
  {
    id: '0009-deliveries-of-erased-members',
    sql: `
      -- SHA-256 of a body that was dropped with its member.
      ALTER TABLE delivery ADD COLUMN erased text;
    `,
  },
];
