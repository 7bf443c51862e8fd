import { divideRounded, parseDecimal, pointsFromBigInt, powerOfTen, present, type Decimal } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import type { Violation } from '@jifen/contracts';
import { ROUNDED, type ReasonWords, type StepWords } from '../explain/sentence.ts';
import { atLeastOne, NONE, violation, type RulePlace } from '../violation.ts';
import type { EarnForm } from './earn-form.ts';

export interface MultiplyStep {
  readonly base: number;
  readonly factor: string;
  readonly result: number;
  readonly rounding: RoundingMode;
  readonly step: 'multiply';
  readonly tier?: string | undefined;
}

export interface Factor {
  readonly text: string;
  readonly value: Decimal;
}

export const factorOf = (text: string): Factor => ({ text, value: present(parseDecimal(text), 'factor') });

/** What a factor adds to the points of other rules, as an award of its own (T01, E18, E20). */
export const multiplier: EarnForm<'multiplier'> = {
  violations: (earn, place, pointer) => [
    ...earn.of.flatMap((id, index) => multiplied(place, id, `${pointer}/of/${index}`)),
    ...(earn.by !== 'tier'
      ? atLeastOne(earn.by, `${pointer}/by`)
      : place.document.ladder === undefined
        ? [violation(`${pointer}/by`, 'must be a number: the program has no ladder')]
        : NONE),
  ],

  compile: ({ of, by, rounding = 'floor' }) => {
    const stated = by === 'tier' ? undefined : factorOf(by);
    return {
      form: 'multiplier',
      rank: 'multiplier',
      usesTier: stated === undefined,
      evaluate: (run) => {
        let base = 0;
        for (const id of of) base += run.target(id);
        if (base === 0) return 'nothing-to-multiply';
        const tier = stated === undefined ? run.input.tier : undefined;
        if (stated === undefined && tier === undefined) return 'no-tier';
        const factor = stated ?? run.program.tierFactors.get(tier ?? '');
        if (factor === undefined) return 'unknown-tier';
        const { units, scale } = factor.value;
        if (units === powerOfTen(scale)) return 'factor-is-one';
        const product = divideRounded(BigInt(base) * units, powerOfTen(scale), rounding);
        const result = pointsFromBigInt(product - BigInt(base));
        const step: MultiplyStep = { base, factor: factor.text, result, rounding, step: 'multiply', tier };
        return { target: result, steps: [step], why: result === 0 ? 'rounds-to-nothing' : undefined };
      },
    };
  },
};

function multiplied({ document, rule }: RulePlace, id: string, pointer: string): readonly Violation[] {
  const target = document.rules.find((other) => other.id === id);
  if (target === undefined) return [violation(pointer, `"${id}" is no rule of this program`)];
  if (target.earn.form === 'multiplier')
    return [violation(pointer, `"${id}" is a multiplier; only rate and fixed rules can be multiplied`)];
  if (target.earn.form === 'fixed' && target.earn.once === true)
    return [violation(pointer, `"${id}" pays once per member; it cannot be multiplied`)];
  if (target.earn.form === 'target') return [violation(pointer, `"${id}" is a target; it cannot be multiplied`)];
  if (target.currency !== rule.currency)
    return [violation(pointer, `"${id}" earns ${target.currency}; it must earn ${rule.currency}`)];
  return NONE;
}

export const multiplierWords: { readonly multiply: StepWords<MultiplyStep> } = {
  multiply: {
    en: ({ base, factor, result, rounding, tier }, { points }) =>
      `${points(base)} points × ${factor}${tier === undefined ? '' : ` (tier ${tier})`}, ${ROUNDED.en[rounding]}: ${points(result)} more.`,
    zh: ({ base, factor, result, rounding, tier }, { points }) =>
      `${points(base)} 分 × ${factor}${tier === undefined ? '' : `（等级 ${tier}）`}，${ROUNDED.zh[rounding]}：另加 ${points(result)} 分。`,
  },
};

export const multiplierReasons = {
  'no-tier': { en: 'the member has no tier', zh: '会员没有等级' },
  'unknown-tier': { en: 'the tier is not on the ladder of this version', zh: '该等级不在此版规则的阶梯中' },
  'factor-is-one': { en: 'the multiplier is 1', zh: '倍数为 1' },
  'nothing-to-multiply': { en: 'the rules that it multiplies gave nothing', zh: '所乘的规则没有积分' },
} satisfies ReasonWords;
