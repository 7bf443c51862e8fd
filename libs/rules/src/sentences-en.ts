import type { Formats, Sentences } from './explain.ts';
import type { Step } from './trace.ts';
import { WINDOW_ENGLISH } from './window/sentences.ts';

const ROUNDED = {
  floor: 'rounded down',
  ceil: 'rounded up',
  'half-up': 'rounded to the nearest, halves up',
  'half-even': 'rounded to the nearest, halves to even',
} as const;

export const ENGLISH: Sentences = {
  steps: {
    line: (step, { money }) =>
      `Line ${step.line}: ${money(step.amount)}${parts(step, money)} counts as ${money(step.base)}${
        step.kept === step.base ? '' : `, of which ${money(step.kept)} is left`
      }.`,
    gift: ({ line }) => `Line ${line} is a gift and does not count.`,
    filtered: ({ line }) => `Line ${line} is not among the goods of this rule.`,
    'paid-part': ({ amount, due, giftCard, points }, { money }) =>
      `Of ${money(due)} due, ${money(points)} was paid with points and ${money(giftCard)} by gift card: ${money(amount)} remains.`,
    rate: (step, { money, points }) =>
      `${money(step.amount)} at ${step.points} points per ${step.mode === 'per-full-unit' ? 'full ' : ''}${step.per}, ${
        ROUNDED[step.rounding]
      }: ${points(step.result)}.`,
    fixed: ({ result }, { points }) => `A fixed ${points(result)} points.`,
    once: ({ at, result, version }, { points }) =>
      `Paid once per member, for the first time at ${at} under version ${version}: ${points(result)}.`,
    multiply: ({ base, factor, result, rounding, tier }, { points }) =>
      `${points(base)} points × ${factor}${tier === undefined ? '' : ` (tier ${tier})`}, ${ROUNDED[rounding]}: ${points(result)} more.`,
    ...WINDOW_ENGLISH,
  },
  reasons: {
    'other-kind': 'it is for another kind of event',
    'other-activity': 'it is for another type of activity',
    'not-yet-paid': 'the order is not paid yet',
    'not-yet-completed': 'the order is not completed yet',
    cancelled: 'the order is cancelled',
    'fully-refunded': 'everything was refunded',
    'other-currency': 'the order is in another currency',
    'paid-with-points': 'the order was partly paid with points',
    'paid-by-gift-card': 'the order was partly paid by gift card',
    'nothing-in-basis': 'nothing of the order counts for it',
    'rounds-to-nothing': 'it is worth less than one point',
    'no-tier': 'the member has no tier',
    'unknown-tier': 'the tier is not on the ladder of this version',
    'factor-is-one': 'the multiplier is 1',
    'nothing-to-multiply': 'the rules that it multiplies gave nothing',
    'limit-reached': 'its limit is reached',
    'day-has-one': 'the day has its first already',
    'not-away': 'the member was not away for long enough',
    'counts-in-window': 'it counts in a window, which is rated for itself',
    'other-window': 'it is about another window',
    'not-reached': 'the target is not reached',
  },
  gave: (rule, points, currency) => `Rule ${rule} gives ${points} ${currency}.`,
  gaveNothing: (rule, why) => `Rule ${rule} gives nothing: ${why}.`,
  basis: (amount) => `The basis is ${amount}.`,
  tier: (tier) => `The tier in force was ${tier}.`,
  version: (version) => `Rated under version ${version} of the program.`,
};

function parts(step: Extract<Step, { step: 'line' }>, money: Formats['money']): string {
  const named: readonly (readonly [string, number | undefined])[] = [
    ['discount', step.discount],
    ['share of the order discount', step.orderDiscount],
    ['tax', step.tax],
    ['share of shipping', step.shipping],
    ['refunded', step.refunded],
  ];
  const given = named.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${money(value)}`]));
  return given.length === 0 ? '' : ` (${given.join(', ')})`;
}
