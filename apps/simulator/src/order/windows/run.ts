import {
  causeOf,
  memoryBudgets,
  memoryTables,
  ProgramCatalog,
  rateAgain,
  rateBatch,
  type RulesItem,
} from '@jifen/app-rules';
import type { RatingMade, RecordedOrder, TierSince } from '@jifen/contracts';
import { createMemoryDatabase, createMemoryEventStore, type MemorySql } from '@jifen/event-store';
import { instant, instantFromMillis, memberKey } from '@jifen/kernel';
import { validateProgram } from '@jifen/rules';
import { createRandom, type Random } from '../../random.ts';
import {
  amountText,
  iso,
  MEMBER,
  randomDocument,
  randomHistory,
  randomKinds,
  someMoment,
  type Told,
} from './history.ts';
import { grantedBy, randomRulings, rule, type Rulings } from './rulings.ts';
import { expectedAwards, type Happening, type Version } from './model.ts';

const PROGRAM = 'proof';
const ARRIVALS = 3;
const RULED = 4;
const MAX_EVENTS = 10_000;
const OWNER = memberKey(PROGRAM, MEMBER);
const FEATURES = [
  ...['spend', 'review', 'sign-in', 'double', 'back', 'quarter', 'challenge', 'days'],
  ...['stars', 'stepped', 'top-up', 'scan', 'join', 'milestone'],
];

interface Case {
  /** Rules whose awards somebody approves. */
  readonly onApproval: ReadonlySet<string>;
  readonly versions: readonly Version[];
  readonly history: readonly Told[];
  /** What tiering tells, one standing after the other; the last one is right. */
  readonly standings: readonly (readonly TierSince[])[];
}

function randomCase(random: Random): Case {
  const shape = new Set(FEATURES.filter(() => random.chance(0.5)));
  if (shape.size === 0) shape.add('review');
  const kinds = randomKinds(random, FEATURES);
  const later = Array.from({ length: random.chance(0.3) ? random.between(1, 2) : 0 }, () => someMoment(random));
  const versions = [Date.UTC(2026, 0, 1), ...later.sort((a, b) => a - b)].map((from) => {
    const part = random.chance(0.3) ? new Set([...shape].filter(() => random.chance(0.8))) : shape;
    return { from, document: randomDocument(random, part.size === 0 ? shape : part, kinds) };
  });
  const standings = Array.from({ length: random.between(0, 2) }, () => [
    { tier: 'bronze', since: iso(Date.UTC(2026, 0, 1)) },
    { tier: 'gold', since: iso(someMoment(random)) },
  ]);
  return { onApproval: kinds.onApproval, versions, history: randomHistory(random), standings };
}

/** `undefined` when nothing differs: the awards are the same for every arrival, what the model says, and can be run again. */
export async function windowsIndependent(seed: number): Promise<string | undefined> {
  const random = createRandom(seed);
  const chosen = randomCase(random);
  for (const { document } of chosen.versions) {
    const validation = validateProgram(document);
    if (!validation.ok) return `case ${seed}: no program: ${JSON.stringify(validation.violations)}`;
  }
  const unruled = modelled(chosen, new Set());
  const waits = (award: string): boolean => chosen.onApproval.has(award.split('~')[1] ?? '');
  const rulings = randomRulings(random, [...unruled.keys()].filter(waits));
  const rejected = [...rulings].filter(([, told]) => told.some(({ verdict }) => verdict === 'reject'));
  const due = modelled(chosen, new Set(rejected.map(([award]) => award)));
  const expected = sorted(
    new Map([...due].map(([award, points]) => [award, waits(award) ? grantedBy(rulings, award, points) : points])),
  );
  for (let arrival = 0; arrival <= ARRIVALS; arrival++) {
    const found = await rated(chosen, rulings, random, arrival > 0);
    if (typeof found === 'string') return `case ${seed}, arrival ${arrival}: ${found}`;
    const text = sorted(found);
    if (text !== expected) return `case ${seed}, arrival ${arrival}: ${text} instead of ${expected}`;
  }
  return undefined;
}

const sorted = (awards: ReadonlyMap<string, number>): string =>
  JSON.stringify([...awards].filter(([, points]) => points > 0).sort(([a], [b]) => (a < b ? -1 : 1)));

function modelled({ versions, history, standings }: Case, rejected: ReadonlySet<string>): ReadonlyMap<string, number> {
  const versionAt = (at: number): number => versions.findLastIndex(({ from }) => from <= at);
  const happened = history.map((told): Happening => {
    if (told.kind === 'activity') {
      const { fen: amount, ...activity } = told;
      return { ...activity, amount, version: versionAt(told.at) };
    }
    const last = lastOf(told.revisions);
    const fen = (text: string | undefined): number => Math.round(Number(text ?? '0') * 100);
    const [line] = last.lines;
    const whole = fen(line?.amount);
    const back = Math.min(fen(line?.refundedAmount), whole);
    const paid = last.status !== 'placed' && last.status !== 'cancelled';
    return {
      kind: 'order',
      source: last.source,
      id: last.orderId,
      at: Date.parse(last.paidAt ?? last.placedAt),
      version: versionAt(told.placed),
      store: last.store,
      fen: paid ? whole - back : undefined,
      refunded: back > 0 && back === whole,
    };
  });
  const gold = standings.at(-1)?.find(({ tier }) => tier === 'gold');
  const tierAt = (at: number): number => (gold !== undefined && Date.parse(gold.since) < at ? 15 : 10);
  return expectedAwards(MEMBER, versions, happened, tierAt, rejected);
}

