import type { ProgramTest, ProgramTestCase, ProgramTestExpectation, RatingMade, Violation } from '@jifen/contracts';
import { waitingOf, type CompiledProgram } from '@jifen/rules';
import { instant } from '@jifen/kernel';
import { rulesInWords } from '../explain-award.ts';
import { memoryRules, type MemoryRules, type MemoryWorld } from '../memory/memory-rules.ts';
import { rateAgain } from '../make-rating.ts';
import type { RulesItem } from '../cause.ts';
import { arrivalsOf, PROGRAM, type GivenItem } from './given.ts';
import { ARRIVALS, type ArrivalName } from './orders-of-arrival.ts';

const VERSION = 1;
const MAX_SENTENCES = 12;

/** Something that a case expected and did not get. */
export interface Mismatch {
  /** Into the test file. */
  readonly pointer: string;
  readonly member: string;
  /** What was counted: `points`, `available`, `waiting` or `rules`. */
  readonly what: 'points' | 'available' | 'waiting' | 'rules';
  /** A currency or a rule. */
  readonly of: string;
  readonly expected: number;
  readonly actual: number;
  /** What the rule, or every rule of the currency, did and why. */
  readonly because: { readonly en: readonly string[]; readonly zh: readonly string[] };
}

export interface CaseReport {
  readonly name: { readonly en: string; readonly zh: string };
  readonly pointer: string;
  readonly passed: boolean;
  /** What is wrong with the case itself. */
  readonly violations: readonly Violation[];
  readonly mismatches: readonly Mismatch[];
  /** The first order of arrival that ended in other totals than the given one, where that must not be. */
  readonly dependsOnArrival?: ArrivalName;
}

/** Runs the cases of a test file under a valid program, each in a world of its own. */
export async function runProgramTest(document: object, test: ProgramTest): Promise<readonly CaseReport[]> {
  const rules = memoryRules(PROGRAM, [{ version: VERSION, document }]);
  const reports: CaseReport[] = [];
  for (const [index, each] of test.cases.entries()) reports.push(await runCase(rules, each, `/cases/${index}`));
  return reports;
}

async function runCase(rules: MemoryRules, test: ProgramTestCase, pointer: string): Promise<CaseReport> {
  const name = typeof test.name === 'string' ? { en: test.name, zh: test.name } : test.name;
  const program = await compiled(rules);
  const given = arrivalsOf(test, program.document);
  const report = { name, pointer, passed: false, violations: [], mismatches: [] };
  if (!given.ok) {
    const violations = given.refusal.map((each) => ({ ...each, pointer: pointer + each.pointer }));
    return { ...report, violations };
  }
  const items = given.value.map(({ item }) => item);
  const { standing, refused } = await standingOf(rules, items);
  if (refused.length > 0)
    return { ...report, violations: refused.map((each) => ({ ...each, pointer: pointer + each.pointer })) };
  const mismatches = Object.entries(test.expect).flatMap(([member, expected]) =>
    compare({ program, standing, at: test.at, member, pointer: `${pointer}/expect/${escape(member)}` }, expected),
  );
  if (test.arrival !== 'as-given') {
    const wanted = totalsText(standing);
    for (const [arrival, reorder] of ARRIVALS) {
      const again = await standingOf(rules, reorder(given.value));
      if (totalsText(again.standing) !== wanted) return { ...report, mismatches, dependsOnArrival: arrival };
    }
  }
  return { ...report, passed: mismatches.length === 0, mismatches };
}

async function compiled({ catalog }: MemoryRules): Promise<CompiledProgram> {
  const nothing = { table: () => new Map() };
  return catalog.version(nothing, PROGRAM, VERSION);
}

type StandingAward = RatingMade['awards'][number] & { readonly member: string };

interface Standing {
  readonly awards: readonly StandingAward[];
  /** The last rating of each cause. */
  readonly ratings: readonly RatingMade[];
}

/** Flushes end where somebody decides. */
async function standingOf(
  rules: MemoryRules,
  items: readonly GivenItem[],
): Promise<{ readonly standing: Standing; readonly refused: readonly Violation[] }> {
  const world = rules.world();
  const refused: Violation[] = [];
  let flush: RulesItem[] = [];
  for (const [index, item] of items.entries()) {
    if (item.kind !== 'decision') {
      flush.push({ ...item, position: index + 1 });
      continue;
    }
    await world.deliver(flush);
    flush = [];
    const answer = await world.decide(item.ruling);
    if (!answer.ok) refused.push({ pointer: item.pointer, message: answer.refusal.detail });
  }
  await world.deliver(flush);
  return { standing: await standingIn(world), refused };
}

