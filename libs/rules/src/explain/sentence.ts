import type { RoundingMode } from '@jifen/kernel';

export type Language = 'en' | 'zh';

/** How amounts and points of a trace are written. */
export interface Formats {
  readonly money: (minor: number) => string;
  readonly points: (minor: number) => string;
}

/** A step in words, in every language. */
export type StepWords<Step> = Readonly<Record<Language, (step: Step, format: Formats) => string>>;

/** Why a rule gave nothing, as the end of a sentence, in every language. */
export type ReasonWords = Readonly<Record<string, Readonly<Record<Language, string>>>>;

export const ROUNDED: Readonly<Record<Language, Readonly<Record<RoundingMode, string>>>> = {
  en: {
    floor: 'rounded down',
    ceil: 'rounded up',
    'half-up': 'rounded to the nearest, halves up',
    'half-even': 'rounded to the nearest, halves to even',
  },
  zh: { floor: '向下取整', ceil: '向上取整', 'half-up': '四舍五入', 'half-even': '四舍六入五成双' },
};