const lastOf = (revisions: readonly RecordedOrder[]): RecordedOrder => {
  const last = revisions.at(-1);
  if (last === undefined) throw new Error('an order without revisions');
  return last;
};

/** The history through the rules service's own code, on memory: flushes of any size, in any order, with repeats. */
async function rated(
  chosen: Case,
  rulings: Rulings,
  random: Random,
  scrambled: boolean,
): Promise<ReadonlyMap<string, number> | string> {
  const database = createMemoryDatabase();
  const store = createMemoryEventStore({ log: 'rating', partitions: 1, clock: () => 0, database });
  const catalog = new ProgramCatalog<MemorySql>(memoryTables);
  await database.exclusive(async (sql) => {
    for (const [index, { from, document }] of chosen.versions.entries())
      await memoryTables.insertVersion(sql, {
        program: PROGRAM,
        version: index + 1,
        effectiveFrom: instantFromMillis(from),
        publishedAt: instantFromMillis(from),
        publishedBy: 'proof',
        document,
      });
  });
  const items = arrivalOf(chosen, random, scrambled);
  for (let start = 0; start < items.length;) {
    const size = random.between(1, 5);
    const batch = items.slice(start, start + size);
    await store.transact({ partitions: [0] }, (tx) =>
      rateBatch(tx, { tables: memoryTables, catalog, budgets: memoryBudgets() }, batch),
    );
    if (rulings.size > 0 && random.chance(0.5)) await rule(PROGRAM, store, catalog, rulings, random, false);
    start += size;
  }
  // Again: what was said of less after more is refused, and changes nothing; what limits give back lets others be due.
  for (let time = 0; time < RULED; time++) await rule(PROGRAM, store, catalog, rulings, random, true);
  const targets = new Map<string, number>();
  const latest = new Map<string, RatingMade>();
  for (const event of await store.readLog(0, 0, MAX_EVENTS)) {
    const made = JSON.parse(event.data) as RatingMade;
    for (const { awardId, target } of made.awards) targets.set(awardId, target);
    latest.set(event.stream, made);
  }
  const differs = await database.exclusive((sql) => runAgain(catalog, sql, latest));
  return differs ?? targets;
}

async function runAgain(
  catalog: ProgramCatalog<MemorySql>,
  sql: MemorySql,
  latest: ReadonlyMap<string, RatingMade>,
): Promise<string | undefined> {
  for (const [stream, made] of latest) {
    const program = stream.includes('/window/')
      ? await catalog.version(sql, PROGRAM, made.programVersion)
      : await catalog.effective(sql, PROGRAM, made.programVersion, instant(made.occurredAt));
    if (!rateAgain(program, made).same) return `${stream} cannot be run again to the same bytes`;
  }
  return undefined;
}

/** Revisions of an order come in their order, as the activity log has them; everything else in any. */
function arrivalOf({ history, standings }: Case, random: Random, scrambled: boolean): readonly RulesItem[] {
  const queues = [
    ...history.map((told) =>
      itemsOf(told).flatMap((item) => (scrambled && random.chance(0.1) ? [item, item] : [item])),
    ),
    standings.map((timeline): RulesItem => ({
      ...arrived,
      kind: 'tier',
      event: {
        program: PROGRAM,
        member: MEMBER,
        tier: 'gold',
        since: timeline.at(-1)?.since ?? iso(0),
        lifetimePoints: 0,
        programVersion: 1,
        timeline: [...timeline],
      },
    })),
  ];
  if (!scrambled) return queues.flat();
  const items: RulesItem[] = [];
  for (
    let open = queues.filter((queue) => queue.length > 0);
    open.length > 0;
    open = queues.filter((queue) => queue.length > 0)
  ) {
    const item = random.pick(open).shift();
    if (item !== undefined) items.push(item);
  }
  return items;
}

const arrived = { owner: OWNER, partition: 0, position: 1, meta: {} };

function itemsOf(told: Told): RulesItem[] {
  if (told.kind === 'activity') {
    const { source, id, type, at, store, fen, steps } = told;
    const data = { amount: amountText(fen), steps, ...(store === undefined ? {} : { store }) };
    const event = { program: PROGRAM, member: MEMBER, source, id, type, occurredAt: iso(at), data };
    return [{ ...arrived, kind: 'activity', event, cause: causeOf(OWNER, { kind: 'activity', event }) }];
  }
  return told.revisions.map((order) => {
    const event = { program: PROGRAM, member: MEMBER, order };
    return { ...arrived, kind: 'order', event, cause: causeOf(OWNER, { kind: 'order', event }) };
  });
}
