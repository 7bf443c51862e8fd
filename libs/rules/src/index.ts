export { causeAwardId, MAX_AWARD_ID, onceAwardId, parseAwardId, type AwardIdParts } from './award-id.ts';
export { compileProgram, type CompiledProgram } from './compile.ts';
export { explain, type Explanation, type Language, type RuleExplanation } from './explain.ts';
export { packActivity, packOrder, unpackOrder, type PackedActivity, type PackedOrder } from './inputs.ts';
export { rate, withEarlier, type OnceAward, type RatedAward, type Rating, type RatingInput } from './rate.ts';
export { orderInstant, ratedOrder, type RatedLine, type RatedOrder } from './rated-order.ts';
export { tierAt } from './tier-timeline.ts';
export { REASONS, traceText, type Reason, type RuleTrace, type Step, type Trace } from './trace.ts';
export { LIMITS, validateProgram, type ProgramValidation } from './validate-program.ts';
