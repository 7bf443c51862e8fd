import type { TierSince } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instant, type Instant } from '@jifen/kernel';
import {
  factsAt,
  ratedOrder,
  tierAt,
  usedFacts,
  withFacts,
  type CompiledProgram,
  type OnceAward,
  type RatingInput,
} from '@jifen/rules';
import { BatchSession, type BatchEnd, type RateParts } from './batch-session.ts';
import type { LastRating } from './last-ratings.ts';
import { headOf, type CauseItem, type RulesItem, type TierItem } from './cause.ts';
import { headAgain, inputAgain, ratingMade } from './make-rating.ts';
import { rateAndSettle, type RatedCause } from './settle-rating.ts';
import { rateInWindows } from './window/rate-in-windows.ts';

/** Rates what a flush brought, in its order; everything lands with the flush's transaction or not at all. */
export async function rateBatch<Sql>(
  tx: Transaction<Sql>,
  parts: RateParts<Sql>,
  items: readonly RulesItem[],
): Promise<BatchEnd> {
  const session = await BatchSession.open(tx, parts, items);
  const newest = newestStandings(items);
  for (const item of items) {
    if (item.kind !== 'tier') {
      await rateCause(session, item);
      if (session.referrals.concerns(item)) await session.referrals.note(item);
    } else if (newest.get(item.owner) === item) await changeTier(session, item);
  }
  return session.save();
}

/** A standing replaces every earlier one: of a member's in one flush only the last is worth rating again for. */
function newestStandings(items: readonly RulesItem[]): ReadonlyMap<string, TierItem> {
  const newest = new Map<string, TierItem>();
  for (const item of items) if (item.kind === 'tier') newest.set(item.owner, item);
  return newest;
}

async function rateCause<Sql>(session: BatchSession<Sql>, item: CauseItem): Promise<void> {
  const { owner, partition, meta } = item;
  const { stream } = item.cause;
  const last = session.ratings.of(stream);
  // Told twice, or after what replaced it.
  if (item.told !== undefined && last !== undefined && last.made.cause.revision >= item.told.revision) return;
  const version = (last?.version ?? 0) + 1;
  const head = headOf(item, version);
  if (item.kind === 'member') await changeFacts(session, item);
  const { program, windowed: isWindowed } = session.termsOf(item);
  if (program === undefined) {
    const made = ratingMade(head, session.nextRevision(partition), last?.made);
    await session.append(stream, partition, version, made, meta);
    return;
  }
  const once = item.kind === 'activity' ? await session.once.of(item.owner, program) : undefined;
  const input = inputOf(session, item, { program, last, once });
  const before = last === undefined || last.made.programVersion === 0 ? undefined : await session.programOf(last.made);
  const windowed = before?.windows !== undefined || isWindowed;
  if (windowed && input.kind !== 'member' && input.kind !== 'window') {
    const held = await session.effective(item.event.program, program.version, item.cause.at);
    await rateInWindows(session, { owner, partition, meta, head, program: held, input, last, before });
    return;
  }
  await rateAndSettle(session, { owner, partition, meta, head, last }, program, input);
}

interface Known {
  readonly program: CompiledProgram;
  readonly last: LastRating | undefined;
  readonly once: Readonly<Record<string, OnceAward>> | undefined;
}

function inputOf<Sql>(session: BatchSession<Sql>, item: CauseItem, { program, last, once }: Known): RatingInput {
  const { source, id, at } = item.cause;
  const facts = program.usesFacts ? factsAt(session.facts.of(item.owner), at) : undefined;
  const common = { member: item.event.member, source, id, facts };
  if (item.kind === 'member') return { ...common, kind: 'member' };
  const known = program.tierPolicy === 'as-known' ? last?.made.tier : undefined;
  const tier = program.usesTier ? (known ?? tierAt(session.tiers.of(item.owner), at, program)) : undefined;
  if (item.kind === 'order') return { ...common, kind: 'order', tier, order: ratedOrder(item.event.order) };
  const { type, data } = item.event;
  return { ...common, kind: 'activity', tier, type, at, data, once };
}

