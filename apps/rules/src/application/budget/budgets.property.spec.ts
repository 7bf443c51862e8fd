import type { RatingMade } from '@jifen/contracts';
import { ConcurrencyError, createMemoryEventStore, type EventStore, type MemorySql } from '@jifen/event-store';
import { instantFromMillis, present } from '@jifen/kernel';
import { validateProgram, type PackedFunding } from '@jifen/rules';
import fc from 'fast-check';
import type { RulesItem } from '../cause.ts';
import { memoryBudgets } from '../memory/memory-budgets.ts';
import { indexed, memoryTables } from '../memory/memory-tables.ts';
import type { PublishedVersion } from '../ports.ts';
import { ProgramCatalog } from '../program-catalog.ts';
import { arrivalsOf, PROGRAM } from '../program-test/given.ts';
import { rateBatch } from '../rate-batch.ts';
import type { BudgetDesk, Central, SlicePlace } from './budget-desk.ts';
import { PLAIN_PROGRAM } from '../../testing/program.ts';

/**
 * Orders of random sizes are placed, changed and cancelled on several partitions at once, flush by flush, while flushes draw on
 * budgets, lose what they had to others, and die before they commit.
 *
 * 1. Free and all slices together are the total, and no slice uses more than it has: after every step.
 * 2. What slices have used is what the last ratings hold: nothing is taken twice, and nothing is lost.
 * 3. No award is above its wish, and none is cut while something is left: the next one gets all that is left.
 * 4. What was taken back can be spent again, wherever it lies.
 */
const PARTITIONS = 4;
const TOTAL = 120;
const SHARED = 150;
const AT = '2026-11-01T00:00:00Z';
const MAX_CONFLICTS = 8;

const validation = validateProgram({
  ...PLAIN_PROGRAM,
  rules: [
    {
      id: 'spend',
      when: { order: 'paid' },
      earn: { form: 'rate', points: '1', per: '1.00' },
      currency: 'points',
      budgets: [{ per: 'lifetime', points: TOTAL }],
    },
    {
      id: 'double',
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: ['spend'], by: '1.5' },
      currency: 'points',
    },
  ],
  budgets: [{ id: 'all', currency: 'points', per: 'lifetime', points: SHARED }],
});
if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
const { document } = validation;

const published: PublishedVersion = {
  program: PROGRAM,
  version: 1,
  effectiveFrom: instantFromMillis(0),
  publishedAt: instantFromMillis(0),
  publishedBy: 'spec',
  document,
};

interface SliceRow extends SlicePlace {
  readonly quota: number;
  readonly used: number;
  readonly reserved: number;
}

/** Four instances, one a partition, over one desk of budgets. */
class Deployment {
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly #stores: readonly EventStore<MemorySql>[] = [...Array(PARTITIONS).keys()].map(() =>
    createMemoryEventStore({ log: 'rating', partitions: PARTITIONS, clock: () => 0 }),
  );
  readonly #catalog = new ProgramCatalog<MemorySql>({
    countVersions: () => Promise.resolve(1),
    allVersions: () => Promise.resolve([indexed(published)]),
    version: () => Promise.resolve(published),
  });
  readonly #desk: BudgetDesk<MemorySql>;
  readonly #step: <T>(work: () => Promise<T>) => Promise<T>;
  /** Flushes that die before they save, while it is above 0. */
  deaths = 0;

  constructor(step: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#step = step;
    this.#desk = memoryBudgets(PARTITIONS, () => ({ table: (name) => this.table(name) }));
  }

  table<Row>(name: string): Map<string, Row> {
    if (!this.#tables.has(name)) this.#tables.set(name, new Map());
    return this.#tables.get(name) as Map<string, Row>;
  }

  /** As a consumer does: decides again after a conflict, and is delivered again after a death. */
  async flush(partition: number, items: readonly RulesItem[]): Promise<void> {
    for (let conflicts = 0; ;) {
      try {
        await present(this.#stores[partition], 'store').transact({ partitions: [partition] }, (tx) =>
          rateBatch(tx, { tables: memoryTables, catalog: this.#catalog, budgets: this.#stepped() }, items),
        );
        return;
      } catch (error) {
        if (error instanceof Died) continue;
        if (!(error instanceof ConcurrencyError) || ++conflicts > MAX_CONFLICTS) throw error;
      }
    }
  }

  #stepped(): BudgetDesk<MemorySql> {
    const stepped = <T>(work: () => Promise<T>): Promise<T> =>
      this.#step(async () => {
        const result = await work();
        this.check();
        return result;
      });
    return {
      ...this.#desk,
      slicesOf: (sql, places) => stepped(() => this.#desk.slicesOf(sql, places)),
      draw: (sql, draw) => stepped(() => this.#desk.draw(sql, draw)),
      save: (sql, moves) =>
        stepped(() => {
          if (this.deaths-- > 0) throw new Died();
          return this.#desk.save(sql, moves);
        }),
    };
  }

  slices(): readonly SliceRow[] {
    return [...this.table<SliceRow>('budget-slice').values()];
  }

  /** What flushes reserved that died: they have their time. */
  expire(): void {
    const slices = this.table<SliceRow>('budget-slice');
    for (const [key, slice] of slices) slices.set(key, { ...slice, reserved: 0 });
  }

  check(): void {
    for (const [key, { free, total }] of this.table<Central>('budget')) {
      const bucket = (JSON.parse(key) as string[])[1];
      const own = this.slices().filter((slice) => slice.bucket === bucket);
      expect(free + own.reduce((sum, { quota }) => sum + quota, 0)).toBe(total);
      expect(free).toBeGreaterThanOrEqual(0);
      for (const { quota, used } of own) expect(used <= quota && used >= 0).toBe(true);
    }
  }

  async lastRatings(): Promise<readonly RatingMade[]> {
    const last = new Map<string, RatingMade>();
    for (const [partition, store] of this.#stores.entries())
      for (const { stream, data } of await store.readLog(partition, 0, 10_000))
        last.set(stream, JSON.parse(data) as RatingMade);
    return [...last.values()];
  }
}

class Died extends Error {}

const heldOf = ({ inputs }: RatingMade): PackedFunding => (inputs?.['u'] as PackedFunding | undefined) ?? {};

/** Bucket and partition or rule → points. */
function sums(entries: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const [name, points] of entries) totals[name] = (totals[name] ?? 0) + points;
  return totals;
}

const spent = (deployment: Deployment): Readonly<Record<string, number>> =>
  sums(deployment.slices().map(({ bucket, used }) => [bucket, used]));

const change = fc.record({
  order: fc.integer({ min: 0, max: 5 }),
  amount: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 60 }) }, { weight: 1, arbitrary: fc.constant(0) }),
});
/** By partition: flushes of changes. */
const traffic = fc.array(fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 3 }), {
  minLength: PARTITIONS,
  maxLength: PARTITIONS,
});

