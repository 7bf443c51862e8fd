import type { HoldPolicy, PointValue, ProgramDocument, TransferPolicy } from '@jifen/contracts';
import { createCalendar, present, type Calendar } from '@jifen/kernel';
import { redemptionRules, type RedemptionRule } from './redemption-policy.ts';

/** The part of a program document that the ledger follows. */
export type PolicyPart = Pick<
  ProgramDocument,
  'timeZone' | 'moneyCurrency' | 'currencies' | 'redemption' | 'holds' | 'transfers' | 'expiryPolicy' | 'pointValue'
>;

/** How long points may be held where the program is silent; libs/rules holds documents to the same. */
export const HOLD_DEFAULTS: Required<HoldPolicy> = { defaultSeconds: 900, minimumSeconds: 1, maximumSeconds: 604_800 };

/** One version of a program's policies, ready for decisions. */
export interface Policies {
  readonly version: number;
  /** Of the program's time zone; made once a version, because that is dear. */
  readonly calendar: Calendar;
  readonly moneyCurrency: string;
  readonly currencies: readonly string[];
  /** Absent: points of every currency may be spent, and have no money value. */
  readonly redemption: readonly RedemptionRule[] | undefined;
  readonly holds: Required<HoldPolicy>;
  /** Absent: nobody may give points away. */
  readonly transfers: TransferPolicy | undefined;
  /** Of points that expired while they were spent; 0: they lapse. */
  readonly reinstatementGraceDays: number;
  readonly pointValue: readonly PointValue[];
}

export const policyPart = (document: ProgramDocument): PolicyPart => {
  const { timeZone, moneyCurrency, currencies, redemption, holds, transfers, expiryPolicy, pointValue } = document;
  return {
    timeZone,
    moneyCurrency,
    currencies,
    ...(redemption === undefined ? {} : { redemption }),
    ...(holds === undefined ? {} : { holds }),
    ...(transfers === undefined ? {} : { transfers }),
    ...(expiryPolicy === undefined ? {} : { expiryPolicy }),
    ...(pointValue === undefined ? {} : { pointValue }),
  };
};

export const policiesOf = (part: PolicyPart, version: number): Policies => ({
  version,
  calendar: present(createCalendar(part.timeZone), `time zone ${part.timeZone}`),
  moneyCurrency: part.moneyCurrency,
  currencies: part.currencies.map(({ code }) => code),
  redemption: part.redemption === undefined ? undefined : redemptionRules(part),
  holds: { ...HOLD_DEFAULTS, ...part.holds },
  transfers: part.transfers,
  reinstatementGraceDays: part.expiryPolicy?.reinstatementGraceDays ?? 0,
  pointValue: part.pointValue ?? [],
});
