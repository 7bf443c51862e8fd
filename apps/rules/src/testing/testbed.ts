import type {
  ActivityRecorded,
  MemberUpdated,
  ProgramDocument,
  RatingMade,
  RecordedOrder,
  TierChanged,
} from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { createPool, createPostgresEventStore, migrate, type PostgresEventStore } from '@jifen/event-store-postgres';
import { instant, memberKey, partitionOf, present, type Instant } from '@jifen/kernel';
import { messageOfEvent, TOPIC_OF_LOG, type Consumer, type Message, type PublishedLog } from '@jifen/messaging';
import { startPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { budgetTables } from '../adapters/budget-tables.ts';
import { createRulesConsumer, type RulesConsumerParts } from '../adapters/consumer.ts';
import { RULES_MIGRATIONS } from '../adapters/migrations.ts';
import type { Queryable } from '../adapters/queryable.ts';
import { tables } from '../adapters/tables.ts';
import { decideAwards, type AwardRuling, type RulingAnswer } from '../application/approval/decide-awards.ts';
import type { BudgetDesk } from '../application/budget/budget-desk.ts';
import { ProgramCatalog } from '../application/program-catalog.ts';
import { publishProgram, type Publication } from '../application/publish-program.ts';

const PARTITIONS = 4;
const ALL_PARTITIONS = Array.from({ length: PARTITIONS }, (_, partition) => partition);
const SCHEMA = 'rules';
const ROLE = 'jifen_rules';
const MAX_RATINGS = 10_000;
export const PROGRAM = 'demo';

/** The rules service on a database of its own, with logs of other services that are made up. */
export interface Testbed {
  readonly url: string;
  readonly pool: Pool;
  readonly ratings: PostgresEventStore;
  readonly programs: PostgresEventStore;
  readonly catalog: ProgramCatalog<Queryable>;
  readonly consumer: Consumer;
  readonly budgets: BudgetDesk<Queryable>;
  publish(document: ProgramDocument, effectiveFrom?: string): Promise<Publication>;
  order(member: string, order: RecordedOrder): Message;
  activity(member: string, activity: Omit<ActivityRecorded, 'program' | 'member'>): Message;
  member(member: string, facts: MemberUpdated['facts']): Message;
  tier(member: string, timeline: TierChanged['timeline']): Message;
  /** Delivers the messages, all of them twice. */
  deliver(...messages: readonly Message[]): Promise<void>;
  decide(...rulings: readonly AwardRuling[]): Promise<readonly RulingAnswer[]>;
  /** All ratings of a member, in order. */
  ratingsOf(member: string): Promise<readonly RatingMade[]>;
  /** What the ledger would hold: award → target of the highest revision. */
  awardsOf(member: string): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface TestbedOptions {
  /** The database of another testbed; without it one is started, and ends with the testbed. */
  readonly url?: string;
  readonly watch?: RulesConsumerParts['watch'];
  readonly unrated?: RulesConsumerParts['unrated'];
  /** Partitions that the consumer claims; all by default. */
  readonly owned?: readonly number[];
}

export async function startTestbed(
  clock: () => number,
  { url: given, watch, unrated, owned = ALL_PARTITIONS }: TestbedOptions = {},
): Promise<Testbed> {
  const postgres = given === undefined ? await startPostgres({ fsync: false }) : undefined;
  const url = given ?? present(postgres, 'the database').url;
  const admin = createPool(url);
  await migrate(admin, { schema: SCHEMA, role: ROLE, migrations: RULES_MIGRATIONS });
  await admin.end();
  const pool = createPool(url, { schema: SCHEMA, role: ROLE });
  const store = (log: string): PostgresEventStore =>
    createPostgresEventStore({ pool, schema: SCHEMA, log, partitions: PARTITIONS, clock });
  const [ratings, programs] = [store('rating'), store('program')];
  const catalog = new ProgramCatalog<Queryable>(tables);
  const budgets = budgetTables(pool, PARTITIONS);
  const consumer = createRulesConsumer({
    store: ratings,
    tables,
    catalog,
    budgets,
    ...(watch === undefined ? {} : { watch }),
    ...(unrated === undefined ? {} : { unrated }),
  });
  const claims = await consumer.claim(owned);
  const epochs = new Map(claims.map(({ partition, epoch }) => [partition, epoch]));
  const logs = new MadeUpLogs();

  const ratingsOf = async (member: string): Promise<readonly RatingMade[]> => {
    const partition = partitionOf(memberKey(PROGRAM, member), PARTITIONS);
    const events = await ratings.readLog(partition, 0, MAX_RATINGS);
    return events
      .filter(({ key }) => key === memberKey(PROGRAM, member))
      .map(({ data }) => JSON.parse(data) as RatingMade);
  };
  return {
    url,
    pool,
    ratings,
    programs,
    catalog,
    consumer,
    budgets,
    publish: async (document, effectiveFrom) => {
      const from = effectiveFrom === undefined ? undefined : instant(effectiveFrom);
      const outcome = await publishProgram(
        { store: programs, tables },
        { program: PROGRAM, by: 'test', document, effectiveFrom: from },
      );
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
      return outcome.value;
    },
    order: (member, order) =>
      logs.message('activity', member, 'order.recorded', order.occurredAt, { program: PROGRAM, member, order }),
    activity: (member, activity) =>
      logs.message('activity', member, 'activity.recorded', activity.occurredAt, {
        program: PROGRAM,
        member,
        ...activity,
      }),
    member: (member, facts) => {
      const occurredAt = '2026-11-01T00:00:00.000Z';
      return logs.message('activity', member, 'member.updated', occurredAt, {
        program: PROGRAM,
        member,
        facts,
        occurredAt,
      });
    },
    tier: (member, timeline) => {
      const last = timeline.at(-1) ?? { tier: 'bronze', since: '2026-01-01T00:00:00.000Z' };
      const changed: TierChanged = {
        program: PROGRAM,
        member,
        ...last,
        lifetimePoints: 0,
        programVersion: 1,
        timeline,
      };
      return logs.message('tier', member, 'tier.changed', last.since, changed);
    },
    deliver: async (...messages) => {
      await consumer.handle({ messages, epochs });
      await consumer.handle({ messages, epochs });
    },
    decide: (...rulings) =>
      decideAwards({ store: ratings, tables, catalog, budgets }, { program: PROGRAM, rulings, meta: {} }),
    ratingsOf,
    awardsOf: async (member) => {
      const targets: Record<string, number> = {};
      for (const { awards } of await ratingsOf(member))
        for (const { awardId, target } of awards) targets[awardId] = target;
      return targets;
    },
    close: async () => {
      await pool.end();
      await postgres?.stop();
    },
  };
}

class MadeUpLogs {
  readonly #heads = new Map<string, number>();

  message(log: PublishedLog, member: string, type: string, at: string, value: object): Message {
    const key = memberKey(PROGRAM, member);
    const partition = partitionOf(key, PARTITIONS);
    const place = `${log}-${partition}`;
    const position = (this.#heads.get(place) ?? 0) + 1;
    this.#heads.set(place, position);
    const occurredAt: Instant = instant(at);
    const event: StoredEvent = {
      log,
      partition,
      position,
      stream: key,
      version: position,
      key,
      type,
      schemaVersion: 1,
      data: JSON.stringify(value),
      meta: { correlationId: 'c-1' },
      occurredAt,
      effectiveAt: occurredAt,
      recordedAt: occurredAt,
      hash: new Uint8Array(32),
    };
    return messageOfEvent(event, TOPIC_OF_LOG[log]);
  }
}
