import type { Award, RatingMade } from '@jifen/contracts';
import { instant, memberKey } from '@jifen/kernel';
import { parseAwardId, waitingOf, type CompiledProgram, type Rating } from '@jifen/rules';
import { lastRating } from '../last-ratings.ts';
import { programOfRating, rulesInWords, type RuleInWords } from '../explain-award.ts';
import { isPackedActivity, isPackedWindow, rateAgain } from '../make-rating.ts';
import { ratingStream, type CauseKind } from '../rating-stream.ts';
import { unwritten, type Known } from './unwritten.ts';

/** The ratings that an order would make, its own among them. */
export interface Rated {
  readonly made: readonly RatingMade[];
  readonly cart: RatingMade;
}

/** What an award would be more than it is. */
export interface Gain {
  readonly rule: string;
  readonly currency: string;
  /** That are granted at once; below 0 where the order takes what another one had. */
  readonly points: number;
  /** That wait for somebody to approve them. */
  readonly waiting: number;
  readonly award: Award;
}

export interface RuleGain {
  readonly rule: string;
  readonly name?: { readonly en: string; readonly zh: string };
  readonly currency: string;
  /** In the smallest unit of the currency. */
  readonly points: number;
  /** Before limits, budgets and other rules left less; absent where they did not. */
  readonly wished?: number;
  /** Points that somebody has to approve first. */
  readonly waiting?: number;
  /** From when on they can be spent; absent where that is when the order is completed. */
  readonly availableAt?: string;
  readonly expiresAt?: string;
  /** The order is not enough: it must be completed. */
  readonly onCompletion?: true;
  readonly effects?: readonly { readonly kind: string; readonly ref: string; readonly quantity: number }[];
  readonly en: readonly string[];
  readonly zh: readonly string[];
}

const kindOf = ({ inputs }: RatingMade): CauseKind => {
  if (inputs === undefined) return 'order';
  return isPackedWindow(inputs) ? 'window' : isPackedActivity(inputs) ? 'activity' : 'order';
};

/** What ratings say more than those that stand. */
export async function gainsOf<Sql>(source: Known<Sql>, made: readonly RatingMade[]): Promise<readonly Gain[]> {
  const streamOf = (each: RatingMade): string =>
    ratingStream(memberKey(each.program, each.member), each.cause.source, kindOf(each), each.cause.id);
  const standing = await unwritten(source).tx.lastOf(made.map(streamOf));
  return made.flatMap((each) => {
    const last = standing.get(streamOf(each));
    const before = new Map(last && lastRating(last).made.awards.map((award) => [award.awardId, award]));
    return each.awards.flatMap((award): readonly Gain[] => {
      const points = award.target - (before.get(award.awardId)?.target ?? 0);
      const waiting = pending(award) - pending(before.get(award.awardId));
      if (points === 0 && waiting === 0) return [];
      return [{ rule: award.ruleId, currency: award.currency, points, waiting, award }];
    });
  });
}

const pending = (award: Award | undefined): number => (award?.approval === undefined ? 0 : waitingOf(award.approval));

/** Rule by rule, as the document has them; rules for activities are not asked. */
export async function ruleGains<Sql>(
  source: Known<Sql>,
  program: CompiledProgram,
  { made, cart }: Rated,
  { trace }: Pick<Rating, 'trace'>,
  gains: readonly Gain[],
): Promise<readonly RuleGain[]> {
  const own = new Map(rulesInWords(program, trace).words.map((words) => [words.rule, words]));
  const others = new Map<string, RuleInWords>();
  for (const each of made) {
    if (each === cart) continue;
    const compiled = await programOfRating(source, each.program, each);
    for (const words of rulesInWords(compiled, rateAgain(compiled, each).rating.trace).words)
      if (gains.some(({ rule, award }) => rule === words.rule && isOf(each, award))) others.set(words.rule, words);
  }
  const silent = new Set(trace.rules.flatMap(({ rule, why }) => (why === 'other-kind' ? [rule] : [])));
  return program.document.rules
    .filter(({ id }) => !silent.has(id) || others.has(id))
    .map(({ id, name, currency }): RuleGain => {
      const compiled = program.rules.find((rule) => rule.id === id);
      const mine = gains.filter(({ rule }) => rule === id);
      const waiting = mine.reduce((sum, gain) => sum + gain.waiting, 0);
      const award = mine.at(-1)?.award ?? cart.awards.find(({ ruleId }) => ruleId === id);
      const effects = cart.effects?.filter(({ ruleId, target }) => ruleId === id && target > 0) ?? [];
      const told = [own.get(id), others.get(id)].filter((words) => words !== undefined);
      return {
        rule: id,
        ...(name === undefined ? {} : { name }),
        currency,
        points: mine.reduce((sum, gain) => sum + gain.points, 0),
        ...(award?.wished === undefined ? {} : { wished: award.wished }),
        ...(waiting === 0 ? {} : { waiting }),
        ...(award === undefined ? {} : validityOf(award, compiled?.onCompletion === true)),
        ...(effects.length === 0
          ? {}
          : { effects: effects.map(({ kind, ref, target: quantity }) => ({ kind, ref, quantity })) }),
        en: told.flatMap((words) => words.en),
        zh: told.flatMap((words) => words.zh),
      };
    });
}

/** What counts from the completion of the order is not known before it. */
const validityOf = (
  { availableAt, expiresAt }: Award,
  onCompletion: boolean,
): Pick<RuleGain, 'availableAt' | 'expiresAt' | 'onCompletion'> =>
  onCompletion
    ? { onCompletion: true }
    : { availableAt: instant(availableAt), ...(expiresAt === undefined ? {} : { expiresAt: instant(expiresAt) }) };

const isOf = (made: RatingMade, { awardId }: Award): boolean =>
  parseAwardId(awardId) !== undefined && made.awards.some((award) => award.awardId === awardId);
