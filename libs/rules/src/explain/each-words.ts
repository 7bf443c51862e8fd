import type { Language } from './sentence.ts';

interface Apart {
  readonly each?: string | undefined;
  readonly value?: string | undefined;
}

/** Of a limit or budget that counts by something: which one it is. */
export const eachWords: Readonly<Record<Language, (apart: Apart) => string>> = {
  en: ({ each, value }) =>
    each === undefined ? '' : value === undefined ? ` (without ${each})` : ` (${each} ${JSON.stringify(value)})`,
  zh: ({ each, value }) =>
    each === undefined ? '' : value === undefined ? `（无 ${each}）` : `（${each} ${JSON.stringify(value)}）`,
};
