import { instant, instantFromMillis, type Instant } from '@jifen/kernel';
import type { Message } from '@jifen/messaging';
import fc from 'fast-check';
import { readStandings, type StandingsPage } from './application/read-standings.ts';
import { tables } from './adapters/tables.ts';
import { NOW, PROGRAM, TierWorld } from './testing/tier-world.ts';

const DAY = 86_400_000;
const MEMBERS = 60;
const june = instantFromMillis(NOW);
const march = instant('2026-03-15T00:00:00.000Z');
const ofDay = (day: number): string => instantFromMillis(Date.UTC(2025, 3, 1) + day * DAY);

const tiers = [
  { code: 'bronze', threshold: 0 },
  { code: 'silver', threshold: 1_000, keep: 800 },
  { code: 'gold', threshold: 3_000, keep: 2_500 },
];
const LIFETIME = { currency: 'points', basis: 'lifetime-points', tiers };
const ROLLING = { currency: 'points', basis: 'points', window: { months: 12 }, tiers };
const review = { clock: 'tier-start', months: 12, graceDays: 20, noticeDays: 30 };

/** Ladders with the day that each holds from, oldest first. */
const LADDERS: readonly (readonly [string, readonly (readonly [object, string])[]])[] = [
  ['points ever earned', [[LIFETIME, '2024-01-01']]],
  [
    'another one since April',
    [
      [{ ...LIFETIME, tiers: tiers.map((tier) => ({ ...tier, threshold: tier.threshold * 2 })) }, '2024-01-01'],
      [LIFETIME, '2026-04-01'],
    ],
  ],
  ['points of twelve months with reviews', [[{ ...ROLLING, review }, '2024-01-01']]],
  [
    'spend of a year with anniversaries',
    [[{ ...ROLLING, basis: 'spend', review: { clock: 'anniversary', months: 12 } }, '2024-01-01']],
  ],
];

interface Fact {
  readonly member: number;
  readonly kind: 'points' | 'none' | 'order' | 'joining' | 'hand';
  /** After 1 April of the year before; some lie behind the moment. */
  readonly day: number;
  readonly count: number;
}

const facts = fc.array(
  fc.record({
    member: fc.integer({ min: 0, max: MEMBERS - 1 }),
    kind: fc.constantFrom('points', 'points', 'order', 'none', 'joining', 'hand'),
    day: fc.integer({ min: 0, max: 440 }),
    count: fc.integer({ min: 1, max: 30 }).map((hundreds) => hundreds * 100),
  }) satisfies fc.Arbitrary<Fact>,
  { minLength: 200, maxLength: 200 },
);
const [history = []] = fc.sample(facts, { numRuns: 1, seed: 34 });

let world: TierWorld;
let lives = 0;
let version = 0;
let awards = 0;

/** Keys that begin alike, and some with a space in them. */
const nameOf = (member: number): string => `${lives}${['m', 'm-1', 'm\u3000'][member % 3]}${member}`;

const points = (member: string, granted: number, earnedAt: string): Message =>
  world.posting(member, { award: `s${++awards}`, granted, earnedAt });

function messageOf({ member, kind, day, count }: Fact): readonly Message[] {
  const [name, at] = [nameOf(member), ofDay(day)];
  if (kind === 'points' || kind === 'none') return [points(name, kind === 'none' ? 0 : count, at)];
  if (kind === 'order') return [world.order(name, `o${++awards}`, `${count}.00`, { paidAt: at })];
  return kind === 'joining' ? [world.registered(name, at)] : [];
}

async function publish(ladder: object, from: string): Promise<void> {
  const document = { timeZone: 'Asia/Shanghai', moneyCurrency: 'CNY', ladder };
  await world.deliver(world.published(++version, document, from));
}

const given = history.filter(({ kind }) => kind === 'hand').toSorted((a, b) => a.day - b.day);

async function live(ladders: readonly (readonly [object, string])[]): Promise<void> {
  const owned = ['ladder', 'standing', 'granted', 'purchase', 'joining', 'assignment', 'digest', 'order_bundle'];
  await world.admin.query(`TRUNCATE ${owned.map((table) => `tiering.${table}`).join(', ')}`);
  lives++;
  world.itIs(june);
  for (const [ladder, from] of ladders) await publish(ladder, `${from}T00:00:00.000Z`);
  await world.deliver(...history.flatMap(messageOf));
  await world.deliver(...Array.from({ length: 300 }, (_, day) => points(`busy-${lives}`, 10, ofDay(day))));
  for (const { member, day, count } of given) {
    world.itIs(ofDay(Math.min(day, 420)));
    await world.assign(nameOf(member), count > 1_500 ? 'gold' : 'silver');
  }
  world.itIs(june);
  await world.recompute();
}

