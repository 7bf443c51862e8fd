import { assert, divideRounded, parseDecimal, parseMoney, pointsFromBigInt, powerOfTen, present } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import { ROUNDED, type ReasonWords, type StepWords } from '../explain/sentence.ts';
import { ruleMoney } from '../rule-money.ts';
import { violation } from '../violation.ts';
import { amountViolations, compileAmount } from './amount.ts';
import type { EarnForm } from './earn-form.ts';

type Mode = 'proportional' | 'per-full-unit';

export interface RateStep {
  readonly amount: number;
  readonly mode: Mode;
  readonly per: string;
  readonly points: string;
  readonly result: number;
  readonly rounding: RoundingMode;
  readonly step: 'rate';
}

/** Points per amount of a basis, or of an amount that an activity tells (E01, E02, E04, E14, E28, E29). */
export const rate: EarnForm<'rate'> = {
  violations: (earn, place, pointer) => {
    const currency = ruleMoney(place.document, place.rule);
    const per = parseMoney(earn.per, currency);
    const units = parseDecimal(earn.points)?.units ?? 0n;
    const amount = `must be an amount greater than 0 with no more decimals than ${currency} has`;
    return [
      ...amountViolations(earn, place, pointer),
      ...(units > 0n ? [] : [violation(`${pointer}/points`, 'must be greater than 0')]),
      ...(per.ok && per.value > 0 ? [] : [violation(`${pointer}/per`, amount)]),
    ];
  },

  compile: (earn, context) => {
    const { points: text, per, mode = 'proportional', rounding = 'floor' } = earn;
    const points = present(parseDecimal(text), 'points');
    const money = parseMoney(per, context.money);
    assert(money.ok && money.value > 0, `no amount to rate by: ${per}`);
    const amountOf = compileAmount(earn, context);
    const numerator = points.units * powerOfTen(context.decimals);
    const scale = powerOfTen(points.scale);
    const perMinor = BigInt(money.value);
    return {
      form: 'rate',
      rank: 'base',
      evaluate: (run) => {
        const { amount, basis, steps, why } = amountOf(run);
        if (why !== undefined) return { target: 0, steps, basis, why };
        const exact =
          mode === 'per-full-unit'
            ? divideRounded((BigInt(amount) / perMinor) * numerator, scale, rounding)
            : divideRounded(BigInt(amount) * numerator, perMinor * scale, rounding);
        const target = pointsFromBigInt(exact);
        const step: RateStep = { amount, mode, per, points: text, result: target, rounding, step: 'rate' };
        return {
          target,
          steps: steps.length === 0 ? [step] : [...steps, step],
          basis,
          why: target === 0 ? 'rounds-to-nothing' : undefined,
        };
      },
    };
  },
};

export const rateWords: { readonly rate: StepWords<RateStep> } = {
  rate: {
    en: ({ amount, mode, per, points: text, result, rounding }, { money, points }) =>
      `${money(amount)} at ${text} points per ${mode === 'per-full-unit' ? 'full ' : ''}${per}, ${ROUNDED.en[rounding]}: ${points(result)}.`,
    zh: ({ amount, mode, per, points: text, result, rounding }, { money, points }) =>
      `${money(amount)}，每${mode === 'per-full-unit' ? '满 ' : ' '}${per} 计 ${text} 分，${ROUNDED.zh[rounding]}：${points(result)} 分。`,
  },
};

export const rateReasons = {
  'rounds-to-nothing': { en: 'it is worth less than one point', zh: '不足一分' },
} satisfies ReasonWords;
