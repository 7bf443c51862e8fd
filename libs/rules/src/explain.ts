import { formatMoney, money } from '@jifen/kernel';
import { ENGLISH } from './sentences-en.ts';
import { CHINESE } from './sentences-zh.ts';
import type { Reason, RuleTrace, Step, StepName, Trace } from './trace.ts';

export type Language = 'en' | 'zh';

type StepOf<Name extends StepName> = Extract<Step, { step: Name }>;

/** Every sentence that an explanation can need; a language that lacks one does not compile. */
export interface Sentences {
  readonly steps: { readonly [Name in StepName]: (step: StepOf<Name>, format: Formats) => string };
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly gave: (rule: string, points: string, currency: string) => string;
  readonly gaveNothing: (rule: string, why: string) => string;
  readonly basis: (amount: string) => string;
  readonly tier: (tier: string) => string;
  readonly version: (version: number) => string;
}

/** How amounts and points of this trace are written. */
export interface Formats {
  readonly money: (minor: number) => string;
  readonly points: (minor: number) => string;
}

export interface RuleExplanation {
  readonly rule: string;
  readonly fired: boolean;
  readonly sentences: readonly string[];
}

export interface Explanation {
  readonly heading: readonly string[];
  readonly rules: readonly RuleExplanation[];
}

const SENTENCES: Readonly<Record<Language, Sentences>> = { en: ENGLISH, zh: CHINESE };

/** A trace in words, rule by rule. `decimals` of a point currency; 0 where it is not given. */
export function explain(
  trace: Trace,
  language: Language,
  decimals: Readonly<Record<string, number>> = {},
): Explanation {
  const words = SENTENCES[language];
  const heading = [words.version(trace.version)];
  if (trace.tier !== undefined) heading.push(words.tier(trace.tier));
  return { heading, rules: trace.rules.map((rule) => explainRule(trace, rule, words, decimals)) };
}

function explainRule(
  trace: Trace,
  rule: RuleTrace,
  words: Sentences,
  decimals: Readonly<Record<string, number>>,
): RuleExplanation {
  if (!('steps' in rule)) {
    return { rule: rule.rule, fired: false, sentences: [words.gaveNothing(rule.rule, words.reasons[rule.why])] };
  }
  const scale = decimals[rule.currency] ?? 0;
  const currency = trace.money ?? '';
  const format: Formats = {
    money: (minor) => `${formatMoney(money(minor), currency)} ${currency}`.trim(),
    points: (minor) => withDecimals(minor, scale),
  };
  const basis = rule.basis === undefined ? undefined : trace.bases?.[rule.basis];
  const sentences = (basis?.steps ?? []).map((step) => sentence(step, words, format));
  if (basis !== undefined) sentences.push(words.basis(format.money(basis.amount)));
  sentences.push(...rule.steps.map((step) => sentence(step, words, format)));
  const fired = rule.target > 0;
  sentences.push(
    fired
      ? words.gave(rule.rule, format.points(rule.target), rule.currency)
      : words.gaveNothing(rule.rule, rule.why === undefined ? '' : words.reasons[rule.why]),
  );
  return { rule: rule.rule, fired, sentences };
}

const sentence = <Name extends StepName>(step: StepOf<Name>, words: Sentences, format: Formats): string => {
  const write: (step: StepOf<Name>, format: Formats) => string = words.steps[step.step as Name];
  return write(step, format);
};

function withDecimals(minor: number, decimals: number): string {
  if (decimals === 0) return String(minor);
  const digits = String(minor).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
