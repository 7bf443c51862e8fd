import type { Problem, RatingMade } from '@jifen/contracts';
import { decideAgain, type EventMeta, type EventStore, type Transaction } from '@jifen/event-store';
import { accept, instantFromMillis, memberKey, partitionOf, present, refuse, type Outcome } from '@jifen/kernel';
import { decideApproval, onceAwardId, parseAwardId, type Ruling } from '@jifen/rules';
import { BatchSession, type RateParts } from '../batch-session.ts';
import type { LastRating } from '../last-ratings.ts';
import { headAgain, inputAgain, isPackedWindow } from '../make-rating.ts';
import type { ApprovalRow } from '../ports.ts';
import { ratingStream } from '../rating-stream.ts';
import { without } from '../settle-rating.ts';
import { rateInWindows } from '../window/rate-in-windows.ts';
import { givesBack } from './rejected-of.ts';

/** What somebody says about an award; when is the clock's to say. */
export interface AwardRuling extends Omit<Ruling, 'at'> {
  readonly awardId: string;
}

/** `changed`: false where it held already, and nothing was written. */
export interface Ruled {
  readonly changed: boolean;
  readonly row: ApprovalRow;
  /** Place of the rating that it made. */
  readonly place?: { readonly partition: number; readonly position: number };
}

export type RulingAnswer = Outcome<Ruled, Problem>;

export interface DecideParts<Sql> extends RateParts<Sql> {
  /** The rating log. */
  readonly store: EventStore<Sql>;
}

/**
 * Approves and rejects awards, each partition in a transaction of its own under its row, as the consumer writes it: whoever owns
 * the partition, neither can overlook the other. One that is refused leaves the others as they are; the same ruling again,
 * also after a crash, changes nothing. Answers stand in the order of the rulings.
 */
export async function decideAwards<Sql>(
  parts: DecideParts<Sql>,
  {
    program,
    rulings,
    meta,
  }: { readonly program: string; readonly rulings: readonly AwardRuling[]; readonly meta: EventMeta },
): Promise<readonly RulingAnswer[]> {
  const answers: RulingAnswer[] = rulings.map((ruling) => refuse(unfit(ruling) ?? unknownAward(ruling.awardId)));
  const byPartition = new Map<number, number[]>();
  for (const [index, ruling] of rulings.entries()) {
    const parsed = parseAwardId(ruling.awardId);
    if (parsed === undefined || unfit(ruling) !== undefined) continue;
    const partition = partitionOf(memberKey(program, parsed.member), parts.store.partitions);
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), index]);
  }
  for (const [partition, indices] of byPartition) {
    const own = indices.map((index) => present(rulings[index], 'a ruling'));
    // What landed unseen is found as it is.
    const ruled = await decideAgain(() =>
      parts.store.transact({ partitions: [partition] }, (tx) =>
        ruleInOrder(tx, parts, { program, partition, rulings: own, meta }),
      ),
    );
    for (const [place, index] of indices.entries()) answers[index] = present(ruled[place], 'an answer');
  }
  return answers;
}

interface Rulings {
  readonly program: string;
  readonly partition: number;
  readonly rulings: readonly AwardRuling[];
  readonly meta: EventMeta;
}

async function ruleInOrder<Sql>(
  tx: Transaction<Sql>,
  parts: RateParts<Sql>,
  { program, partition, rulings, meta }: Rulings,
): Promise<readonly RulingAnswer[]> {
  const session = await BatchSession.open(tx, parts, [], [partition]);
  const places = rulings.map(({ awardId: award }) => {
    const { member } = present(parseAwardId(award), 'an award id');
    return { owner: memberKey(program, member), award };
  });
  await session.approvals.need(places);
  const rows = places.flatMap((place) => session.approvals.row(place) ?? []);
  await session.ratings.need([...new Set(rows.map(({ stream }) => stream))]);
  const parked = await tx.parkedAmong([...new Set(places.map(({ owner }) => owner))]);
  const answers: RulingAnswer[] = [];
  for (const [index, ruling] of rulings.entries()) {
    const place = present(places[index], 'a place');
    const row = session.approvals.row(place);
    if (row === undefined) answers.push(refuse(unknownAward(ruling.awardId)));
    else if (parked.has(place.owner)) answers.push(refuse(PARKED));
    else answers.push(await rule(session, row, ruling, { partition, meta }));
  }
  await session.save();
  return answers;
}

function unfit({ verdict, points }: AwardRuling): Problem | undefined {
  if (verdict === 'reject' || points > 0) return undefined;
  const errors = [{ pointer: '/points', message: 'must be at least 1: to give nothing, reject it' }];
  return { code: 'invalid_request', detail: 'an approval of nothing is none', errors };
}

const unknownAward = (awardId: string): Problem => ({
  code: 'unknown_award',
  detail: `no award ${awardId} was ever due for approval`,
});

