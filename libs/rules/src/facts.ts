import type { MemberUpdated } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';

export type Facts = MemberUpdated['facts'];
export type Scalar = string | number | boolean;
export type Data = Readonly<Record<string, Scalar | null>>;

/** A set of facts and the instant that it holds from. */
export interface FactsSince {
  readonly since: Instant;
  readonly facts: Facts;
}

/** Sets of a member that are kept; of more the oldest go first. */
const MAX_FACT_SETS = 100;

/**
 * The facts that count at an instant: what was known of the member then. What is learned or corrected later never reaches
 * back, so that nobody doubles an old order by changing a birthday.
 */
export const factsAt = (timeline: readonly FactsSince[], at: Instant): Facts | undefined =>
  timeline.findLast(({ since }) => since <= at)?.facts;

/** The timeline with one more set; the later of two with the same instant replaces the earlier. */
export function withFacts(timeline: readonly FactsSince[], added: FactsSince): readonly FactsSince[] {
  const before = timeline.filter(({ since }) => since < added.since);
  const after = timeline.filter(({ since }) => since > added.since);
  return [...before, added, ...after].slice(-MAX_FACT_SETS);
}

/** The texts of a fact that is a list; a single text is a list of one. */
export const textsOf = (value: Facts[string] | undefined): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
