import { fixedWords } from '../earn/fixed.ts';
import { multiplierReasons, multiplierWords } from '../earn/multiplier.ts';
import { onceWords } from '../earn/once.ts';
import { rateReasons, rateWords } from '../earn/rate.ts';
import { currencyReasons } from '../gate/currency.ts';
import { triggerReasons } from '../gate/trigger.ts';
import { basisReasons, basisWords } from '../order/basis.ts';
import type { StepName, StepOf } from '../trace.ts';
import { windowReasons, windowWords } from '../window/words.ts';
import type { StepWords } from './sentence.ts';

/** Every step of a trace in words; a step that no part tells does not compile. */
export const STEP_WORDS: { readonly [Name in StepName]: StepWords<StepOf<Name>> } = {
  ...basisWords,
  ...rateWords,
  ...fixedWords,
  ...onceWords,
  ...multiplierWords,
  ...windowWords,
};

/** Every reason why a rule that was tried gave nothing, in words. */
export const REASON_WORDS = {
  ...triggerReasons,
  ...currencyReasons,
  ...basisReasons,
  ...rateReasons,
  ...multiplierReasons,
  ...windowReasons,
};

export type Reason = keyof typeof REASON_WORDS;
export const REASONS = Object.keys(REASON_WORDS) as readonly Reason[];
