import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseInstant } from '@jifen/kernel';
import activityRecorded from './activity-recorded/schema.json' with { type: 'json' };
import type { ActivityRecorded } from './activity-recorded/type.ts';
import activity from './activity/schema.json' with { type: 'json' };
import type { Activity } from './activity/type.ts';
import ledgerEntry from './ledger-entry/schema.json' with { type: 'json' };
import type { LedgerEntry } from './ledger-entry/type.ts';
import messageSent from './message-sent/schema.json' with { type: 'json' };
import type { MessageSent } from './message-sent/type.ts';
import memberStanding from './member-standing/schema.json' with { type: 'json' };
import type { MemberStanding } from './member-standing/type.ts';
import memberUpdated from './member-updated/schema.json' with { type: 'json' };
import type { MemberUpdated } from './member-updated/type.ts';
import member from './member/schema.json' with { type: 'json' };
import type { MemberProfile } from './member/type.ts';
import orderRecorded from './order-recorded/schema.json' with { type: 'json' };
import type { OrderRecorded } from './order-recorded/type.ts';
import orderRefund from './order-refund/schema.json' with { type: 'json' };
import type { OrderRefund } from './order-refund/type.ts';
import order from './order/schema.json' with { type: 'json' };
import type { Order } from './order/type.ts';
import program from './program/schema.json' with { type: 'json' };
import type { ProgramDocument } from './program/type.ts';
import programPublished from './program-published/schema.json' with { type: 'json' };
import type { ProgramPublished } from './program-published/type.ts';
import programTest from './program-test/schema.json' with { type: 'json' };
import type { ProgramTest } from './program-test/type.ts';
import ratingMade from './rating-made/schema.json' with { type: 'json' };
import type { RatingMade } from './rating-made/type.ts';
import balanceStated from './balance-stated/schema.json' with { type: 'json' };
import type { BalanceStated } from './balance-stated/type.ts';
import tierNearUpgrade from './tier-near-upgrade/schema.json' with { type: 'json' };
import type { TierNearUpgrade } from './tier-near-upgrade/type.ts';
import tierKept from './tier-kept/schema.json' with { type: 'json' };
import type { TierKept } from './tier-kept/type.ts';
import tierWillDowngrade from './tier-will-downgrade/schema.json' with { type: 'json' };
import type { TierWillDowngrade } from './tier-will-downgrade/type.ts';
import tierAssigned from './tier-assigned/schema.json' with { type: 'json' };
import type { TierAssigned } from './tier-assigned/type.ts';
import tierChanged from './tier-changed/schema.json' with { type: 'json' };
import type { TierChanged } from './tier-changed/type.ts';

const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  discriminator: true,
});
ajv.addKeyword('x-zh');
ajv.addFormat('date-time', { type: 'string', validate: (text: string) => parseInstant(text) !== undefined });

/** A field that breaks its schema. `pointer` is a JSON pointer (RFC 6901) into the value. */
export interface Violation {
  readonly pointer: string;
  readonly message: string;
}

export type Validation<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly violations: readonly Violation[] };

const MAX_VIOLATIONS = 20;

const violation = (error: ErrorObject): Violation => {
  const params = error.params as Readonly<Record<string, unknown>>;
  const field =
    params['missingProperty'] ?? params['additionalProperty'] ?? params['propertyName'] ?? error.propertyName;
  const suffix = typeof field === 'string' ? `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return { pointer: error.instancePath + suffix, message: error.message ?? error.keyword };
};

const validator =
  <T>(validate: ValidateFunction) =>
  (value: unknown): Validation<T> =>
    validate(value)
      ? { ok: true, value: value as T }
      : { ok: false, violations: (validate.errors ?? []).slice(0, MAX_VIOLATIONS).map(violation) };

export const SCHEMAS = {
  order,
  'order-refund': orderRefund,
  activity,
  member,
  'order-recorded': orderRecorded,
  'activity-recorded': activityRecorded,
  'member-updated': memberUpdated,
  'member-standing': memberStanding,
  'rating-made': ratingMade,
  program,
  'program-test': programTest,
  'program-published': programPublished,
  'ledger-entry': ledgerEntry,
  'balance-stated': balanceStated,
  'tier-changed': tierChanged,
  'tier-near-upgrade': tierNearUpgrade,
  'tier-kept': tierKept,
  'tier-will-downgrade': tierWillDowngrade,
  'tier-assigned': tierAssigned,
  'message-sent': messageSent,
} as const;

/** Compiled once; each answers the value itself or where it breaks its schema (at most 20 places). */
export const validateOrder = validator<Order>(ajv.compile(order));
export const validateOrderRefund = validator<OrderRefund>(ajv.compile(orderRefund));
export const validateActivity = validator<Activity>(ajv.compile(activity));
export const validateMember = validator<MemberProfile>(ajv.compile(member));
export const validateOrderRecorded = validator<OrderRecorded>(ajv.compile(orderRecorded));
export const validateActivityRecorded = validator<ActivityRecorded>(ajv.compile(activityRecorded));
export const validateMemberUpdated = validator<MemberUpdated>(ajv.compile(memberUpdated));
export const validateMemberStanding = validator<MemberStanding>(ajv.compile(memberStanding));
export const validateRatingMade = validator<RatingMade>(ajv.compile(ratingMade));
export const validateProgramDocument = validator<ProgramDocument>(ajv.compile(program));
export const validateProgramTest = validator<ProgramTest>(ajv.compile(programTest));
export const validateProgramPublished = validator<ProgramPublished>(ajv.compile(programPublished));
export const validateLedgerEntry = validator<LedgerEntry>(ajv.compile(ledgerEntry));
export const validateBalanceStated = validator<BalanceStated>(ajv.compile(balanceStated));
export const validateTierNearUpgrade = validator<TierNearUpgrade>(ajv.compile(tierNearUpgrade));
export const validateTierKept = validator<TierKept>(ajv.compile(tierKept));
export const validateTierWillDowngrade = validator<TierWillDowngrade>(ajv.compile(tierWillDowngrade));
export const validateTierAssigned = validator<TierAssigned>(ajv.compile(tierAssigned));
export const validateMessageSent = validator<MessageSent>(ajv.compile(messageSent));
export const validateTierChanged = validator<TierChanged>(ajv.compile(tierChanged));
