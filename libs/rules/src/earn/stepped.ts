import type { SteppedRateEarn } from '@jifen/contracts';
import { divideRounded, parseDecimal, parseMoney, pointsFromBigInt, powerOfTen, present } from '@jifen/kernel';
import type { RoundingMode } from '@jifen/kernel';
import { ROUNDED, type StepWords } from '../explain/sentence.ts';
import { ruleMoney } from '../rule-money.ts';
import type { Step } from '../trace.ts';
import { violation } from '../violation.ts';
import { amountViolations, compileAmount } from './amount.ts';
import type { EarnForm } from './earn-form.ts';

export interface BandStep {
  /** Of the amount, by this step of the rate. */
  readonly amount: number;
  readonly from: string;
  readonly mode: 'proportional' | 'per-full-unit';
  readonly per: string;
  readonly points: string;
  readonly step: 'band';
}

export interface BandsStep {
  readonly result: number;
  readonly rounding: RoundingMode;
  readonly step: 'bands';
}

interface Band {
  readonly from: number;
  readonly text: string;
  readonly points: string;
  /** Points in smallest units × 10^scale. */
  readonly numerator: bigint;
}

/** Points per amount that grow with the amount (E03): exact over all steps, and rounded once. */
export const stepped: EarnForm<'stepped'> = {
  violations: (earn, place, pointer) => {
    const currency = ruleMoney(place.document, place.rule);
    const per = parseMoney(earn.per, currency);
    const amount = `with no more decimals than ${currency} has`;
    let below = -1;
    return [
      ...amountViolations(earn, place, pointer),
      ...(per.ok && per.value > 0 ? [] : [violation(`${pointer}/per`, `must be an amount greater than 0 ${amount}`)]),
      ...earn.steps.flatMap(({ from }, index) => {
        const parsed = parseMoney(from, currency);
        const at = `${pointer}/steps/${index}/from`;
        if (!parsed.ok) return [violation(at, `must be an amount ${amount}`)];
        const before = below;
        below = parsed.value;
        if (index === 0) return parsed.value === 0 ? [] : [violation(at, 'the first step must start at 0')];
        return parsed.value > before ? [] : [violation(at, 'must be greater than that of the step before')];
      }),
    ];
  },

  compile: (earn, context) => {
    const { apply, per, mode = 'proportional', rounding = 'floor' } = earn;
    const amountOf = compileAmount(earn, context);
    const scale = Math.max(...earn.steps.map(({ points }) => present(parseDecimal(points), 'points').scale));
    const bands = earn.steps.map((step) => bandOf(step, context.money, context.decimals, scale));
    const money = parseMoney(per, context.money);
    const perMinor = BigInt(money.ok ? money.value : 1);
    const worth = (part: number, { numerator }: Band): bigint =>
      mode === 'per-full-unit' ? (BigInt(part) / perMinor) * perMinor * numerator : BigInt(part) * numerator;
    return {
      form: 'stepped',
      rank: 'base',
      evaluate: (run) => {
        const { amount, basis, steps: before, why } = amountOf(run);
        if (why !== undefined) return { target: 0, steps: before, basis, why };
        const steps: Step[] = [...before];
        let exact = 0n;
        bands.forEach((band, index) => {
          const end = bands[index + 1]?.from ?? Number.POSITIVE_INFINITY;
          const whole = amount >= band.from && amount < end ? amount : 0;
          const part = apply === 'whole' ? whole : Math.max(0, Math.min(amount, end) - band.from);
          if (part === 0) return;
          exact += worth(part, band);
          steps.push({ amount: part, from: band.text, mode, per, points: band.points, step: 'band' });
        });
        const target = pointsFromBigInt(divideRounded(exact, perMinor * powerOfTen(scale), rounding));
        steps.push({ result: target, rounding, step: 'bands' });
        return { target, steps, basis, why: target === 0 ? 'rounds-to-nothing' : undefined };
      },
    };
  },
};

function bandOf(
  { from: text, points }: SteppedRateEarn['steps'][number],
  money: string,
  decimals: number,
  scale: number,
): Band {
  const from = parseMoney(text, money);
  const value = present(parseDecimal(points), 'points');
  return {
    from: from.ok ? from.value : 0,
    text,
    points,
    numerator: value.units * powerOfTen(scale - value.scale) * powerOfTen(decimals),
  };
}

export const steppedWords: { readonly band: StepWords<BandStep>; readonly bands: StepWords<BandsStep> } = {
  band: {
    en: ({ amount, from, mode, per, points }, { money }) =>
      `${money(amount)} by the step from ${from}: ${points} points per ${mode === 'per-full-unit' ? 'full ' : ''}${per}.`,
    zh: ({ amount, from, mode, per, points }, { money }) =>
      `${money(amount)} 适用 ${from} 起的阶梯：每${mode === 'per-full-unit' ? '满 ' : ' '}${per} 计 ${points} 分。`,
  },
  bands: {
    en: ({ result, rounding }, { points }) => `Together, ${ROUNDED.en[rounding]}: ${points(result)} points.`,
    zh: ({ result, rounding }, { points }) => `合计，${ROUNDED.zh[rounding]}：${points(result)} 分。`,
  },
};
