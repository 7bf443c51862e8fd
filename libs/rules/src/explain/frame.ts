import type { Language } from './sentence.ts';

/** What stands around the steps of an explanation. */
interface Frame {
  readonly gave: (rule: string, points: string, currency: string) => string;
  readonly gaveNothing: (rule: string, why: string) => string;
  readonly effect: (rule: string, quantity: number, kind: string, ref: string) => string;
  readonly instead: (by: string, points: string) => string;
  readonly basis: (amount: string) => string;
  readonly tier: (tier: string) => string;
  readonly version: (version: number) => string;
}

export const FRAME: Readonly<Record<Language, Frame>> = {
  en: {
    gave: (rule, points, currency) => `Rule ${rule} gives ${points} ${currency}.`,
    gaveNothing: (rule, why) => `Rule ${rule} gives nothing: ${why}.`,
    effect: (rule, quantity, kind, ref) => `Rule ${rule} also gives ${quantity} × ${kind} ${ref}.`,
    instead: (by, points) => `It would give ${points}, but rule ${by} comes before it.`,
    basis: (amount) => `The basis is ${amount}.`,
    tier: (tier) => `The tier in force was ${tier}.`,
    version: (version) => `Rated under version ${version} of the program.`,
  },
  zh: {
    gave: (rule, points, currency) => `规则 ${rule} 给予 ${points} ${currency}。`,
    gaveNothing: (rule, why) => `规则 ${rule} 未给予积分：${why}。`,
    effect: (rule, quantity, kind, ref) => `规则 ${rule} 另发放 ${kind} ${ref} × ${quantity}。`,
    instead: (by, points) => `本应给予 ${points} 分，但规则 ${by} 优先。`,
    basis: (amount) => `计分基数为 ${amount}。`,
    tier: (tier) => `当时的等级为 ${tier}。`,
    version: (version) => `按第 ${version} 版规则计分。`,
  },
};
