export type { Assignment, Span } from './assigned.ts';
export type { Outlook } from './course.ts';
export * from './facts.ts';
export * from './grant.ts';
export {
  countsPoints,
  ladderAt,
  nextTier,
  placeOf,
  sameSteps,
  stepOf,
  type Basis,
  type Ladder,
  type Review,
  type Window,
} from './ladder.ts';
export * from './milestone.ts';
export { ladderOf } from './parse-ladder.ts';
export * from './purchase.ts';
export * from './reference-ladder.ts';
export * from './standing.ts';
export { keepOf, type Benefit, type Tier } from './tier.ts';
export { BEGINNING, sameTimeline, tierAt, type TierSince, type Timeline } from './timeline.ts';
export type { Verdict } from './walk.ts';
