import type { EarnRule, ProgramDocument, ProgramTestStep } from '@jifen/contracts';
import { createMemoryEventStore, type MemorySql } from '@jifen/event-store';
import { instantFromMillis } from '@jifen/kernel';
import { memoryBudgets } from '../memory/memory-budgets.ts';
import { memoryTables } from '../memory/memory-tables.ts';
import type { RulesTables } from '../ports.ts';
import { arrivalsOf } from '../program-test/given.ts';
import { ProgramCatalog } from '../program-catalog.ts';
import { rateBatch } from '../rate-batch.ts';
import { PLAIN_PROGRAM } from '../../testing/program.ts';

const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
};
const windows: readonly EarnRule[] = [
  {
    ...spend,
    id: 'capped',
    limits: [
      { per: 'day', points: 50 },
      { per: { days: 30 }, points: 500 },
      { per: 'lifetime', count: 9 },
    ],
  },
  {
    id: 'quarter',
    when: { order: 'paid' },
    earn: { form: 'target', window: 'quarter', metric: 'amount', of: ['spend'], exceed: '120.00', by: '1.5' },
    currency: 'points',
  },
  {
    id: 'days',
    when: { order: 'paid' },
    earn: { form: 'target', window: 'month', metric: 'days', reach: '2', points: 7 },
    currency: 'points',
  },
  {
    id: 'challenge',
    when: { order: 'paid' },
    earn: { form: 'target', window: { enrolment: 'joined', days: 30 }, metric: 'amount', reach: '100.00', points: 9 },
    currency: 'points',
  },
  { id: 'sign-in', when: { activity: 'check-in' }, earn: { form: 'streak', points: 1 }, currency: 'points' },
];
const documentOf = (rules: readonly EarnRule[]): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  rules: [...rules],
});

/** Delivers flushes and answers the statements of each: calls of tables, and look-ups in the log. */
async function statementsOf(rules: readonly EarnRule[], flushes: readonly (readonly ProgramTestStep[])[]) {
  const document = documentOf(rules);
  const published = {
    program: 'test',
    version: 1,
    effectiveFrom: instantFromMillis(0),
    publishedAt: instantFromMillis(0),
    publishedBy: 'test',
    document,
  };
  const catalog = new ProgramCatalog<MemorySql>({
    countVersions: () => Promise.resolve(1),
    allVersions: () => Promise.resolve([{ ...published, refers: false }]),
    version: () => Promise.resolve(published),
  });
  const store = createMemoryEventStore({ log: 'rating', partitions: 1, clock: () => 0 });
  const asked: string[] = [];
  const tables: RulesTables<MemorySql> = new Proxy(memoryTables, {
    get: (target, name): unknown => {
      asked.push(String(name));
      return Reflect.get(target, name);
    },
  });
  const counts: (readonly string[])[] = [];
  const given = arrivalsOf({ name: 'x', at: '2026-11-30T00:00:00Z', given: flushes.flat(), expect: {} }, document);
  if (!given.ok) throw new Error(JSON.stringify(given.refusal));
  const items = given.value.flatMap(({ item }) => (item.kind === 'decision' ? [] : [item]));
  for (const flush of flushes) {
    asked.length = 0;
    const here = items.splice(0, flush.length);
    await store.transact({ partitions: [0] }, (tx) =>
      rateBatch(
        {
          ...tx,
          lastOf: (streams) => {
            asked.push('lastOf');
            return tx.lastOf(streams);
          },
        },
        { tables, catalog, budgets: memoryBudgets() },
        here,
      ),
    );
    counts.push([...asked].sort());
  }
  return counts;
}

const members = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `m-${index}`);
const day = (date: number): string => `2026-11-${String(date).padStart(2, '0')}T04:00:00Z`;

/** Enrolments and orders in time, a late order and a sign-in, and returns of everything. */
const history = (count: number): readonly (readonly ProgramTestStep[])[] => [
  members(count).flatMap((member) => [
    { member, activity: { id: 'J', type: 'joined', occurredAt: day(1) } },
    { member, order: { orderId: 'A', amount: '100.00', occurredAt: day(10) } },
    { member, activity: { id: 'S', type: 'check-in', occurredAt: day(11) } },
  ]),
  members(count).flatMap((member) => [
    { member, order: { orderId: 'B', amount: '100.00', occurredAt: day(5) } },
    { member, activity: { id: 'T', type: 'check-in', occurredAt: day(10) } },
  ]),
  members(count).flatMap((member) =>
    ['A', 'B'].map((orderId) => ({
      member,
      order: { orderId, occurredAt: day(10), lines: [{ amount: '100.00', refundedAmount: '100.00' }] },
    })),
  ),
];

describe('what a flush reads', () => {
  it('is as many statements for 40 members as for one', async () => {
    const [one, many] = [
      await statementsOf([spend, ...windows], history(1)),
      await statementsOf([spend, ...windows], history(40)),
    ];
    expect(many).toEqual(one);
    for (const statements of many) expect(statements.length).toBeLessThanOrEqual(7);
  });

  it('is one look-up of last ratings, and nothing else, for a program without windows', async () => {
    expect(await statementsOf([spend], history(40))).toEqual([['lastOf'], ['lastOf'], ['lastOf']]);
  });
});
