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
export type { MemberStanding } from './member-standing/type.ts';
export type { MemberUpdated } from './member-updated/type.ts';
export type { MemberProfile } from './member/type.ts';
export type { OrderRecorded, RecordedOrder } from './order-recorded/type.ts';
export type { OrderRefund } from './order-refund/type.ts';
export type { Order } from './order/type.ts';
export type {
  Anniversary,
  Arm,
  Audience,
  Birthday,
  Budget,
  BudgetPeriod,
  Condition,
  EarnBasis,
  EarnRule,
  Effect,
  ExchangeRates,
  Experiment,
  HolidayList,
  ExpiryPolicy,
  FixedEarn,
  HoldPolicy,
  Ladder,
  Limit,
  LineFilter,
  LinesTest,
  LineTest,
  ListTest,
  MemberTest,
  MoneyTest,
  LocalText,
  MultiplierEarn,
  NumberTest,
  OrderTest,
  Period,
  PointCurrency,
  PointValue,
  ProgramDocument,
  RateEarn,
  Schedule,
  RedemptionPolicy,
  SharedBudget,
  SharedLimit,
  StackingGroup,
  SteppedRateEarn,
  StreakEarn,
  TargetEarn,
  TextTest,
  Tier,
  Times,
  TransferLimit,
  TransferPolicy,
  ValueTest,
} from './program/type.ts';
export type { ProgramPublished } from './program-published/type.ts';
export type {
  Case as ProgramTestCase,
  Expectation as ProgramTestExpectation,
  ProgramTest,
  Step as ProgramTestStep,
} from './program-test/type.ts';
export type { Approval, Award, RatedEffect, RatingMade } from './rating-made/type.ts';
export type { MessageSent } from './message-sent/type.ts';
export type { TierAssigned } from './tier-assigned/type.ts';
export type { TierKept } from './tier-kept/type.ts';
export type { BalanceStated } from './balance-stated/type.ts';
export type { TierNearUpgrade } from './tier-near-upgrade/type.ts';
export type { TierChanged, TierSince } from './tier-changed/type.ts';
export type { TierWillDowngrade } from './tier-will-downgrade/type.ts';
export * from './async-api.ts';
export * from './channels.ts';
export { EXAMPLES, type Example } from './examples.ts';
export * from './validators.ts';
export * from './problem.ts';
export * from './problem-help.ts';
export * from './token.ts';
export { OWN_SOURCE } from './own-source.ts';