async function standingIn(world: MemoryWorld): Promise<Standing> {
  const awards = new Map<string, StandingAward>();
  const ratings = new Map<string, RatingMade>();
  for (const made of await world.ratings()) {
    ratings.set(`${made.member}~${made.cause.source}~${made.cause.id}`, made);
    for (const award of made.awards) awards.set(award.awardId, { ...award, member: made.member });
  }
  return { awards: [...awards.values()], ratings: [...ratings.values()] };
}

const totalsText = ({ awards }: Standing): string =>
  JSON.stringify(
    awards
      .filter(({ target }) => target > 0)
      .map(({ awardId, target, availableAt, expiresAt }) => [awardId, target, availableAt, expiresAt])
      .sort(),
  );

interface Comparison {
  readonly program: CompiledProgram;
  readonly standing: Standing;
  readonly at: string | undefined;
  readonly member: string;
  readonly pointer: string;
}

function compare(
  about: Comparison,
  { points, available, waiting, rules }: ProgramTestExpectation,
): readonly Mismatch[] {
  const own = about.standing.awards.filter(({ member }) => member === about.member);
  const usable = own.filter(({ availableAt, expiresAt }) => {
    if (about.at === undefined) return true;
    const at = instant(about.at);
    return availableAt <= at && (expiresAt === undefined || at < expiresAt);
  });
  const byCurrency = (awards: readonly StandingAward[]) => sumBy(awards, ({ currency }) => currency);
  const undecided = own.map((award) => ({
    ...award,
    target: award.approval === undefined ? 0 : waitingOf(award.approval),
  }));
  return [
    ...differences(about, 'points', points, byCurrency(own)),
    ...differences(about, 'available', available, byCurrency(usable)),
    ...differences(about, 'waiting', waiting, byCurrency(undecided)),
    ...differences(
      about,
      'rules',
      rules,
      sumBy(own, ({ ruleId }) => ruleId),
    ),
  ];
}

function sumBy(awards: readonly StandingAward[], by: (award: StandingAward) => string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const award of awards) sums.set(by(award), (sums.get(by(award)) ?? 0) + award.target);
  return sums;
}

function differences(
  about: Comparison,
  what: Mismatch['what'],
  expected: number | Readonly<Record<string, number>> | undefined,
  actual: ReadonlyMap<string, number>,
): readonly Mismatch[] {
  if (expected === undefined) return [];
  const { program, member, pointer } = about;
  const only = program.document.currencies[0]?.code ?? '';
  const wanted = new Map(typeof expected === 'number' ? [[only, expected]] : Object.entries(expected));
  const names = new Set([...wanted.keys(), ...actual.keys()]);
  return [...names].flatMap((of) => {
    const [want, have] = [wanted.get(of) ?? 0, actual.get(of) ?? 0];
    if (want === have) return [];
    const place = typeof expected === 'number' || !wanted.has(of) ? '' : `/${escape(of)}`;
    const because = reasons(about, what === 'rules' ? (rule) => rule === of : (rule) => earns(program, rule, of));
    return [{ pointer: `${pointer}/${what}${place}`, member, what, of, expected: want, actual: have, because }];
  });
}

const earns = (program: CompiledProgram, rule: string, currency: string): boolean =>
  program.document.rules.some((each) => each.id === rule && each.currency === currency);

function reasons({ program, standing, member }: Comparison, about: (rule: string) => boolean): Mismatch['because'] {
  const en: string[] = [];
  const zh: string[] = [];
  for (const made of standing.ratings) {
    if (made.member !== member || made.programVersion === 0) continue;
    const { words } = rulesInWords(program, rateAgain(program, made).rating.trace);
    const head = `${made.cause.id}: `;
    for (const rule of words.filter((each) => about(each.rule))) {
      en.push(...rule.en.map((sentence) => head + sentence));
      zh.push(...rule.zh.map((sentence) => head + sentence));
    }
  }
  return { en: en.slice(0, MAX_SENTENCES), zh: zh.slice(0, MAX_SENTENCES) };
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
