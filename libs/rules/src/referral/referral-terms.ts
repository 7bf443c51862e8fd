import type { ProgramDocument, Violation } from '@jifen/contracts';
import { parseMoney } from '@jifen/kernel';
import { compileBasis, type CompiledBasis } from '../order/basis.ts';
import { useBasis, useData, type Use } from '../order/use.ts';
import { violation } from '../violation.ts';
import { isOnce } from '../window/compile-window.ts';
import { isReferralActivity, REFERRAL_REGISTERED, REFERRAL_WITHDRAWN } from './referral-activity.ts';

/** When a referee qualifies, as the rating uses it. */
export interface ReferralTerms {
  readonly orders: readonly {
    readonly completed: boolean;
    /** In minor units of the program's money; absent: anything above 0, in any money. */
    readonly least: number | undefined;
  }[];
  readonly activities: ReadonlySet<string>;
  readonly withinDays: number | undefined;
  readonly newCustomersOnly: boolean;
  readonly basis: CompiledBasis;
}

export function compileReferral({ referral, moneyCurrency }: ProgramDocument, use: Use): ReferralTerms | undefined {
  if (referral === undefined) return undefined;
  const basis = compileBasis({}, use, moneyCurrency);
  useBasis(use, basis);
  // Who referred the member is kept with the rating of its registration, so that the log tells it.
  useData(use, 'referrer');
  const orders: ReferralTerms['orders'][number][] = [];
  const activities = new Set<string>();
  for (const act of referral.qualifyBy) {
    if ('activity' in act) activities.add(act.activity);
    else orders.push({ completed: act.order === 'completed', least: minor(act.minAmount, moneyCurrency) });
  }
  const { withinDays, newCustomersOnly = false } = referral;
  return { orders, activities, withinDays, newCustomersOnly, basis };
}

function minor(text: string | undefined, currency: string): number | undefined {
  const parsed = text === undefined ? undefined : parseMoney(text, currency);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** What the schema cannot say of referrals. */
export function referralViolations({ referral, rules, moneyCurrency }: ProgramDocument): readonly Violation[] {
  if (referral === undefined) return [];
  const acts = referral.qualifyBy.flatMap((act, index) => {
    const place = `/referral/qualifyBy/${index}`;
    if ('activity' in act)
      return isReferralActivity(act.activity) || [REFERRAL_REGISTERED, REFERRAL_WITHDRAWN].includes(act.activity)
        ? [violation(`${place}/activity`, 'must be something that the referee does: a referral cannot prove itself')]
        : [];
    return act.minAmount === undefined || parseMoney(act.minAmount, moneyCurrency).ok
      ? []
      : [violation(`${place}/minAmount`, `must be an amount with no more decimals than ${moneyCurrency} has`)];
  });
  const once = rules.flatMap((rule, index) =>
    'activity' in rule.when && isReferralActivity(rule.when.activity) && isOnce(rule)
      ? [
          violation(
            `/rules/${index}/earn/once`,
            'must be absent: a referral may be withdrawn; say limits: [{ per: lifetime, count: 1 }]',
          ),
        ]
      : [],
  );
  return [...acts, ...once];
}