/** Orders of a partition as they are changed, one revision after the other. */
class Orders {
  readonly #revisions = new Map<string, number>();

  items(
    partition: number,
    changes: readonly { readonly order: number; readonly amount: number }[],
  ): readonly RulesItem[] {
    return changes.flatMap(({ order, amount }) => {
      const orderId = `p${partition}-${order}`;
      const revision = (this.#revisions.get(orderId) ?? 0) + 1;
      this.#revisions.set(orderId, revision);
      const status = amount === 0 ? 'cancelled' : 'paid';
      const lines = { amount: `${amount}.00` };
      const given = [{ member: `m-${partition}`, order: { orderId, revision, status, ...lines } }];
      const arrivals = arrivalsOf({ name: 'x', at: AT, given, expect: {} }, document);
      if (!arrivals.ok) throw new Error(JSON.stringify(arrivals.refusal));
      return arrivals.value.flatMap(({ item }) => (item.kind === 'decision' ? [] : [{ ...item, partition }]));
    });
  }
}

it('Q23: budgets hold under parallel load, lose nothing, and give again what was taken back', async () => {
  let cuts = 0;
  await fc.assert(
    fc.asyncProperty(traffic, fc.nat({ max: 4 }), fc.scheduler(), async (flushes, deaths, scheduler) => {
      let parallel = true;
      const deployment = new Deployment((work) =>
        parallel ? scheduler.schedule(Promise.resolve()).then(work) : work(),
      );
      deployment.deaths = deaths;
      const orders = new Orders();
      const running = flushes.map(async (own, partition) => {
        for (const changes of own) await deployment.flush(partition, orders.items(partition, changes));
      });
      await scheduler.waitFor(Promise.all(running));
      parallel = false;
      deployment.deaths = 0;
      deployment.expire();

      const ratings = await deployment.lastRatings();
      const held = ratings.flatMap((made) =>
        Object.entries(heldOf(made).h ?? {}).flatMap(([bucket, rules]) =>
          Object.entries(rules).map(([rule, [granted, wished]]) => ({ made, bucket, rule, granted, wished })),
        ),
      );
      // 2: the log says the same as the slices.
      const byLog = sums(held.map(({ made, bucket, granted }) => [`${made.member} ${bucket}`, granted]));
      const bySlices = sums(
        deployment.slices().map(({ partition, bucket, used }) => [`m-${partition} ${bucket}`, used]),
      );
      const withoutZero = (totals: object): object =>
        Object.fromEntries(Object.entries(totals).filter(([, points]) => points !== 0));
      expect(withoutZero(bySlices)).toEqual(withoutZero(byLog));
      for (const { made, rule, granted, wished } of held) {
        expect(granted).toBeLessThanOrEqual(wished);
        expect(made.awards.find(({ ruleId }) => ruleId === rule)?.target).toBe(granted);
        if (granted < wished) cuts += 1;
      }
      // 3: an order that wants everything gets what is left, wherever it lies.
      const before = spent(deployment);
      const left = TOTAL - (before['spend:lifetime/ever'] ?? 0);
      const shared = SHARED - (before['*all:lifetime/ever'] ?? 0);
      await deployment.flush(0, orders.items(0, [{ order: 9, amount: 1_000 }]));
      const got = (await deployment.lastRatings()).find(({ cause }) => cause.id === 'p0-9')?.awards ?? [];
      const spend = Math.min(left, shared);
      expect(got.map(({ target }) => target)).toEqual([
        spend,
        // What rounds to nothing is no award.
        ...(spend < 2 ? [] : [Math.min(Math.floor(spend / 2), shared - spend)]),
      ]);
      // 4: everything goes back, and another partition gets it all.
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const all = [0, 1, 2, 3, 4, 5, ...(partition === 0 ? [9] : [])];
        await deployment.flush(
          partition,
          orders.items(
            partition,
            all.map((order) => ({ order, amount: 0 })),
          ),
        );
      }
      expect(Object.values(spent(deployment)).every((points) => points === 0)).toBe(true);
      await deployment.flush(3, orders.items(3, [{ order: 9, amount: 1_000 }]));
      expect(spent(deployment)).toMatchObject({ 'spend:lifetime/ever': TOTAL, '*all:lifetime/ever': SHARED });
    }),
    { numRuns: 100 },
  );
  expect(cuts).toBeGreaterThan(0);
});
