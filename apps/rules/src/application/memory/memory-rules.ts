import type { RatingMade } from '@jifen/contracts';
import { createMemoryEventStore, type EventStore, type MemorySql } from '@jifen/event-store';
import { instantFromMillis, present, type Instant } from '@jifen/kernel';
import { decideAwards, type AwardRuling, type RulingAnswer } from '../approval/decide-awards.ts';
import type { RulesItem } from '../cause.ts';
import type { PublishedVersion } from '../ports.ts';
import { ProgramCatalog } from '../program-catalog.ts';
import { rateBatch } from '../rate-batch.ts';
import { tellInPlace } from '../referral/tell-referrals.ts';
import type { RateParts } from '../batch-session.ts';
import type { BudgetDesk } from '../budget/budget-desk.ts';
import { memoryBudgets } from './memory-budgets.ts';
import { indexed, memoryTables } from './memory-tables.ts';

/** Ratings of one world at most: whoever needs more makes several. */
const MAX_WORLD_RATINGS = 200_000;
const PARTITION = 0;

/** Documents of one program as if they were published, the first of them for ever. */
export interface MemoryVersion {
  readonly version: number;
  readonly document: unknown;
  readonly effectiveFrom?: Instant | undefined;
}

export interface MemoryRules {
  readonly catalog: ProgramCatalog<MemorySql>;
  world(): MemoryWorld;
}

/** The rules service on nothing but memory: the very code that rates live, its log and its tables a twin that goes with it. */
export interface MemoryWorld {
  /** One flush. */
  deliver(items: readonly RulesItem[]): Promise<void>;
  /** Somebody approves or rejects an award. */
  decide(ruling: AwardRuling): Promise<RulingAnswer>;
  /** Everything that was rated, in order, after the first `seen`; a later rating of a cause replaces its earlier ones. */
  ratings(seen?: number): Promise<readonly RatingMade[]>;
}

const BEGINNING = instantFromMillis(0);

/** Programs are compiled once for all worlds. Each world has budgets of its own, unless it is told what they share. */
export function memoryRules(
  program: string,
  versions: readonly MemoryVersion[],
  budgets: BudgetDesk<MemorySql> = memoryBudgets(),
): MemoryRules {
  const published = versions.map(({ version, document, effectiveFrom = BEGINNING }): PublishedVersion => ({
    program,
    version,
    effectiveFrom,
    publishedAt: BEGINNING,
    publishedBy: 'memory',
    document,
  }));
  const catalog = new ProgramCatalog<MemorySql>({
    countVersions: () => Promise.resolve(published.length),
    allVersions: () => Promise.resolve(published.map(indexed)),
    version: (_, __, version) => Promise.resolve(published.find((each) => each.version === version)),
  });
  const parts: RateParts<MemorySql> = { tables: memoryTables, catalog, budgets };
  return { catalog, world: () => new World(program, parts) };
}

class World implements MemoryWorld {
  readonly #store: EventStore<MemorySql> = createMemoryEventStore({ log: 'rating', partitions: 1, clock: () => 0 });
  readonly #program: string;
  readonly #parts: RateParts<MemorySql>;

  constructor(program: string, parts: RateParts<MemorySql>) {
    this.#program = program;
    this.#parts = parts;
  }

  async deliver(items: readonly RulesItem[]): Promise<void> {
    const here = items.map((item) => ({ ...item, partition: PARTITION }));
    await this.#store.transact({ partitions: [PARTITION] }, async (tx) => {
      await rateBatch(tx, this.#parts, here);
      await tellInPlace(tx, this.#parts, PARTITION);
    });
  }

  async decide(ruling: AwardRuling): Promise<RulingAnswer> {
    const parts = { ...this.#parts, store: this.#store };
    const answers = await decideAwards(parts, { program: this.#program, rulings: [ruling], meta: {} });
    return present(answers[0], 'an answer');
  }

  async ratings(seen = 0): Promise<readonly RatingMade[]> {
    const events = await this.#store.readLog(PARTITION, seen, MAX_WORLD_RATINGS);
    return events.map(({ data }) => JSON.parse(data) as RatingMade);
  }
}
