import { divideRounded, parseDecimal, pointsFromBigInt, powerOfTen, present, type Decimal } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import type { EarnRule, Violation } from '@jifen/contracts';
import { ROUNDED, type ReasonWords, type StepWords } from '../explain/sentence.ts';
import { atLeastOne, NONE, violation, type RulePlace } from '../violation.ts';
import type { EarnForm, EarnOf } from './earn-form.ts';

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
    ...factorViolations(earn, place, pointer),
    ...(earn.combine === 'multiply' ? combineViolations(earn.of, place, pointer) : NONE),
  ],

  compile: ({ of, by, byTier, combine, rounding = 'floor' }, { use, document, index }) => {
    const stated = by === undefined || by === 'tier' ? undefined : factorOf(by);
    const ownFactors = byTier && new Map(Object.entries(byTier).map(([tier, text]) => [tier, factorOf(text)]));
    const base = combine === 'multiply' ? [...of, ...before(document.rules, index, of).map(({ id }) => id)] : of;
    if (stated === undefined) use.tier = true;
    return {
      form: 'multiplier',
      rank: 'multiplier',
      evaluate: (run) => {
        let sum = 0;
        for (const id of base) sum += run.target(id);
        if (sum === 0) return 'nothing-to-multiply';
        const tier = stated === undefined ? run.input.tier : undefined;
        if (stated === undefined && tier === undefined) return 'no-tier';
        const factor = stated ?? (ownFactors ?? run.program.tierFactors).get(tier ?? '');
        if (factor === undefined) return ownFactors === undefined ? 'unknown-tier' : 'factor-is-one';
        const { units, scale } = factor.value;
        if (units === powerOfTen(scale)) return 'factor-is-one';
        const product = divideRounded(BigInt(sum) * units, powerOfTen(scale), rounding);
        const result = pointsFromBigInt(product - BigInt(sum));
        const step: MultiplyStep = { base: sum, factor: factor.text, result, rounding, step: 'multiply', tier };
        return { target: result, steps: [step], why: result === 0 ? 'rounds-to-nothing' : undefined };
      },
    };
  },
};

/** The multipliers before one in the list that multiply any of its rules. */
const before = (rules: readonly EarnRule[], index: number, of: readonly string[]): readonly EarnRule[] =>
  rules.slice(0, index).filter(({ earn }) => earn.form === 'multiplier' && earn.of.some((id) => of.includes(id)));

function factorViolations(
  { by, byTier }: EarnOf<'multiplier'>,
  { document: { ladder } }: RulePlace,
  pointer: string,
): readonly Violation[] {
  if ((by === undefined) === (byTier === undefined)) return [violation(pointer, 'must have one of by and byTier')];
  if (by !== undefined && by !== 'tier') return atLeastOne(by, `${pointer}/by`);
  if (ladder === undefined && by !== undefined)
    return [violation(`${pointer}/by`, 'must be a number: the program has no ladder')];
  const tiers = new Set(ladder?.tiers.map(({ code }) => code));
  return Object.entries(byTier ?? {}).flatMap(([tier, factor]) =>
    tiers.has(tier)
      ? atLeastOne(factor, `${pointer}/byTier/${tier}`)
      : [violation(`${pointer}/byTier/${tier}`, 'is no tier of the ladder')],
  );
}

/** Multipliers that multiply each other must do so on the same rules, and all of them must pay. */
function combineViolations(
  of: readonly string[],
  { document, index }: RulePlace,
  pointer: string,
): readonly Violation[] {
  const modes = new Map((document.groups ?? []).map((group) => [group.id, group.mode]));
  return before(document.rules, index, of).flatMap(({ id, earn, stacking }) => {
    if (earn.form === 'multiplier' && earn.of.some((each) => !of.includes(each)))
      return [violation(`${pointer}/combine`, `"${id}" multiplies other rules, too; it must multiply the same ones`)];
    return (modes.get(stacking?.group ?? '') ?? 'stack') === 'stack'
      ? NONE
      : [violation(`${pointer}/combine`, `"${id}" is in a group that may leave it out; it must be in none`)];
  });
}

function multiplied({ document, rule }: RulePlace, id: string, pointer: string): readonly Violation[] {
  const target = document.rules.find((other) => other.id === id);
  if (target === undefined) return [violation(pointer, `"${id}" is no rule of this program`)];
  if (target.earn.form === 'multiplier')
    return [violation(pointer, `"${id}" is a multiplier; only rate and fixed rules can be multiplied`)];
  if (target.earn.form === 'fixed' && target.earn.once === true)
    return [violation(pointer, `"${id}" pays once per member; it cannot be multiplied`)];
  if (target.earn.form === 'target') return [violation(pointer, `"${id}" is a target; it cannot be multiplied`)];
  if (target.earn.form === 'none') return [violation(pointer, `"${id}" gives no points`)];
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
