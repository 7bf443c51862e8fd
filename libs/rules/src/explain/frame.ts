import type { Language } from './sentence.ts';

/** What stands around the steps of an explanation. */
interface Frame {
  readonly gave: (rule: string, points: string, currency: string) => string;
  readonly gaveNothing: (rule: string, why: string) => string;
  readonly basis: (amount: string) => string;
  readonly tier: (tier: string) => string;
  readonly version: (version: number) => string;
}

export const FRAME: Readonly<Record<Language, Frame>> = {
  en: {
    gave: (rule, points, currency) => `Rule ${rule} gives ${points} ${currency}.`,
    gaveNothing: (rule, why) => `Rule ${rule} gives nothing: ${why}.`,
    basis: (amount) => `The basis is ${amount}.`,
    tier: (tier) => `The tier in force was ${tier}.`,
    version: (version) => `Rated under version ${version} of the program.`,
  },
  zh: {
    gave: (rule, points, currency) => `规则 ${rule} 给予 ${points} ${currency}。`,
    gaveNothing: (rule, why) => `规则 ${rule} 未给予积分：${why}。`,
    basis: (amount) => `计分基数为 ${amount}。`,
    tier: (tier) => `当时的等级为 ${tier}。`,
    version: (version) => `按第 ${version} 版规则计分。`,
  },
};
