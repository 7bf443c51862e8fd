import type { ActivityRecorded, EarnRule, ProgramDocument, RatingMade, TierChanged } from '@jifen/contracts';
import { createMemoryDatabase } from '@jifen/event-store';
import { instant, instantFromMillis, memberKey } from '@jifen/kernel';
import fc from 'fast-check';
import { causeOf, type RulesItem } from './cause.ts';
import { rateAgain } from './make-rating.ts';
import { memoryRules, type MemoryRules } from './memory/memory-rules.ts';
import { ratingStream } from './rating-stream.ts';
import { PLAIN_PROGRAM } from '../testing/program.ts';

const PROGRAM = 'test';
const MEMBER = 'm-1';
const OWNER = memberKey(PROGRAM, MEMBER);
const AWARD = `${MEMBER}~welcome~w~once`;
const EFFECT = `${AWARD}~coupon~gift`;
const CASES = 400;
const START = Date.UTC(2026, 0, 1);
const HOURS = 12;
const iso = (hour: number): string => instantFromMillis(START + hour * 3_600_000);
/** From when on the second version holds, which pays less. */
const CHANGE = 6;

const tier = (code: string, threshold: number) => ({ code, name: { en: code, zh: code }, threshold, multiplier: '1' });
const review: EarnRule = {
  id: 'review',
  when: { activity: 'join' },
  earn: { form: 'fixed', points: 5 },
  currency: 'points',
  limits: [{ per: 'lifetime', points: 7 }],
};
const effects: EarnRule['effects'] = [{ kind: 'coupon', ref: 'gift' }];
const document = (
  points: number,
  limited: boolean,
  more: Pick<EarnRule, 'effects' | 'availability'>,
): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  ladder: { currency: 'points', basis: 'lifetime-points', tiers: [tier('bronze', 0), tier('gold', 10)] },
  rules: [
    {
      id: 'welcome',
      when: { activity: 'join' },
      if: { member: { tier: { is: 'gold' }, facts: { invited: { is: true } } } },
      earn: { form: 'fixed', points, once: true },
      currency: 'points',
      ...more,
    },
    ...(limited ? [review] : []),
  ],
});

interface Case {
  readonly limited: boolean;
  readonly joins: readonly { readonly id: string; readonly hour: number }[];
  /** One standing after the other: gold from, and until if it is lost again; the last one is right. */
  readonly standings: readonly { readonly from: number; readonly lasts: number }[];
  readonly facts: readonly { readonly since: number; readonly invited: boolean }[];
  /** What arrives next, and how much of it in one flush. */
  readonly order: readonly number[];
  readonly flushes: readonly number[];
}

const hour = fc.integer({ min: 0, max: HOURS });
const cases: fc.Arbitrary<Case> = fc.record({
  limited: fc.boolean(),
  joins: fc
    .array(hour, { minLength: 1, maxLength: 5 })
    .map((hours) => hours.map((each, index) => ({ id: `J${index}`, hour: each }))),
  standings: fc.array(fc.record({ from: hour, lasts: fc.integer({ min: 1, max: HOURS }) }), { maxLength: 3 }),
  facts: fc.uniqueArray(fc.record({ since: hour, invited: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ since }) => since,
  }),
  order: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  flushes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 20, maxLength: 20 }),
});

const arrived = { owner: OWNER, partition: 0, position: 1, meta: {} };
const common = { program: PROGRAM, member: MEMBER };

function joined({ id, hour: at }: Case['joins'][number]): RulesItem {
  const event: ActivityRecorded = { ...common, source: 'app', id, type: 'join', occurredAt: iso(at) };
  return { ...arrived, kind: 'activity', event, cause: causeOf(OWNER, { kind: 'activity', event }) };
}

function told({ since, invited }: Case['facts'][number]): RulesItem {
  const event = { ...common, occurredAt: iso(since), facts: { invited } };
  return { ...arrived, kind: 'member', event, cause: causeOf(OWNER, { kind: 'member', event }) };
}

function stood({ from, lasts }: Case['standings'][number]): RulesItem {
  const timeline = [
    { tier: 'bronze', since: iso(-1) },
    { tier: 'gold', since: iso(from) },
    { tier: 'bronze', since: iso(from + lasts) },
  ];
  const event: TierChanged = {
    ...common,
    tier: 'gold',
    since: iso(from),
    lifetimePoints: 0,
    programVersion: 1,
    timeline,
  };
  return { ...arrived, kind: 'tier', event };
}

