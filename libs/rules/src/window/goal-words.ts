import { instantFromMillis, instantToMillis, type Instant } from '@jifen/kernel';
import type { CompiledProgram } from '../compile.ts';
import { moneyIn, withDecimals } from '../explain/explain.ts';
import type { Formats, Language } from '../explain/sentence.ts';
import type { Metric } from './window-step.ts';
import { amountOf, UNITS } from './words.ts';

/** A goal without its sentences. */
export interface Told {
  readonly kind: 'target' | 'streak' | 'limit';
  /** Absent for a limit that rules share. */
  readonly rule?: string;
  /** Id of a limit that rules share. */
  readonly limit?: string;
  readonly name?: { readonly en: string; readonly zh: string };
  readonly currency: string;
  readonly state: 'approaching' | 'reached' | 'not-enrolled';
  /** e.g. `2026-Q4`, `ever`, `enrolled`, `rolling`, or `run` for a streak. */
  readonly window: string;
  readonly from?: Instant;
  /** The first instant after it; of a streak, by when the next day must have come. */
  readonly until?: Instant;
  readonly metric: Metric;
  /** ISO code of an amount. */
  readonly money?: string;
  /** The goal itself is not enough. */
  readonly strict?: boolean;
  readonly reached: number;
  readonly goal: number;
  readonly missing: number;
  /** Points that it pays; with a factor, by what was earned until now. A limit pays nothing. */
  readonly gives?: number;
  readonly factor?: string;
  /** Type of the activity that joins the challenge. */
  readonly joinBy?: string;
}

interface Values {
  readonly reached: string;
  readonly goal: string;
  readonly missing: string;
  readonly gives: string;
  /** The last day, on the calendar of the program. */
  readonly lastDay: string | undefined;
}

type Words = (goal: Told, values: Values) => string;

const WORDS: Readonly<Record<Language, Readonly<Record<Told['kind'], Words>>>> = {
  en: {
    target: ({ state, strict, factor, joinBy }, { reached, goal, missing, gives, lastDay }) => {
      const by = lastDay === undefined ? '' : ` by ${lastDay}`;
      const worth = factor === undefined ? `${gives} points` : `${gives} points by now (×${factor})`;
      const bound = strict === true ? `more than ${goal}` : goal;
      if (state === 'not-enrolled') return `Not joined yet (${joinBy}); ${bound} gives ${worth}.`;
      if (state === 'reached') return `Reached: ${reached} of ${bound}; it gives ${worth}.`;
      return `${reached} of ${bound}; ${missing} more${by} gives ${worth}.`;
    },
    streak: (_, { reached, missing, gives, lastDay }) =>
      `${reached} in a row; after ${missing} more: ${gives} points. The next one is due by ${lastDay}.`,
    limit: ({ state }, { reached, goal, missing, lastDay }) => {
      const until = lastDay === undefined ? '' : ` until ${lastDay}`;
      return state === 'reached'
        ? `The limit of ${goal} is reached${until}.`
        : `${reached} of at most ${goal}; ${missing} left${until}.`;
    },
  },
  zh: {
    target: ({ state, strict, factor, joinBy }, { reached, goal, missing, gives, lastDay }) => {
      const by = lastDay === undefined ? '' : `${lastDay} 前（含当日）`;
      const worth = factor === undefined ? `${gives} 分` : `${gives} 分（按目前积分 × ${factor} 计）`;
      const bound = `${strict === true ? '超过' : '达到'} ${goal}`;
      if (state === 'not-enrolled') return `尚未报名（${joinBy}）；${bound}可得 ${worth}。`;
      if (state === 'reached') return `已达标：累计 ${reached}，须${bound}；可得 ${worth}。`;
      return `累计 ${reached}，须${bound}；${by}还差 ${missing}，可得 ${worth}。`;
    },
    streak: (_, { reached, missing, gives, lastDay }) =>
      `已连续 ${reached}；再坚持 ${missing}可得 ${gives} 分。下一次须在 ${lastDay} 前（含当日）。`,
    limit: ({ state }, { reached, goal, missing, lastDay }) => {
      const until = lastDay === undefined ? '' : `（至 ${lastDay}）`;
      return state === 'reached'
        ? `已达上限 ${goal}${until}。`
        : `已用 ${reached}，上限 ${goal}，尚余 ${missing}${until}。`;
    },
  },
};

/** A goal in words. */
export function sentences(
  { calendar, document }: CompiledProgram,
  goal: Told,
): { readonly en: string; readonly zh: string } {
  const scale = document.currencies.find(({ code }) => code === goal.currency)?.decimals ?? 0;
  const format: Formats = {
    money: moneyIn(goal.money ?? document.moneyCurrency),
    points: (value) => withDecimals(value, scale),
  };
  const lastDay =
    goal.until === undefined
      ? undefined
      : new Date(calendar.wall(instantFromMillis(instantToMillis(goal.until) - 1))).toISOString().slice(0, 10);
  const inWords = (language: Language): string => {
    const written = (value: number): string => amountOf(value, goal.metric, format) + UNITS[language][goal.metric];
    return WORDS[language][goal.kind](goal, {
      reached: written(goal.reached),
      goal: written(goal.goal),
      missing: written(goal.missing),
      gives: format.points(goal.gives ?? 0),
      lastDay,
    });
  };
  return { en: inWords('en'), zh: inWords('zh') };
}
