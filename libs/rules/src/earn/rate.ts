import { assert, divideRounded, parseDecimal, parseMoney, pointsFromBigInt, powerOfTen, present } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import { ROUNDED, type ReasonWords, type StepWords } from '../explain/sentence.ts';
import { violation } from '../violation.ts';
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

/** Points per amount of a basis (E01, E02, E04). */
export const rate: EarnForm<'rate'> = {
  violations: (earn, { document, rule }, pointer) => {
    const currency = rule.moneyCurrency ?? document.moneyCurrency;
    const per = parseMoney(earn.per, currency);
    const units = parseDecimal(earn.points)?.units ?? 0n;
    const amount = `must be an amount greater than 0 with no more decimals than ${currency} has`;
    return [
      ...('order' in rule.when ? [] : [violation(pointer, 'a rate needs an order: when must be {"order": …}')]),
      ...(units > 0n ? [] : [violation(`${pointer}/points`, 'must be greater than 0')]),
      ...(per.ok && per.value > 0 ? [] : [violation(`${pointer}/per`, amount)]),
    ];
  },

  compile: ({ points: text, per, mode = 'proportional', rounding = 'floor', basis }, context) => {
    const points = present(parseDecimal(text), 'points');
    const money = parseMoney(per, context.money);
    assert(money.ok && money.value > 0, `no amount to rate by: ${per}`);
    const index = context.basisOf(basis);
    const numerator = points.units * powerOfTen(context.decimals);
    const scale = powerOfTen(points.scale);
    const perMinor = BigInt(money.value);
    return {
      form: 'rate',
      rank: 'base',
      evaluate: (run) => {
        const result = run.basis(index);
        const traced = run.traceOf(index, result);
        if (result.refusal !== undefined) return { target: 0, steps: [], basis: traced, why: result.refusal };
        const amount = BigInt(result.amount);
        const exact =
          mode === 'per-full-unit'
            ? divideRounded((amount / perMinor) * numerator, scale, rounding)
            : divideRounded(amount * numerator, perMinor * scale, rounding);
        const target = pointsFromBigInt(exact);
        const step: RateStep = {
          amount: result.amount,
          mode,
          per,
          points: text,
          result: target,
          rounding,
          step: 'rate',
        };
        return { target, steps: [step], basis: traced, why: target === 0 ? 'rounds-to-nothing' : undefined };
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