/** Standings come in their order; everything else in any. */
function arrivalOf({ joins, standings, facts, order }: Case): readonly RulesItem[] {
  const queues = [...joins.map((each) => [joined(each)]), ...facts.map((each) => [told(each)]), standings.map(stood)];
  const items: RulesItem[] = [];
  for (let nth = 0; queues.some((queue) => queue.length > 0); nth++) {
    const open = queues.filter((queue) => queue.length > 0);
    const item = open[(order[nth] ?? 0) % open.length]?.shift();
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** The first by time that qualifies by what turned out to be true. */
function expected({ joins, standings, facts }: Case): number {
  const gold = standings.at(-1);
  const invitedAt = (at: number): boolean =>
    facts
      .filter(({ since }) => since <= at)
      .sort((a, b) => a.since - b.since)
      .at(-1)?.invited === true;
  const [first] = joins
    .filter(({ hour: at }) => gold !== undefined && gold.from < at && at <= gold.from + gold.lasts && invitedAt(at))
    .sort((a, b) => a.hour - b.hour);
  return first === undefined ? 0 : first.hour < CHANGE ? 500 : 300;
}

describe('E06: a rule that pays once, for those who are something', () => {
  it('pays for the first activity that qualifies, whatever becomes known when', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (chosen) => {
        const rules = memoryRules(PROGRAM, [
          { version: 1, document: document(500, chosen.limited, { effects }) },
          { version: 2, document: document(300, chosen.limited, { effects }), effectiveFrom: instant(iso(CHANGE)) },
        ]);
        const world = rules.world();
        const items = arrivalOf(chosen);
        for (let start = 0, nth = 0; start < items.length; nth++) {
          const end = start + (chosen.flushes[nth] ?? 1);
          await world.deliver(items.slice(start, end));
          start = end;
        }
        const ratings = await world.ratings();
        const award = ratings.flatMap(({ awards }) => awards).findLast(({ awardId }) => awardId === AWARD);
        const effect = ratings.flatMap(({ effects = [] }) => effects).findLast(({ effectId }) => effectId === EFFECT);
        const points = expected(chosen);
        expect([award?.target ?? 0, effect?.target ?? 0]).toEqual([points, points === 0 ? 0 : 1]);
        for (const made of latest(ratings)) await expectTheSame(rules, made);
      }),
      { numRuns: CASES },
    );
  });

  it('C08: is granted as far as it was approved, whenever that was', async () => {
    const approved = fc.integer({ min: 1, max: 600 });
    await fc.assert(
      fc.asyncProperty(cases, approved, async (chosen, points) => {
        const more = { availability: 'on-approval' } as const;
        const rules = memoryRules(PROGRAM, [
          { version: 1, document: document(500, chosen.limited, more) },
          { version: 2, document: document(300, chosen.limited, more), effectiveFrom: instant(iso(CHANGE)) },
        ]);
        const world = rules.world();
        for (const [nth, item] of arrivalOf(chosen).entries()) {
          await world.deliver([item]);
          if (chosen.flushes[nth] === 1)
            await world.decide({ awardId: AWARD, verdict: 'approve', points, actor: 'lead-1' });
        }
        await world.decide({ awardId: AWARD, verdict: 'approve', points, actor: 'lead-1' });
        const ratings = await world.ratings();
        const award = ratings.flatMap(({ awards }) => awards).findLast(({ awardId }) => awardId === AWARD);
        expect(award?.target ?? 0).toBe(Math.min(points, expected(chosen)));
        for (const made of latest(ratings)) await expectTheSame(rules, made);
      }),
      { numRuns: CASES },
    );
  });
});

const latest = (ratings: readonly RatingMade[]): Iterable<RatingMade> =>
  new Map(ratings.map((made) => [ratingStream(OWNER, made.cause.source, 'activity', made.cause.id), made])).values();

async function expectTheSame({ catalog }: MemoryRules, made: RatingMade): Promise<void> {
  if (made.inputs === undefined) return;
  const at = instant(made.occurredAt);
  const program = await createMemoryDatabase().exclusive((sql) =>
    catalog.effective(sql, PROGRAM, made.programVersion, at),
  );
  expect(rateAgain(program, made).same).toBe(true);
}
