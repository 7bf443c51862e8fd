export { approvalOf, decideApproval, dueOf, granted, rejectedAmong, waitingOf, type Ruling } from './award/approval.ts';
export { causeAwardId, MAX_AWARD_ID, onceAwardId, parseAwardId } from './award/award-id.ts';
export { withEarlierEffects, type DueEffect } from './award/effects.ts';
export { budgetBucket, windowBucket, type Budgets, type CompiledBudget } from './budget/compile-budget.ts';
export { orderRevenue, packFunding, revenueOf, type Funds, type Held, type PackedFunding } from './budget/funding.ts';
export { compileProgram, type CompiledProgram } from './compile.ts';
export { apartAs, together, valueOfBucket, valuesIn, type Counted } from './each.ts';
export type { OnceAward } from './earn/once.ts';
export { factsAt, withFacts, type Data, type Facts, type FactsSince } from './facts.ts';
export { explainApproval } from './explain/approval-words.ts';
export { explain, type RuleExplanation } from './explain/explain.ts';
export type { Language } from './explain/sentence.ts';
export { shortfalls, shortfallWords, untold, type Shortfall } from './explain/shortfall.ts';
export {
  packActivity,
  packOrder,
  packWindow,
  unpackOrder,
  unpackWindow,
  usedFacts,
  type PackedActivity,
  type PackedOrder,
  type PackedWindow,
} from './inputs.ts';
export { orderInstant, ratedOrder, type RatedOrder } from './order/rated-order.ts';
export { allowed } from './point-value.ts';
export { rate, withEarlier, type RatedAward, type Rating, type RatingInput } from './rate.ts';
export {
  REFERRAL_ACCEPTED,
  REFERRAL_QUALIFIED,
  REFERRAL_REGISTERED,
  REFERRAL_WITHDRAWN,
  type ReferralData,
} from './referral/referral-activity.ts';
export {
  decide,
  isEarlier,
  placeOfCause,
  refusedReferrer,
  verdictOf,
  type Decision,
  type RefereeCause,
  type Referral,
  type RefusedReferrer,
  type Registration,
  type Verdict,
} from './referral/referral.ts';
export { tierAt } from './tier-timeline.ts';
export { REASONS, traceText, type Reason, type RuleTrace, type Step, type Trace } from './trace.ts';
export { LIMITS, validateProgram } from './validate-program.ts';
export { enrolmentBucket, isRolling, targetBucket } from './window/buckets.ts';
export { type TargetRule, type WindowUse } from './window/compile-window.ts';
export { comparePlaces, isEmpty, type Entry, type Past, type Place } from './window/entry.ts';
export { goalsOf, type Enrolment, type Goal } from './window/goals.ts';
export { History, type WindowSum } from './window/history.ts';
export { dayNumber, windowAt, windowKeys, type Window } from './window/period.ts';
export { passes } from './window/target.ts';
export { bucketsAt, bucketsOf, Totals, type Total } from './window/totals.ts';
export { diffLines } from './diff/diff-lines.ts';
export { diffPrograms, isSame, type ProgramDiff, type RuleChange } from './diff/diff-programs.ts';
export type { FieldChange } from './diff/diff-values.ts';
export { earliestStart, pin } from './window/pin.ts';