const PARKED: Problem = {
  code: 'member_parked',
  detail: 'messages of the member wait to be redriven: decide again when somebody has looked',
};

async function rule<Sql>(
  session: BatchSession<Sql>,
  row: ApprovalRow,
  { awardId, ...ruling }: AwardRuling,
  { partition, meta }: { readonly partition: number; readonly meta: EventMeta },
): Promise<RulingAnswer> {
  const at = instantFromMillis(session.tx.now);
  const decided = decideApproval(row.approval, { ...ruling, at });
  if (!decided.ok) return refuse(decidedOtherwise(awardId, row));
  if (decided.value === undefined) return accept({ changed: false, row });
  session.approvals.set({ ...row, approval: decided.value });
  const stream = await streamOf(session, row);
  await session.ratings.need([stream]);
  const last = present(session.ratings.of(stream), `a rating of ${stream}`);
  const posting: Posting = { owner: row.owner, stream, last, partition, meta };
  const again = ruling.verdict === 'reject' && (await rateWithout(session, posting, row.rule));
  const position = again === false ? await postAgain(session, posting) : again;
  return accept({
    changed: true,
    row: present(session.approvals.row(row), 'a row that was set'),
    place: { partition, position },
  });
}

/** Stream whose last rating names the award: what pays once is named by the activity that decides it, whoever named it last. */
async function streamOf<Sql>(session: BatchSession<Sql>, { owner, rule, award, stream }: ApprovalRow): Promise<string> {
  const { source, cause } = present(parseAwardId(award), 'an award id');
  const decider = source === 'w' && cause === 'once' ? await session.once.deciderOf(owner, rule) : undefined;
  return decider === undefined ? stream : ratingStream(owner, decider.source, 'activity', decider.id);
}

interface Posting {
  readonly owner: string;
  readonly stream: string;
  readonly last: LastRating;
  readonly partition: number;
  readonly meta: EventMeta;
}

/** The last rating of the award's cause, said again: what it is worth is as it was, what is granted of it is not. */
async function postAgain<Sql>(
  session: BatchSession<Sql>,
  { owner, stream, last: { made: whole, version }, partition, meta }: Posting,
): Promise<number> {
  const last = without(await decidedByOthers(session, owner, stream, whole), whole);
  const revision = session.nextRevision(partition);
  const isWindow = last.inputs !== undefined && isPackedWindow(last.inputs);
  const made: RatingMade = {
    ...last,
    // Of what Jifen tells, the revision says which telling it was.
    cause: isWindow ? { ...last.cause, revision: version + 1 } : last.cause,
    awards: last.awards.map((award) => ({ ...award, revision })),
    ...(last.effects === undefined ? {} : { effects: last.effects.map((effect) => ({ ...effect, revision })) }),
  };
  await session.append(stream, partition, version + 1, made, meta);
  return revision;
}

/**
 * What was rejected counts in no limit of the member any more: the cause is rated again in its place, and whatever came after it.
 * `false` where no limit counts it, and nothing was rated.
 */
async function rateWithout<Sql>(
  session: BatchSession<Sql>,
  { owner, last, partition, meta }: Posting,
  rule: string,
): Promise<number | false> {
  const { made } = last;
  if (made.programVersion === 0) return false;
  const program = await session.programOf(made);
  if (!program.rules.some((each) => each.id === rule && givesBack(each))) return false;
  const input = inputAgain(program, made, { once: await session.once.of(owner, program) });
  if (input.kind !== 'order' && input.kind !== 'activity') return false;
  const position = session.nextRevision(partition);
  const cause = { owner, partition, meta, head: headAgain(made), last };
  await rateInWindows(session, { ...cause, program, input, before: program });
  return position;
}

/** Rules that pay once and that another activity decides since the rating was made: that one's rating says what they give. */
async function decidedByOthers<Sql>(
  session: BatchSession<Sql>,
  owner: string,
  stream: string,
  { member, awards }: RatingMade,
): Promise<ReadonlySet<string>> {
  const others = new Set<string>();
  for (const { awardId, ruleId } of awards) {
    if (awardId !== onceAwardId(member, ruleId)) continue;
    const decider = await session.once.deciderOf(owner, ruleId);
    if (decider !== undefined && ratingStream(owner, decider.source, 'activity', decider.id) !== stream)
      others.add(ruleId);
  }
  return others;
}

function decidedOtherwise(awardId: string, { approval }: ApprovalRow): Problem {
  const { state, due, approved, decision } = approval;
  const who = decision === undefined ? {} : { verdict: decision.verdict, actor: decision.actor, at: decision.at };
  return {
    code: 'already_decided',
    detail: `award ${awardId} is ${state}, approved up to ${approved}`,
    figures: { state, due, approved, ...who },
  };
}