type Lines = StandingsPage['data'];

/** All lines, with something done after each page. */
async function pages(limit: number, asOf?: Instant, between: () => Promise<unknown> = () => Promise.resolve()) {
  const lines: Lines[number][] = [];
  const said = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await world.standings({ limit, asOf, cursor });
    const { data, next, ...rest } = page;
    expect(data.length).toBeLessThanOrEqual(limit);
    lines.push(...data);
    said.add(JSON.stringify(rest));
    cursor = next ?? undefined;
    await between();
  } while (cursor !== undefined);
  expect(said.size).toBe(1);
  return lines;
}

beforeAll(async () => {
  world = await TierWorld.start();
});
afterAll(() => world.stop());

describe.each(LADDERS)('Q34: where all members stand, on %s', (_, ladders) => {
  beforeAll(() => live(ladders), 60_000);

  it.each([june, march])('is what the tier of each says, and what all that is known of each says: %s', async (asOf) => {
    const lines = await pages(200, asOf);
    expect(lines.length).toBeGreaterThan(MEMBERS / 2);
    expect(new Set(lines.map(({ tier }) => tier.code)).size).toBe(3);
    const [{ programVersion }] = [await world.standings({ limit: 1, asOf })];
    const single = async ({ member }: Lines[number]) => world.tier(member, undefined, asOf);
    const same = lines.map((line) => ({ program: PROGRAM, asOf, ...line, programVersion }));
    expect(await Promise.all(lines.map(single))).toEqual(same);
    // Nothing is left but facts.
    await world.admin.query(
      'CREATE TABLE kept AS SELECT * FROM tiering.standing; TRUNCATE tiering.digest, tiering.standing',
    );
    expect(await Promise.all(lines.map(single))).toEqual(same);
    await world.admin.query('INSERT INTO tiering.standing SELECT * FROM kept; DROP TABLE kept');
  });

  it('is of those of whom anything that counts was known by then', async () => {
    const lines = await pages(200, march);
    const listed = new Set(lines.map(({ member }) => member));
    const spend = JSON.stringify(ladders).includes('spend');
    const counts = ({ kind, day }: Fact): boolean => {
      if (kind === 'hand') return ofDay(Math.min(day, 420)) <= march;
      return (
        ofDay(day) < march &&
        (kind === 'order' || kind === 'joining' ? spend : !spend || kind === 'points' || kind === 'none')
      );
    };
    const known = new Set(history.filter(counts).map(({ member }) => nameOf(member)));
    expect(listed).toEqual(new Set([...known, `busy-${lives}`]));
    expect(lines.map(({ member }) => member)).toEqual([...listed].toSorted());
  });

  it.each([200, 3, 16])(
    'is one thing in pages of %i, while more is earned, given, published and reviewed',
    async (limit) => {
      const begun = Date.parse((await world.standings({ limit: 1 })).asOf);
      const whole = await pages(200);
      let step = 0;
      const later = async (): Promise<void> => {
        const at = instantFromMillis(begun + ++step * 60_000);
        world.itIs(at);
        const member = nameOf((step * 7) % MEMBERS);
        const names = [`0-${lives}-${limit}-${step}`, member, `z-${lives}-${limit}-${step}`];
        await world.deliver(...names.map((name) => points(name, 1_500, at)));
        if (step % 5 === 1) await world.assign(member, 'gold');
        if (step === 1) await publish({ ...ROLLING, tiers: [tiers[0], { ...tiers[1], code: `silver-${limit}` }] }, at);
        if (step === 2) await world.recompute();
        await world.review();
      };
      expect(await pages(limit, undefined, later)).toEqual(whole);
      expect(await pages(200, instantFromMillis(begun))).toEqual(whole);
    },
    60_000,
  );
});

it.each([
  'bm9uZQ',
  Buffer.from(`${june} ${june} 1 other/m`).toString('base64url'),
  Buffer.from('x').toString('base64url'),
])('refuses a cursor that is none of the list: %s', async (cursor) => {
  const refused = await readStandings(tables, world.pool, { program: PROGRAM, now: NOW, limit: 2, cursor });
  expect(refused).toMatchObject({ refusal: { code: 'invalid_request', errors: [{ pointer: '/cursor' }] } });
});
