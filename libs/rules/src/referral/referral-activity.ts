import type { EarnRule } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import type { StepWords } from '../explain/sentence.ts';
import type { Gate } from '../gate/gate.ts';
import { useData } from '../order/use.ts';

/** How a member tells who referred it: an activity of the referee, with the referrer's member id in `data.referrer`. */
export const REFERRAL_REGISTERED = 'referral.registered';
/** What happens to the referrer when the referee qualifies. */
export const REFERRAL_QUALIFIED = 'referral.qualified';
/** What happens to the referee then. */
export const REFERRAL_ACCEPTED = 'referral.accepted';
/** What either becomes when the referee no longer qualifies: no rule can pay it. */
export const REFERRAL_WITHDRAWN = 'referral.withdrawn';

/** `data` of the activities that Jifen makes of a referral: who, and by which order or activity. */
export interface ReferralData {
  readonly referrer: string;
  readonly referee: string;
  readonly kind: 'order' | 'activity';
  readonly source: string;
  readonly id: string;
}

const KEYS = ['id', 'kind', 'referee', 'referrer', 'source'] as const;

export interface ReferralStep {
  readonly id: string;
  readonly kind: 'order' | 'activity';
  readonly referee: string;
  readonly referrer: string;
  readonly source: string;
  readonly step: 'referral';
}

export const isReferralActivity = (type: string): boolean => type === REFERRAL_QUALIFIED || type === REFERRAL_ACCEPTED;

/** Lets everything through, and tells whose referral it is and what qualified it. */
export function compileReferralTold({ when }: EarnRule, { use }: RuleContext): Gate | undefined {
  if (!('activity' in when) || !isReferralActivity(when.activity)) return undefined;
  for (const key of KEYS) useData(use, key);
  return (run, steps) => {
    const [id, kind, referee, referrer, source] = KEYS.map((key) => run.data(key));
    // An upstream system may tell of a referral that it judged itself, with data of its own.
    if (kind !== 'order' && kind !== 'activity') return undefined;
    if ([id, referee, referrer, source].every((each) => typeof each === 'string'))
      steps.push({
        id: String(id),
        kind,
        referee: String(referee),
        referrer: String(referrer),
        source: String(source),
        step: 'referral',
      });
    return undefined;
  };
}

export const referralWords: { readonly referral: StepWords<ReferralStep> } = {
  referral: {
    en: ({ id, kind, referee, referrer, source }) =>
      `Member ${referrer} referred member ${referee}, who qualified by the ${kind} ${source}/${id}.`,
    zh: ({ id, kind, referee, referrer, source }) =>
      `会员 ${referrer} 推荐的会员 ${referee} 已达标，依据${kind === 'order' ? '订单' : '行为'} ${source}/${id}。`,
  },
};
