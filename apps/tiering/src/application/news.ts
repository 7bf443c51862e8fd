import type { TierChanged, TierKept, TierNearUpgrade, TierWillDowngrade } from '@jifen/contracts';
import { assert, instantToMillis, present, type Instant } from '@jifen/kernel';
import {
  BEGINNING,
  nextTier,
  placeOf,
  sameTimeline,
  type Ladder,
  type Outlook,
  type Position,
  type Verdict,
} from '@jifen/tiering';
import type { LadderVersion, StandingRow } from './ports.ts';
import type { Look } from './settle.ts';

/** What the contract allows a timeline to hold; more means that contributions are not what they should be. */
const MAX_TIMELINE = 1_000;

export type News = readonly [type: string, data: object, effectiveAt: Instant];

/**
 * What has to be told, in the order it came about: tiers kept at reviews since the last look; that the timeline says something
 * else now; that the next tier is near; that a lower one is to come. Nobody needs to be told that a newcomer stands on the
 * first step, nor of reviews that were over before anything was known of the member.
 */
export function newsOf(
  look: Look,
  version: LadderVersion,
  ladder: Ladder,
  told: { readonly near: string | undefined; readonly warning: Outlook | undefined },
): readonly News[] {
  const { before, position } = look;
  const news: News[] = [];
  const settledAt = before?.settledAt;
  if (settledAt !== undefined)
    for (const verdict of position.verdicts)
      if (verdict.kept && verdict.decidedAt > settledAt) news.push(keptOf(look, version, ladder, verdict));
  if (isNews(before, position)) news.push(changedOf(look, version, ladder));
  if (told.near !== undefined && told.near !== before?.near) news.push(nearOf(look, version, ladder));
  if (told.warning !== undefined) news.push(willDowngradeOf(look, version, ladder, told.warning));
  return news;
}

/** Who was told of nothing yet stands on the first step as far as anybody knows. */
const isNews = (before: StandingRow | undefined, { timeline }: Position): boolean =>
  before !== undefined && before.version > 0 ? !sameTimeline(before.timeline, timeline) : timeline.length > 1;

/**
 * The tier that the member is near to; once told it stays so until another is the next one, or until the window begins to
 * count from nothing.
 */
export function nearTo(
  ladder: Ladder | undefined,
  { shown, counted, windowStart }: Position,
  told: string | undefined,
): string | undefined {
  if (ladder?.nearUpgrade === undefined) return told;
  const next = nextTier(ladder, shown, counted);
  if (next === undefined) return undefined;
  const beginsAnew = ladder.window !== undefined && !('months' in ladder.window);
  const mark = beginsAnew ? `${next.tier.code} ${windowStart ?? ''}` : next.tier.code;
  return (next.missing > 0 && next.missing <= ladder.nearUpgrade) || mark === told ? mark : undefined;
}

const tierOf = ({ timeline }: Position): string => present(timeline.at(-1), 'the last entry').tier;

function keptOf({ place, position }: Look, { version }: LadderVersion, { basis }: Ladder, verdict: Verdict): News {
  const { tier, reviewedAt, decidedAt, qualifying, keep } = verdict;
  const next = position.outlook?.reviewedAt;
  const data: TierKept = {
    ...{ program: place.program, member: place.member, tier, reviewedAt, basis, qualifying, keep },
    ...(next === undefined ? {} : { nextReviewAt: next }),
    programVersion: version,
  };
  return ['tier.kept', data, decidedAt];
}

function nearOf({ place, position, occasion }: Look, { version }: LadderVersion, ladder: Ladder): News {
  const { tier: next, missing } = present(nextTier(ladder, position.shown, position.counted), 'the next tier');
  const data: TierNearUpgrade = {
    program: place.program,
    member: place.member,
    tier: tierOf(position),
    next: next.code,
    threshold: next.threshold,
    lifetimePoints: position.lifetime,
    basis: ladder.basis,
    qualifying: position.counted,
    missing,
    programVersion: version,
  };
  return ['tier.near-upgrade', data, occasion.occurredAt];
}

function willDowngradeOf(
  { place, position, occasion }: Look,
  { version }: LadderVersion,
  { basis }: Ladder,
  { projected, decidedAt, qualifying, keep, missing }: Outlook,
): News {
  const { program, member } = place;
  const data: TierWillDowngrade = {
    ...{ program, member, tier: tierOf(position), to: projected, at: decidedAt },
    ...{ basis, qualifying, keep, missing, programVersion: version },
  };
  return ['tier.will-downgrade', data, occasion.occurredAt];
}

function changedOf({ place, before, position, occasion }: Look, version: LadderVersion, ladder: Ladder): News {
  const { timeline, lifetime, counted } = position;
  assert(timeline.length <= MAX_TIMELINE, `the timeline of ${place.owner} has ${timeline.length} entries`);
  const { tier, since } = present(timeline.at(-1), 'the last entry');
  const previous = before?.timeline.at(-1)?.tier;
  const change = directionOf(ladder, previous ?? ladder.tiers[0]?.code, tier);
  const data: TierChanged = {
    program: place.program,
    member: place.member,
    tier,
    since,
    ...(previous === undefined || previous === tier ? {} : { previous }),
    ...(change === undefined ? {} : { change }),
    reason: reasonOf(ladder, before, position),
    lifetimePoints: lifetime,
    basis: ladder.basis,
    qualifying: counted,
    programVersion: version.version,
    timeline: timeline.map((entry) => ({ ...entry })),
  };
  return ['tier.changed', data, since === BEGINNING ? occasion.occurredAt : since];
}

function directionOf(ladder: Ladder, from: string | undefined, to: string): string | undefined {
  const [was, is] = [placeOf(ladder, from), placeOf(ladder, to)];
  return was < 0 || was === is ? undefined : was < is ? 'upgraded' : 'downgraded';
}

/** What made the last entry; where it is not a new one, what was known of the past has changed. */
function reasonOf(ladder: Ladder, before: StandingRow | undefined, { timeline, verdicts, turns }: Position): string {
  const { since } = present(timeline.at(-1), 'the last entry');
  const known = before?.timeline.at(-1)?.since ?? BEGINNING;
  if (since <= known) return 'correction';
  if (turns.includes(since)) return 'manual';
  const from = instantToMillis(since) + 1;
  if (verdicts.some(({ decidedAt, kept }) => !kept && instantToMillis(decidedAt) === from)) return 'review';
  return ladder.before !== undefined && instantToMillis(ladder.before.until) === from ? 'program' : 'earned';
}
