import { formatMoney, money } from '@jifen/kernel';
import type { RuleTrace, StepName, StepOf, Trace } from '../trace.ts';
import { FRAME } from './frame.ts';
import type { Formats, Language, StepWords } from './sentence.ts';
import { REASON_WORDS, STEP_WORDS } from './words.ts';

export interface RuleExplanation {
  readonly rule: string;
  readonly fired: boolean;
  readonly sentences: readonly string[];
}

export interface Explanation {
  readonly heading: readonly string[];
  readonly rules: readonly RuleExplanation[];
}

/** A trace in words, rule by rule. `decimals` of a point currency; 0 where it is not given. */
export function explain(
  trace: Trace,
  language: Language,
  decimals: Readonly<Record<string, number>> = {},
): Explanation {
  const words = FRAME[language];
  const heading = [words.version(trace.version)];
  if (trace.tier !== undefined) heading.push(words.tier(trace.tier));
  return { heading, rules: trace.rules.map((rule) => explainRule(trace, rule, language, decimals)) };
}

function explainRule(
  trace: Trace,
  rule: RuleTrace,
  language: Language,
  decimals: Readonly<Record<string, number>>,
): RuleExplanation {
  const words = FRAME[language];
  const why = rule.why === undefined ? '' : REASON_WORDS[rule.why][language];
  if (!('steps' in rule)) return { rule: rule.rule, fired: false, sentences: [words.gaveNothing(rule.rule, why)] };
  const scale = decimals[rule.currency] ?? 0;
  const currency = trace.money ?? '';
  const format: Formats = {
    money: moneyIn(currency),
    points: (minor) => withDecimals(minor, scale),
  };
  const basis = rule.basis === undefined ? undefined : trace.bases?.[rule.basis];
  const sentences = (basis?.steps ?? []).map((step) => sentence(step, language, format));
  if (basis !== undefined) sentences.push(words.basis(format.money(basis.amount)));
  const exchange = rule.steps.find((step) => step.step === 'exchange');
  const own: Formats = exchange === undefined ? format : { ...format, money: moneyIn(exchange.to) };
  sentences.push(...rule.steps.map((step) => sentence(step, language, own)));
  const effects = rule.effects ?? [];
  const fired = rule.target > 0 || effects.length > 0;
  if (rule.by !== undefined) sentences.push(words.instead(rule.by, format.points(rule.wished ?? 0)));
  if (rule.target > 0) sentences.push(words.gave(rule.rule, format.points(rule.target), rule.currency));
  for (const { kind, quantity, ref } of effects) sentences.push(words.effect(rule.rule, quantity, kind, ref));
  if (!fired) sentences.push(words.gaveNothing(rule.rule, why));
  return { rule: rule.rule, fired, sentences };
}

export const moneyIn =
  (currency: string): Formats['money'] =>
  (minor) =>
    `${formatMoney(money(minor), currency)} ${currency}`.trim();

const sentence = <Name extends StepName>(step: StepOf<Name>, language: Language, format: Formats): string => {
  const words: StepWords<StepOf<Name>> = STEP_WORDS[step.step as Name];
  return words[language](step, format);
};

export function withDecimals(minor: number, decimals: number): string {
  if (decimals === 0) return String(minor);
  const digits = String(minor).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
