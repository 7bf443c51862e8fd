import type { Approval, Award, Problem, RatingMade } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, instant, memberKey, refuse, type Outcome } from '@jifen/kernel';
import {
  explain,
  explainApproval,
  granted,
  parseAwardId,
  type CompiledProgram,
  type Language,
  type RuleExplanation,
  type Trace,
} from '@jifen/rules';
import { lastRating } from './last-ratings.ts';
import { causesAgain } from './causes-again.ts';
import { isPackedWindow, rateAgain } from './make-rating.ts';
import type { RulesTables } from './ports.ts';
import type { ProgramCatalog } from './program-catalog.ts';
import { OWN_SOURCE, ratingStream } from './rating-stream.ts';

export interface ExplainParts<Sql> {
  /** The rating log. */
  readonly store: Pick<EventStore<unknown>, 'readStreams'>;
  readonly tables: RulesTables<Sql>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

export interface RuleInWords {
  readonly rule: string;
  readonly fired: boolean;
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

/** Why an award is what it is, from the data of the rating alone. */
export interface AwardExplanation {
  readonly awardId: string;
  readonly member: string;
  readonly currency: string;
  readonly target: number;
  readonly availableAt: string;
  readonly expiresAt?: string;
  readonly rule: {
    readonly id: string;
    readonly version: number;
    readonly name?: { readonly en: string; readonly zh: string };
  };
  readonly cause: RatingMade['cause'];
  readonly occurredAt: string;
  readonly tier?: string;
  /** What was decided, where somebody approves the points of the rule. */
  readonly approval?: Approval;
  readonly en: readonly string[];
  readonly zh: readonly string[];
  /** The other rules of the version: what they gave, or why nothing. */
  readonly others: readonly RuleInWords[];
  /**
   * Whether rating again from the stored inputs gives the same bytes. Asked for by name, an award of a window or of a rule that pays
   * once is also worked out again from the last rating of everything that counts for it: `causes` of them.
   */
  readonly recomputed: { readonly equal: boolean; readonly trace: string; readonly causes?: number };
  readonly trace: Trace;
}

export async function explainAward<Sql>(
  parts: ExplainParts<Sql>,
  program: string,
  awardId: string,
  recompute = false,
): Promise<Outcome<AwardExplanation, Problem>> {
  const found = await findRating(parts, program, awardId);
  const named = found?.awards.find((candidate) => candidate.awardId === awardId);
  if (found === undefined) return refuse({ code: 'not_found', detail: 'no rating names this award' });
  if (named === undefined)
    return refuse({ code: 'not_found', detail: `no rating names this award. ${noVersionAt(found.occurredAt).en}` });
  const [decided] = await parts.tables.approvalsOf(parts.sql, [
    { owner: memberKey(program, found.member), award: awardId },
  ]);
  // What another rating of a rule that pays once said since, this one may not know.
  const award = decided === undefined ? named : { ...named, ...granted(named, decided.approval) };
  await parts.catalog.refresh(parts.sql);
  const compiled = await programOfRating(parts, program, found, award.ruleVersion);
  const words = inWords(compiled, found, award);
  const again = recompute ? await causesAgain(parts, compiled, found, award) : undefined;
  if (again === undefined) return accept(words);
  const { equal, trace } = words.recomputed;
  return accept({ ...words, recomputed: { equal: equal && again.equal, trace, causes: again.causes } });
}

/** The program under which a rating was made, as it was in force then. */
export function programOfRating<Sql>(
  { catalog, sql }: Pick<ExplainParts<Sql>, 'catalog' | 'sql'>,
  program: string,
  made: RatingMade,
  version = made.programVersion,
): Promise<CompiledProgram> {
  const rated = made.programVersion === 0 ? version : made.programVersion;
  return made.inputs !== undefined && isPackedWindow(made.inputs)
    ? catalog.version(sql, program, rated)
    : catalog.effective(sql, program, rated, instant(made.occurredAt));
}

function inWords(program: CompiledProgram, made: RatingMade, award: Award): AwardExplanation {
  const { rating, same } = rateAgain(program, made);
  const { trace } = rating;
  const rules = rulesInWords(program, trace);
  const own = rules.words.find(({ rule }) => rule === award.ruleId);
  const name = program.document.rules.find(({ id }) => id === award.ruleId)?.name;
  const { approval } = award;
  const decimals = program.document.currencies.find(({ code }) => code === award.currency)?.decimals;
  const decided = (language: Language): readonly string[] =>
    approval === undefined ? [] : explainApproval(approval, language, decimals);
  return {
    awardId: award.awardId,
    member: made.member,
    currency: award.currency,
    target: award.target,
    availableAt: award.availableAt,
    ...(award.expiresAt === undefined ? {} : { expiresAt: award.expiresAt }),
    rule: { id: award.ruleId, version: award.ruleVersion, ...(name === undefined ? {} : { name }) },
    cause: made.cause,
    occurredAt: made.occurredAt,
    ...(made.tier === undefined ? {} : { tier: made.tier }),
    ...(approval === undefined ? {} : { approval }),
    en: [...rules.heading.en, ...(own?.en ?? []), ...decided('en')],
    zh: [...rules.heading.zh, ...(own?.zh ?? []), ...decided('zh')],
    others: rules.words.filter(({ rule }) => rule !== award.ruleId),
    recomputed: { equal: same, trace: made.trace ?? '' },
    trace,
  };
}

export interface TraceInWords {
  readonly heading: { readonly en: readonly string[]; readonly zh: readonly string[] };
  readonly words: readonly RuleInWords[];
}

/** Why a cause earned nothing that happened when no version of its program was in force. */
export const noVersionAt = (at: string): Record<'en' | 'zh', string> => ({
  en: `No version of the program was in force at ${at}, so nothing is earned.`,
  zh: `${at} 没有生效的积分计划版本，因此不产生积分。`,
});

export function rulesInWords(program: CompiledProgram, trace: Trace): TraceInWords {
  const decimals = Object.fromEntries(
    program.document.currencies.map((currency) => [currency.code, currency.decimals]),
  );
  const en = explain(trace, 'en', decimals);
  const zh = explain(trace, 'zh', decimals);
  const inChinese = new Map<string, RuleExplanation>(zh.rules.map((rule) => [rule.rule, rule]));
  return {
    heading: { en: en.heading, zh: zh.heading },
    words: en.rules.map(({ rule, fired, sentences }) => ({
      rule,
      fired,
      en: sentences,
      zh: inChinese.get(rule)?.sentences ?? [],
    })),
  };
}

/**
 * The last rating that names the award: of its own cause, or of the activity that decides a rule which pays once. Without one, that of
 * its cause where no version was in force, which names none.
 */
async function findRating<Sql>(
  { store, tables, sql }: ExplainParts<Sql>,
  program: string,
  awardId: string,
): Promise<RatingMade | undefined> {
  const parts = parseAwardId(awardId);
  if (parts === undefined) return undefined;
  const { member, rule, source, cause } = parts;
  const owner = memberKey(program, member);
  const streams = [ratingStream(owner, source, 'order', cause), ratingStream(owner, source, 'activity', cause)];
  if (source === OWN_SOURCE) streams.push(ratingStream(owner, source, 'window', cause));
  if (source === 'w' && cause === 'once') {
    const paid = await tables.onceOf(sql, [owner]);
    const first = paid.find((row) => row.rule === rule)?.award;
    if (first !== undefined) streams.unshift(ratingStream(owner, first.source, 'activity', first.id));
  }
  let unrated: RatingMade | undefined;
  for (const stream of streams) {
    // The stream itself sorts before every longer name that begins like it.
    const [event] = await store.readStreams(stream, 1);
    if (event?.stream !== stream) continue;
    const { made } = lastRating(event);
    if (made.awards.some((award) => award.awardId === awardId)) return made;
    if (made.programVersion === 0) unrated = made;
  }
  return unrated;
}
