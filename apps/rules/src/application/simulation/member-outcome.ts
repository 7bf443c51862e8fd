import type { TierSince } from '@jifen/contracts';
import type { StoredEvent } from '@jifen/event-store';
import { assert } from '@jifen/kernel';
import { envelopeOf, messageOfEvent, TOPIC_OF_LOG } from '@jifen/messaging';
import { dueOf, orderRevenue, ratedOrder, type FactsSince, type RatedOrder } from '@jifen/rules';
import { causeOf, type RulesItem } from '../cause.ts';
import type { Decode } from './decode.ts';
import type { MemoryRules, MemoryWorld } from '../memory/memory-rules.ts';

/** Messages of a flush, as live. */
const FLUSH = 250;

export interface StandingAward {
  readonly rule: string;
  readonly currency: string;
  readonly tier?: string | undefined;
  readonly target: number;
}

/** What a member has under one program. */
export interface Standing {
  readonly awards: readonly StandingAward[];
}

export interface MemberOutcome {
  readonly member: string;
  readonly candidate: Standing;
  readonly baseline: Standing;
  readonly causes: number;
  /** Kept of orders, in minor units of their currency. */
  readonly revenue: number;
}

export interface MemberInput {
  /** `program/member`. */
  readonly owner: string;
  readonly items: readonly RulesItem[];
  /** The standings that the member really had. */
  readonly timeline: readonly TierSince[];
  /** What was known of it, and since when. */
  readonly facts: readonly FactsSince[];
}

/** Rates all that a member did under two programs, each in a world of its own. */
export async function memberOutcome(
  programs: { readonly candidate: MemoryRules; readonly baseline: MemoryRules; readonly moneyCurrency: string },
  input: MemberInput,
): Promise<MemberOutcome> {
  // First the standings, so that nothing is rated twice for their sake.
  const items = [...knownItems(input), ...input.items];
  return {
    member: input.owner.slice(input.owner.indexOf('/') + 1),
    candidate: await standingOf(programs.candidate, items),
    baseline: await standingOf(programs.baseline, items),
    causes: new Set(input.items.flatMap((item) => (item.kind === 'tier' ? [] : [item.cause.stream]))).size,
    revenue: revenueOf(input.items, programs.moneyCurrency),
  };
}

async function standingOf(rules: MemoryRules, items: readonly RulesItem[]): Promise<Standing> {
  const world = rules.world();
  for (let start = 0; start < items.length; start += FLUSH) await world.deliver(items.slice(start, start + FLUSH));
  return standingIn(world);
}

/** The last word on each award; one that waits for approval counts as if it were approved. */
export async function standingIn(world: MemoryWorld): Promise<Standing> {
  const awards = new Map<string, StandingAward>();
  for (const made of await world.ratings())
    for (const award of made.awards) {
      const { awardId, ruleId: rule, currency } = award;
      awards.set(awardId, { rule, currency, target: dueOf(award), tier: made.tier });
    }
  return { awards: [...awards.values()] };
}

/** What is known of a member, as the service was told it. */
export function knownItems({ owner, timeline, facts }: Omit<MemberInput, 'items'>): readonly RulesItem[] {
  const [program = '', member = ''] = owner.split('/');
  const place = { owner, partition: 0, position: 1, meta: {} };
  const told = facts.map((known): RulesItem => {
    const event = { program, member, facts: { ...known.facts }, occurredAt: known.since };
    return { ...place, kind: 'member', event, cause: causeOf(owner, { kind: 'member', event }) };
  });
  const last = timeline.at(-1);
  if (last === undefined) return told;
  const event = { program, member, ...last, lifetimePoints: 0, programVersion: 1, timeline: [...timeline] };
  return [...told, { ...place, kind: 'tier', event }];
}

/** Events of the activity log as the consumer would get them; what it would lay aside as a dead letter is left out. */
export function itemsOf(events: readonly StoredEvent[], decode: Decode): readonly RulesItem[] {
  return events.flatMap((event) => {
    const message = messageOfEvent(event, TOPIC_OF_LOG.activity);
    const envelope = envelopeOf(message);
    assert(envelope.ok, 'an event of our own log has no envelope');
    const decoded = decode(message, envelope.value);
    return decoded.ok && decoded.value.kind !== 'news' ? [decoded.value] : [];
  });
}

/** The newest revision of each order counts, as far as it was paid and not given back. */
function revenueOf(items: readonly RulesItem[], currency: string): number {
  const newest = new Map<string, RatedOrder>();
  for (const item of items) if (item.kind === 'order') newest.set(item.cause.stream, ratedOrder(item.event.order));
  return [...newest.values()].reduce((sum, order) => sum + orderRevenue(order, currency), 0);
}
