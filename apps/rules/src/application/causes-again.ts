import type { Award, RatingMade } from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { instant, memberKey, type Instant } from '@jifen/kernel';
import { dueOf, History, rate, Totals, type CompiledProgram, type Entry, type OnceAward } from '@jifen/rules';
import { lastRating } from './last-ratings.ts';
import { inputAgain, isPackedActivity, isPackedWindow } from './make-rating.ts';
import { isFirst, onceAgain } from './once-again.ts';
import type { ProgramCatalog } from './program-catalog.ts';
import { ratingsOf } from './rating-stream.ts';
import { entryAgain } from './window/entry-again.ts';

/** Causes of a member read at a time, and how many of them an award is worked out from again. */
const PAGE = 500;
const MAX_CAUSES = 20_000;

export interface CausesParts<Sql> {
  /** The rating log. */
  readonly store: Pick<EventStore<unknown>, 'readStreams'>;
  readonly catalog: ProgramCatalog<Sql>;
  readonly sql: Sql;
}

/** An award that several causes make, worked out again from the last rating of each. */
export interface CausesAgain {
  /** How many orders and activities count for it. */
  readonly causes: number;
  /** Whether they make as much as the award is due. */
  readonly equal: boolean;
}

interface Cause {
  readonly made: RatingMade;
  readonly program: CompiledProgram;
}

/** Nothing for an award of one cause, or where the member has more causes than are looked at. */
export async function causesAgain<Sql>(
  parts: CausesParts<Sql>,
  program: CompiledProgram,
  made: RatingMade,
  award: Award,
): Promise<CausesAgain | undefined> {
  const isOnce = program.onceRules.has(award.ruleId) && made.inputs !== undefined && isPackedActivity(made.inputs);
  if (!isOnce && (made.inputs === undefined || !isPackedWindow(made.inputs))) return undefined;
  const causes = await causesOf(parts, made);
  if (causes === undefined) return undefined;
  return isOnce ? onceOf(causes, award) : windowOf(causes, program, made, award);
}

async function causesOf<Sql>(
  { store, catalog, sql }: CausesParts<Sql>,
  { program, member }: RatingMade,
): Promise<readonly Cause[] | undefined> {
  const prefix = ratingsOf(memberKey(program, member));
  const causes: Cause[] = [];
  for (let after: string | undefined; causes.length < MAX_CAUSES;) {
    const events = await store.readStreams(prefix, PAGE, after);
    for (const event of events) {
      const { made } = lastRating(event);
      if (made.programVersion === 0) continue;
      const at = instant(made.occurredAt);
      causes.push({ made, program: await catalog.effective(sql, program, made.programVersion, at) });
    }
    if (events.length < PAGE) return causes;
    after = events.at(-1)?.stream;
  }
  return undefined;
}

function onceOf(causes: readonly Cause[], award: Award): CausesAgain {
  const own = causes.flatMap(({ made, program }) => onceAgain(program, made)[award.ruleId] ?? []);
  let first: OnceAward | undefined;
  for (const each of own) if (isFirst(each, first)) first = each;
  return { causes: own.length, equal: (first?.target ?? 0) === dueOf(award) };
}

function windowOf(causes: readonly Cause[], program: CompiledProgram, made: RatingMade, award: Award): CausesAgain {
  const input = inputAgain(program, made);
  if (input.kind !== 'window') throw new Error(`the rating of ${made.cause.id} is of no window`);
  const bucket = `${input.rule}/${input.window}`;
  const entries = causes.flatMap(({ made: each, program: own }): readonly Entry[] => {
    const entry = entryAgain(own, each)?.entry;
    return entry?.part.counts?.[bucket] === undefined ? [] : [entry];
  });
  const [start, end] = spanOf(causes, program, input.rule, input.end);
  const inside = entries.filter(({ at }) => at >= start && at < end);
  const { metric, earned } = new History(inside, new Totals()).sum(bucket, start, end);
  const again = rate(program, { ...input, metric, earned }).awards.find(({ ruleId }) => ruleId === award.ruleId);
  return { causes: inside.length, equal: (again === undefined ? 0 : dueOf(again)) === dueOf(award) };
}

const BEGINNING = '' as Instant;
const NEVER = '~' as Instant;

/** All of a calendar window counts in its own bucket; a challenge runs from the first time that the member joined it. */
function spanOf(
  causes: readonly Cause[],
  { windows }: CompiledProgram,
  rule: string,
  end: Instant | undefined,
): readonly [Instant, Instant] {
  const window = windows?.targets.find((target) => target.rule === rule)?.window;
  if (typeof window !== 'object') return [BEGINNING, NEVER];
  let start = NEVER;
  for (const { made } of causes) {
    const joins = made.inputs !== undefined && isPackedActivity(made.inputs) && made.inputs.a === window.enrolment;
    const at = instant(made.occurredAt);
    if (joins && at < start) start = at;
  }
  return [start, end ?? NEVER];
}
