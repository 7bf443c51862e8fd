import { approvalWords } from '../award/approval.ts';
import { fixedWords } from '../earn/fixed.ts';
import { multiplierReasons, multiplierWords } from '../earn/multiplier.ts';
import { onceWords } from '../earn/once.ts';
import { rateReasons, rateWords } from '../earn/rate.ts';
import { amountReasons, amountWords } from '../earn/amount.ts';
import { steppedWords } from '../earn/stepped.ts';
import { timesReasons, timesWords } from '../earn/times.ts';
import { expiryReasons } from '../award/expiry.ts';
import { budgetReasons, budgetWords } from '../budget/words.ts';
import { conditionWords } from '../condition/words.ts';
import { audienceReasons, audienceWords } from '../gate/audience.ts';
import { conditionReasons } from '../gate/condition.ts';
import { scheduleReasons, scheduleWords } from '../gate/schedule.ts';
import { stackingReasons } from '../stacking.ts';
import { currencyReasons, currencyWords } from '../gate/currency.ts';
import { triggerReasons } from '../gate/trigger.ts';
import { basisReasons, basisWords } from '../order/basis.ts';
import { referralWords } from '../referral/referral-activity.ts';
import type { StepName, StepOf } from '../trace.ts';
import { windowReasons, windowWords } from '../window/words.ts';
import type { StepWords } from './sentence.ts';

/** Every step of a trace in words; a step that no part tells does not compile. */
export const STEP_WORDS: { readonly [Name in StepName]: StepWords<StepOf<Name>> } = {
  ...scheduleWords,
  ...audienceWords,
  ...currencyWords,
  ...conditionWords,
  ...amountWords,
  ...steppedWords,
  ...timesWords,
  ...basisWords,
  ...rateWords,
  ...fixedWords,
  ...onceWords,
  ...multiplierWords,
  ...referralWords,
  ...windowWords,
  ...budgetWords,
  ...approvalWords,
};

/** Every reason why a rule that was tried gave nothing, in words. */
export const REASON_WORDS = {
  ...triggerReasons,
  ...scheduleReasons,
  ...audienceReasons,
  ...conditionReasons,
  ...amountReasons,
  ...timesReasons,
  ...expiryReasons,
  ...stackingReasons,
  ...currencyReasons,
  ...basisReasons,
  ...rateReasons,
  ...multiplierReasons,
  ...windowReasons,
  ...budgetReasons,
};

export type Reason = keyof typeof REASON_WORDS;
export const REASONS = Object.keys(REASON_WORDS) as readonly Reason[];
