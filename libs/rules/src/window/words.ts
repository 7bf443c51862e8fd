import type { Formats, Language, ReasonWords, StepWords } from '../explain/sentence.ts';
import { eachWords } from '../explain/each-words.ts';
import type { Metric, WindowStep } from './window-step.ts';

export const amountOf = (value: number, metric: Metric, format: Formats): string =>
  metric === 'amount' ? format.money(value) : metric === 'points' ? format.points(value) : String(value);

const UNITS_EN: Readonly<Record<Metric, string>> = {
  amount: '',
  points: ' points',
  count: ' orders or activities',
  days: ' days',
};

const UNITS_ZH: Readonly<Record<Metric, string>> = { amount: '', points: ' 分', count: ' 次', days: ' 天' };

export const UNITS: Readonly<Record<Language, Readonly<Record<Metric, string>>>> = { en: UNITS_EN, zh: UNITS_ZH };

export const windowWords: { readonly [Step in WindowStep as Step['step']]: StepWords<Step> } = {
  limit: {
    en: (step, { points }) => {
      const { left, limit, result, unit, wished } = step;
      const of = `Limit ${limit}${eachWords.en(step)}`;
      return unit === 'count'
        ? `${of} leaves no further time: 0 instead of ${points(wished)} points.`
        : `${of} leaves ${points(left)} points: ${points(result)} instead of ${points(wished)}.`;
    },
    zh: (step, { points }) => {
      const { left, limit, result, unit, wished } = step;
      const of = `上限 ${limit}${eachWords.zh(step)}`;
      return unit === 'count'
        ? `${of} 的次数已用完：应得 ${points(wished)} 分，实得 0 分。`
        : `${of} 尚余 ${points(left)} 分：应得 ${points(wished)} 分，实得 ${points(result)} 分。`;
    },
  },
  streak: {
    en: ({ day, length, result }, { points }) =>
      `Day ${day} of an unbroken run of ${length}: ${points(result)} points.`,
    zh: ({ day, length, result }, { points }) => `已连续 ${length} 天，按第 ${day} 天计：${points(result)} 分。`,
  },
  away: {
    en: ({ days }) => `The member was away for ${days} days.`,
    zh: ({ days }) => `会员此前沉睡 ${days} 天。`,
  },
  counts: {
    en: ({ counted, earned, metric }, format) =>
      `It counts ${amountOf(counted, metric, format)}${UNITS_EN[metric]} and ${format.points(earned)} points earned in its window.`,
    zh: ({ counted, earned, metric }, format) =>
      `计入窗口：${amountOf(counted, metric, format)}${UNITS_ZH[metric]}，所得积分 ${format.points(earned)} 分。`,
  },
  sum: {
    en: ({ metric, strict, sum, threshold, window }, format) =>
      `In ${window} it adds up to ${amountOf(sum, metric, format)}${UNITS_EN[metric]}, of ${
        strict ? 'more than' : 'at least'
      } ${amountOf(threshold, metric, format)}.`,
    zh: ({ metric, strict, sum, threshold, window }, format) =>
      `窗口 ${window} 累计 ${amountOf(sum, metric, format)}${UNITS_ZH[metric]}，须${strict ? '超过' : '达到'} ${amountOf(
        threshold,
        metric,
        format,
      )}。`,
  },
  'window-multiply': {
    en: ({ base, factor, result }, { points }) =>
      `${points(base)} points of the window × ${factor}: ${points(result)} more.`,
    zh: ({ base, factor, result }, { points }) =>
      `窗口内积分 ${points(base)} 分 × ${factor}：另加 ${points(result)} 分。`,
  },
};

export const windowReasons = {
  'limit-reached': { en: 'its limit is reached', zh: '已达上限' },
  'day-has-one': { en: 'the day has its first already', zh: '当日已有首次' },
  'not-away': { en: 'the member was not away for long enough', zh: '会员沉睡时间不足' },
  'counts-in-window': { en: 'it counts in a window, which is rated for itself', zh: '计入窗口，由窗口统一计分' },
  'other-window': { en: 'it is about another window', zh: '该规则针对其他窗口' },
  'not-reached': { en: 'the target is not reached', zh: '尚未达标' },
} satisfies ReasonWords;