/**
 * What is known of the member changed, from an instant on: what happened after it and was rated before it became known is
 * rated again. What happened earlier keeps the facts of its time.
 */
async function changeFacts<Sql>(session: BatchSession<Sql>, item: CauseItem & { kind: 'member' }): Promise<void> {
  const { owner, event } = item;
  const since = instant(event.occurredAt);
  session.facts.set(owner, withFacts(session.facts.of(owner), { since, facts: event.facts }));
  if (!(await session.everUsesFacts(event.program))) return;
  for await (const [, last] of session.ratings.causesOf(owner))
    if (last.made.occurredAt >= since) await rateByFacts(session, item, last);
}

async function rateByFacts<Sql>(session: BatchSession<Sql>, item: CauseItem, last: LastRating): Promise<void> {
  const { made } = last;
  if (made.inputs === undefined) return;
  const program = await session.programOf(made);
  if (!program.usesFacts) return;
  const before = inputAgain(program, made);
  if (before.kind !== 'order' && before.kind !== 'activity') return;
  const facts = factsAt(session.facts.of(item.owner), instant(made.occurredAt));
  if (JSON.stringify(usedFacts(program, facts)) === JSON.stringify(usedFacts(program, before.facts))) return;
  await rateAnew(session, item, last, program, { ...before, facts });
}

/**
 * The member's standing became another: what was rated by a tier that turns out not to have been in force then is rated
 * again, from the inputs that its last rating kept. Effects only travel forward in time, so that it settles.
 */
async function changeTier<Sql>(session: BatchSession<Sql>, item: TierItem): Promise<void> {
  const { owner, event } = item;
  const from = firstDifference(session.tiers.of(owner), event.timeline);
  if (from === undefined) return;
  session.tiers.set(owner, event.timeline);
  for await (const [, last] of session.ratings.causesOf(owner))
    if (last.made.occurredAt > from) await rateByTier(session, item, last);
}

/** Instant up to which two timelines say the same; `undefined` when they are the same throughout. */
function firstDifference(before: readonly TierSince[], after: readonly TierSince[]): Instant | undefined {
  for (let place = 0; place < Math.max(before.length, after.length); place++) {
    const [a, b] = [before[place], after[place]];
    if (a?.tier === b?.tier && a?.since === b?.since) continue;
    const sinces = [a, b].flatMap((entry) => (entry === undefined ? [] : [instant(entry.since)]));
    return sinces.reduce((least, since) => (since < least ? since : least));
  }
  return undefined;
}

async function rateByTier<Sql>(session: BatchSession<Sql>, item: TierItem, last: LastRating): Promise<void> {
  const { made } = last;
  if (made.tier === undefined || made.inputs === undefined) return;
  const program = await session.programOf(made);
  if (program.tierPolicy === 'as-known') return;
  const tier = tierAt(session.tiers.of(item.owner), instant(made.occurredAt), program);
  if (tier === made.tier) return;
  await rateAnew(session, item, last, program, inputAgain(program, made, { tier }));
}

async function rateAnew<Sql>(
  session: BatchSession<Sql>,
  { owner, partition, meta }: Pick<RulesItem, 'owner' | 'partition' | 'meta'>,
  last: LastRating,
  program: CompiledProgram,
  input: RatingInput,
): Promise<void> {
  const cause: RatedCause = { owner, partition, meta, head: headAgain(last.made), last };
  const now = input.kind === 'activity' ? { ...input, once: await session.once.of(owner, program) } : input;
  if (program.windows !== undefined && (now.kind === 'order' || now.kind === 'activity'))
    await rateInWindows(session, { ...cause, program, input: now, before: program });
  else await rateAndSettle(session, cause, program, now);
}
