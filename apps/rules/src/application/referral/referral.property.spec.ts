import type { ActivityRecorded, EarnRule, OrderRecorded, ProgramDocument, RatingMade } from '@jifen/contracts';
import { createMemoryEventStore, type EventStore, type MemorySql } from '@jifen/event-store';
import { instant, instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import fc from 'fast-check';
import { causeOf, type RulesItem } from '../cause.ts';
import { rateAgain } from '../make-rating.ts';
import { memoryRules, type MemoryRules } from '../memory/memory-rules.ts';
import { memoryBudgets } from '../memory/memory-budgets.ts';
import { memoryTables } from '../memory/memory-tables.ts';
import type { RulesTables } from '../ports.ts';
import { rateBatch } from '../rate-batch.ts';
import { LEASE_MS, tellReferrals } from './tell-referrals.ts';

const CASES = 400;
const PROGRAM = 'test';
const PARTITIONS = 4;
const MEMBERS = ['m-0', 'm-1', 'm-2', 'm-3'];
const DAYS = 20;
const WITHIN = 5;
/** From when on the second version holds: with other terms, and another reward. */
const CHANGE = 8;
const MOST = 2;
const START = Date.UTC(2026, 0, 1);
const iso = (day: number): string => instantFromMillis(START + day * 86_400_000);

const rules = (points: number): EarnRule[] => [
  {
    id: 'referral',
    when: { activity: 'referral.qualified' },
    earn: { form: 'fixed', points },
    currency: 'points',
    limits: [{ per: 'lifetime', count: MOST }],
  },
  { id: 'welcome', when: { activity: 'referral.accepted' }, earn: { form: 'fixed', points: 7 }, currency: 'points' },
];
const document = (points: number, referral: NonNullable<ProgramDocument['referral']>): ProgramDocument => ({
  name: { en: 'Test', zh: '测试' },
  timeZone: 'UTC',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  referral,
  rules: rules(points),
});
const VERSIONS = [
  {
    version: 1,
    document: document(500, {
      qualifyBy: [{ order: 'paid', minAmount: '100.00' }],
      withinDays: WITHIN,
      newCustomersOnly: true,
    }),
  },
  {
    version: 2,
    document: document(300, { qualifyBy: [{ order: 'completed' }, { activity: 'phone.verified' }] }),
    effectiveFrom: instant(iso(CHANGE)),
  },
];

type Status = 'placed' | 'paid' | 'completed' | 'cancelled';
interface Snapshot {
  readonly day: number;
  readonly status: Status;
  /** In steps of 50 yuan, and how many of them came back. */
  readonly steps: number;
  readonly back: number;
}
interface Case {
  /** Who says when that who referred it; the last name is no member. */
  readonly registrations: readonly { readonly referee: number; readonly referrer: number; readonly day: number }[];
  readonly phones: readonly { readonly member: number; readonly day: number }[];
  /** Revisions of which any but the last may never arrive. */
  readonly orders: readonly { readonly member: number; readonly revisions: readonly Snapshot[] }[];
  readonly order: readonly number[];
  /** After which arrivals messages are told. */
  readonly told: readonly boolean[];
}

const member = fc.nat({ max: MEMBERS.length - 1 });
const day = fc.integer({ min: 0, max: DAYS });
const cases: fc.Arbitrary<Case> = fc.record({
  registrations: fc.array(fc.record({ referee: member, referrer: fc.nat({ max: MEMBERS.length }), day }), {
    minLength: 1,
    maxLength: 6,
  }),
  phones: fc.array(fc.record({ member, day }), { maxLength: 3 }),
  orders: fc.array(
    fc.record({
      member,
      revisions: fc.array(
        fc.record({
          day,
          status: fc.constantFrom<Status>('placed', 'paid', 'completed', 'completed', 'cancelled'),
          steps: fc.integer({ min: 1, max: 3 }),
          back: fc.nat({ max: 3 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { maxLength: 7 },
  ),
  order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
  told: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
});

const nameOf = (index: number): string => MEMBERS[index] ?? 'no such member';

function arrived(index: number): Pick<RulesItem, 'owner' | 'partition' | 'position' | 'meta'> {
  const owner = memberKey(PROGRAM, nameOf(index));
  return { owner, partition: partitionOf(owner, PARTITIONS), position: 1, meta: {} };
}

function activity(index: number, id: string, type: string, at: number, data = {}): RulesItem {
  const place = arrived(index);
  const own = { program: PROGRAM, member: nameOf(index) };
  const event: ActivityRecorded = { ...own, source: 'app', id, type, occurredAt: iso(at), data };
  return { ...place, kind: 'activity', event, cause: causeOf(place.owner, { kind: 'activity', event }) };
}

function bought(
  index: number,
  orderId: string,
  revision: number,
  { day: at, status, steps, back }: Snapshot,
): RulesItem {
  const place = arrived(index);
  const time = { occurredAt: iso(at), placedAt: iso(at), paidAt: iso(at) };
  const line = { lineId: '1', sku: 'TEA', quantity: 1, amount: `${steps * 50}.00` };
  const lines = [{ ...line, refundedAmount: `${Math.min(back, steps) * 50}.00` }];
  const order = { source: 'app', orderId, revision, status, ...time, currency: 'CNY', lines };
  const event: OrderRecorded = { program: PROGRAM, member: nameOf(index), order };
  return { ...place, kind: 'order', event, cause: causeOf(place.owner, { kind: 'order', event }) };
}

/** Everything in any order, each twice; revisions of an order in theirs. */
function arrivalOf({ registrations, phones, orders, order }: Case): readonly RulesItem[] {
  const queues: RulesItem[][] = [
    ...registrations.map(({ referee, referrer, day: at }, nth) => [
      activity(referee, `R${nth}`, 'referral.registered', at, { referrer: nameOf(referrer) }),
    ]),
    ...phones.map(({ member: who, day: at }, nth) => [activity(who, `P${nth}`, 'phone.verified', at)]),
  ];
  for (const queue of queues) queue.push(...queue);
  orders.forEach(({ member: who, revisions }, nth) => {
    const items = revisions.map((snapshot, index) => bought(who, `O${nth}`, index + 1, snapshot));
    queues.push([...items.slice(order[nth] === 0 ? -1 : 0), ...items.slice(-1)]);
  });
  const items: RulesItem[] = [];
  for (let nth = 0; queues.some((queue) => queue.length > 0); nth++) {
    const open = queues.filter((queue) => queue.length > 0);
    const item = open[(order[nth % order.length] ?? 0) % open.length]?.shift();
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** The referrals that count, looked at whole and once, from what turned out to be true. */
function expected({ registrations, phones, orders }: Case): Readonly<Record<string, number>> {
  const qualified = MEMBERS.flatMap((referee, index) => {
    const [first] = registrations
      .map((each, nth) => ({ ...each, nth }))
      .filter((each) => each.referee === index)
      .sort((a, b) => a.day - b.day || a.nth - b.nth);
    if (first === undefined || first.referrer === index || first.referrer >= MEMBERS.length) return [];
    const old = first.day < CHANGE;
    const days: number[] = [];
    let isNew = true;
    for (const { member: who, revisions } of orders) {
      const last = revisions.at(-1);
      if (who !== index || last === undefined) continue;
      const kept = last.status === 'placed' || last.status === 'cancelled' ? 0 : Math.max(0, last.steps - last.back);
      if (kept === 0) continue;
      if (last.day < first.day) isNew = false;
      else if (old ? kept >= 2 && last.day < first.day + WITHIN : last.status === 'completed') days.push(last.day);
    }
    for (const { member: who, day: at } of phones) if (!old && who === index && at >= first.day) days.push(at);
    if (days.length === 0 || (old && !isNew)) return [];
    return [{ referee, referrer: nameOf(first.referrer), at: Math.min(...days) }];
  });
  const points: Record<string, number> = {};
  const add = (who: string, more: number): void => void (points[who] = (points[who] ?? 0) + more);
  for (const { referee } of qualified) add(referee, 7);
  for (const referrer of MEMBERS)
    qualified
      .filter((each) => each.referrer === referrer)
      .sort((a, b) => a.at - b.at || (a.referee < b.referee ? -1 : 1))
      .slice(0, MOST)
      .forEach(({ at }) => add(referrer, at < CHANGE ? 500 : 300));
  return points;
}

/** The service in memory, with as many partitions as live: what is told goes from one to another. */
class Partitioned {
  readonly #rules: MemoryRules = memoryRules(PROGRAM, VERSIONS);
  #now = 0;
  readonly #store: EventStore<MemorySql> = createMemoryEventStore({
    log: 'rating',
    partitions: PARTITIONS,
    clock: () => this.#now,
  });

  async deliver(items: readonly RulesItem[]): Promise<void> {
    const { catalog } = this.#rules;
    for (const item of items)
      await this.#store.transact({ partitions: [item.partition] }, (tx) =>
        rateBatch(tx, { tables: memoryTables, catalog, budgets: memoryBudgets() }, [item]),
      );
  }

  /** One round; in every third nobody gets to settle what was told. */
  async tell(): Promise<number> {
    const inTransaction = <T>(work: (sql: MemorySql) => Promise<T>): Promise<T> =>
      this.#store.transact({ partitions: [0] }, ({ sql }) => work(sql));
    const tables: RulesTables<MemorySql> = {
      ...memoryTables,
      takeReferrals: (_, ...rest) => inTransaction((sql) => memoryTables.takeReferrals(sql, ...rest)),
      settleReferrals: (_, messages) =>
        this.#now % 3 === 0 ? Promise.resolve() : inTransaction((sql) => memoryTables.settleReferrals(sql, messages)),
    };
    const nothing: MemorySql = { table: () => new Map() };
    const { taken } = await tellReferrals(
      { store: this.#store, tables, catalog: this.#rules.catalog, budgets: memoryBudgets() },
      nothing,
    );
    this.#now += LEASE_MS + 1;
    return taken;
  }

  async ratings(): Promise<readonly RatingMade[]> {
    const logs = await Promise.all(MEMBERS.map((_, partition) => this.#store.readLog(partition, 0, 10_000)));
    return logs.flat().map(({ data }) => JSON.parse(data) as RatingMade);
  }

  async isTheSameAgain(made: RatingMade): Promise<boolean> {
    const { catalog } = this.#rules;
    return this.#store.transact({ partitions: [0] }, async ({ sql }) => {
      const program = await catalog.effective(sql, PROGRAM, made.programVersion, instant(made.occurredAt));
      return rateAgain(program, made).same;
    });
  }
}

describe('E15 C07 U51: referrals', () => {
  it('end in what the whole history says, in whatever order it arrives and is told, and however often', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (chosen) => {
        const service = new Partitioned();
        for (const [nth, item] of arrivalOf(chosen).entries()) {
          await service.deliver([item]);
          if (chosen.told[nth % chosen.told.length]) await service.tell();
        }
        while ((await service.tell()) > 0);
        const standing = new Map<string, number>();
        const ratings = await service.ratings();
        for (const { awards } of ratings) for (const { awardId, target } of awards) standing.set(awardId, target);
        const points: Record<string, number> = {};
        for (const [awardId, target] of standing) {
          const [who = ''] = awardId.split('~');
          if (target > 0) points[who] = (points[who] ?? 0) + target;
        }
        expect(points).toEqual(expected(chosen));
        for (const made of ratings.slice(-10)) expect(await service.isTheSameAgain(made)).toBe(true);
      }),
      { numRuns: CASES },
    );
  });
});
