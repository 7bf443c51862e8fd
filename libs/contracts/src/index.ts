export type { ActivityRecorded } from './activity-recorded/type.ts';
export type { Activity } from './activity/type.ts';
export type {
  Balance,
  CarriedHold,
  CarriedLot,
  Cause,
  CommandMade,
  LedgerEntry,
  LotMovement,
  Origin,
  TransferMade,
} from './ledger-entry/type.ts';
export type { MemberUpdated } from './member-updated/type.ts';
export type { MemberProfile } from './member/type.ts';
export type { OrderRecorded, RecordedOrder } from './order-recorded/type.ts';
export type { OrderRefund } from './order-refund/type.ts';
export type { Order } from './order/type.ts';
export type {
  EarnBasis,
  EarnRule,
  ExpiryPolicy,
  FixedEarn,
  HoldPolicy,
  Ladder,
  Limit,
  LineFilter,
  LocalText,
  MultiplierEarn,
  Period,
  PointCurrency,
  PointValue,
  ProgramDocument,
  RateEarn,
  RedemptionPolicy,
  SharedLimit,
  StreakEarn,
  TargetEarn,
  Tier,
  TransferLimit,
  TransferPolicy,
} from './program/type.ts';
export type { ProgramPublished } from './program-published/type.ts';
export type {
  Case as ProgramTestCase,
  Expectation as ProgramTestExpectation,
  ProgramTest,
  Step as ProgramTestStep,
} from './program-test/type.ts';
export type { Award, RatingMade } from './rating-made/type.ts';
export type { TierChanged, TierSince } from './tier-changed/type.ts';
export * from './async-api.ts';
export * from './channels.ts';
export { EXAMPLES, type Example } from './examples.ts';
export * from './validators.ts';
export * from './problem.ts';
export * from './problem-help.ts';
export * from './token.ts';
