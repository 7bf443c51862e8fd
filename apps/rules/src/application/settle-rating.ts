import type { Award, RatingMade } from '@jifen/contracts';
import type { EventMeta } from '@jifen/event-store';
import { dueOf, rate, type CompiledProgram, type OnceAward, type Rating, type RatingInput } from '@jifen/rules';
import type { BatchSession } from './batch-session.ts';
import type { LastRating } from './last-ratings.ts';
import { rateFunded } from './budget/rate-funded.ts';
import { headAgain, inputAgain, inputsOf, isPackedActivity, ratingMade, type RatingHead } from './make-rating.ts';
import { ratingStream } from './rating-stream.ts';

/** A cause that is rated, and its last rating. */
export interface RatedCause {
  readonly owner: string;
  readonly partition: number;
  readonly meta: EventMeta;
  readonly head: RatingHead;
  readonly last: LastRating | undefined;
}

export interface Settling {
  readonly program: CompiledProgram;
  readonly input: RatingInput;
  readonly rating: Rating;
  /** Nothing is appended when the last rating says the same. */
  readonly ifChanged?: boolean;
}

export const rateAndSettle = async <Sql>(
  session: BatchSession<Sql>,
  cause: RatedCause,
  program: CompiledProgram,
  input: RatingInput,
): Promise<void> =>
  settle(session, cause, { program, input, rating: await rateFunded(session, cause, program, input) });

/**
 * Appends a rating, and those that follow from it: what a rule pays once belongs to the first activity that qualifies. Where
 * this one decided it and no longer qualifies, the next one does; only when there is none is it taken back.
 */
export async function settle<Sql>(
  session: BatchSession<Sql>,
  cause: RatedCause,
  { program, input, rating, ifChanged = false }: Settling,
): Promise<void> {
  const { owner, partition, meta, head, last } = cause;
  const stream = ratingStream(owner, input.source, input.kind, input.id);
  const { heirs, ofOthers } =
    input.kind === 'activity' ? await settleOnce(session, owner, program, input, rating) : NONE;
  const made = ratingMade(head, session.nextRevision(partition), last && without(ofOthers, last.made), {
    program,
    input,
    rating,
    inputs: inputsOf(program, input, rating),
  });
  if (!ifChanged || last === undefined || !saysTheSame(last.made, made))
    await session.append(stream, partition, (last?.version ?? 0) + 1, made, meta);
  for (const { source, id } of heirs) await rateOnceAgain(session, cause, ratingStream(owner, source, 'activity', id));
}

interface OnceSettled {
  /** Activities that decide rules from now on in this one's place. */
  readonly heirs: readonly OnceAward[];
  /** Rules that pay once, for another activity than this one and without it. */
  readonly ofOthers: ReadonlySet<string>;
}

const NONE: OnceSettled = { heirs: [], ofOthers: new Set() };

/** Notes what decides the rules that pay once. */
async function settleOnce<Sql>(
  session: BatchSession<Sql>,
  owner: string,
  program: CompiledProgram,
  { source, id }: RatingInput,
  rating: Rating,
): Promise<OnceSettled> {
  const decided = Object.entries(await session.once.of(owner, program));
  session.once.set(owner, rating.once);
  const heirs: OnceAward[] = [];
  const ofOthers = new Set<string>();
  for (const [rule, award] of decided) {
    if (rating.once[rule] !== undefined) continue;
    const own = award.source === source && award.id === id;
    const heir = own ? await firstOf(session, owner, rule, ratingStream(owner, source, 'activity', id)) : undefined;
    if (heir !== undefined) {
      session.once.set(owner, { [rule]: heir });
      heirs.push(heir);
    } else if (own) session.once.drop(owner, rule, award);
    if (!own || heir !== undefined) ofOthers.add(rule);
  }
  return { heirs, ofOthers };
}

/** Of the member's other activities, the first that a rule lets through by its last rating. */
async function firstOf<Sql>(
  session: BatchSession<Sql>,
  owner: string,
  rule: string,
  except: string,
): Promise<OnceAward | undefined> {
  let first: OnceAward | undefined;
  for await (const [stream, { made }] of session.ratings.causesOf(owner)) {
    const named = made.awards.some((award) => award.ruleId === rule && dueOf(award) > 0);
    if (!named || stream === except || made.inputs === undefined || !isPackedActivity(made.inputs)) continue;
    const program = await session.programOf(made);
    const once = first === undefined ? {} : { [rule]: first };
    first = rate(program, inputAgain(program, made, { once })).once[rule] ?? first;
  }
  return first;
}

async function rateOnceAgain<Sql>(session: BatchSession<Sql>, cause: RatedCause, stream: string): Promise<void> {
  await session.ratings.need([stream]);
  const last = session.ratings.of(stream);
  if (last === undefined) throw new Error(`no rating of ${stream}`);
  const { made } = last;
  const program = await session.programOf(made);
  const once = await session.once.of(cause.owner, program);
  await rateAndSettle(session, { ...cause, head: headAgain(made), last }, program, inputAgain(program, made, { once }));
}

/** A rating without what rules gave: another cause says that. */
export function without(rules: ReadonlySet<string>, made: RatingMade): RatingMade {
  if (rules.size === 0) return made;
  const { awards, effects, ...rest } = made;
  const kept = effects?.filter(({ ruleId }) => !rules.has(ruleId));
  return {
    ...rest,
    awards: awards.filter(({ ruleId }) => !rules.has(ruleId)),
    ...(kept === undefined ? {} : { effects: kept }),
  };
}

/** What was taken of the member's other causes counts too: the length of a run is told, though it pays as much as another. */
const saysTheSame = (last: RatingMade, made: RatingMade): boolean =>
  said(last.awards) === said(made.awards) &&
  said(last.effects ?? []) === said(made.effects ?? []) &&
  JSON.stringify(last.inputs?.['k']) === JSON.stringify(made.inputs?.['k']);

/** What was decided about an award is no difference: it is applied to whatever is due. */
const said = (due: readonly (Pick<Award, 'revision' | 'target'> & Partial<Pick<Award, 'approval'>>)[]): string =>
  JSON.stringify(due.map(({ approval, ...each }) => ({ ...each, revision: 0, target: approval?.due ?? each.target })));
