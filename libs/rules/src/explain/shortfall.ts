import { currencyDecimals, parseDecimal, parseMoney, powerOfTen } from '@jifen/kernel';
import type { CompiledProgram, CompiledRule } from '../compile.ts';
import type { Operator } from '../condition/test.ts';
import type { Subject } from '../condition/words.ts';
import type { RuleTrace, Step, Trace } from '../trace.ts';
import { moneyIn, withDecimals } from './explain.ts';

/** What an order lacks of a threshold of a rule. Whether reaching it pays is for a rating to say. */
export interface Shortfall {
  readonly rule: string;
  readonly unit: 'amount' | 'pieces';
  /** More of it, in minor units of the order's money or in pieces. */
  readonly missing: number;
  /** ISO code of an amount: the order's money, whatever the rule speaks of. */
  readonly money: string;
}

type TracedRule = Extract<RuleTrace, { steps: unknown }>;

const UNITS: Readonly<Partial<Record<Subject, Shortfall['unit']>>> = {
  'order-amount': 'amount',
  'lines-amount': 'amount',
  'order-quantity': 'pieces',
  'lines-quantity': 'pieces',
};

/** The next thresholds of the rules that were tried: bounds of conditions, steps of a rate, its next full unit. */
export function shortfalls(program: CompiledProgram, trace: Trace): readonly Shortfall[] {
  const { kind, money } = trace;
  if (kind !== 'order' || money === undefined) return [];
  const rules = new Map(program.rules.map((rule) => [rule.id, rule]));
  return trace.rules.flatMap((traced): readonly Shortfall[] => {
    const rule = rules.get(traced.rule);
    const inOrder = rule && 'steps' in traced ? backTo(money, rule, traced) : undefined;
    if (rule === undefined || !('steps' in traced) || inOrder === undefined) return [];
    const next = nextOf(program, rule, traced, trace);
    const lacks = [
      ...ofConditions(traced),
      ...(next === undefined ? [] : [{ unit: 'amount' as const, missing: next }]),
    ];
    return lacks.map(({ unit, missing }) => ({
      rule: rule.id,
      unit,
      missing: unit === 'amount' ? inOrder(missing) : missing,
      money,
    }));
  });
}

/**
 * From the rule's money back to the order's, rounded up: enough, and at most a minor unit more than needed. `undefined` where the
 * program has no rate for it.
 */
function backTo(money: string, rule: CompiledRule, { steps }: TracedRule): ((minor: number) => number) | undefined {
  if (rule.money === money) return (minor) => minor;
  const exchange = steps.find((step): step is Extract<Step, { step: 'exchange' }> => step.step === 'exchange');
  const rate = exchange && parseDecimal(exchange.rate);
  if (rate === undefined) return undefined;
  const numerator = powerOfTen(rate.scale + currencyDecimals(money));
  const denominator = rate.units * powerOfTen(currencyDecimals(rule.money));
  return (minor) => Number((BigInt(minor) * numerator + denominator - 1n) / denominator);
}

/** Rules whose expression does not hold for an order: how much more would make it hold, nobody can tell. */
export const untold = (trace: Trace): readonly string[] =>
  trace.rules.flatMap((traced) =>
    'steps' in traced && traced.steps.some((step) => step.step === 'cel' && !step.holds) ? [traced.rule] : [],
  );

const MORE: Readonly<Partial<Record<Operator, number>>> = { atLeast: 0, moreThan: 1 };

const ofConditions = ({ steps }: TracedRule): readonly Pick<Shortfall, 'missing' | 'unit'>[] =>
  steps.flatMap((step) => {
    if (step.step !== 'test' || step.holds) return [];
    const { actual, value } = step;
    const [unit, above] = [UNITS[step.subject], MORE[step.op]];
    if (unit === undefined || above === undefined || typeof actual !== 'number' || typeof value !== 'number') return [];
    return [{ unit, missing: value - actual + above }];
  });

/** In minor units of the rule's money. */
function nextOf(
  { document }: CompiledProgram,
  { id, money }: CompiledRule,
  { basis, steps }: TracedRule,
  { bases }: Trace,
): number | undefined {
  const earn = document.rules.find((rule) => rule.id === id)?.earn;
  const converted = steps.find((step): step is Extract<Step, { step: 'converted' }> => step.step === 'converted');
  const amount = converted?.result ?? (basis === undefined ? undefined : bases?.[basis]?.amount);
  if (amount === undefined) return undefined;
  const minor = (text: string): number => {
    const parsed = parseMoney(text, money);
    return parsed.ok ? parsed.value : 0;
  };
  if (earn?.form === 'stepped') {
    const next = earn.steps.map(({ from }) => minor(from)).find((from) => from > amount);
    return next === undefined ? undefined : next - amount;
  }
  if (earn?.form !== 'rate' || earn.mode !== 'per-full-unit') return undefined;
  const per = minor(earn.per);
  return per - (amount % per);
}

/** What more gives, in words. `gives` in the smallest unit of points. */
export function shortfallWords(
  { document, rules }: CompiledProgram,
  { rule, unit, missing, money }: Shortfall,
  gives: number,
): { readonly en: string; readonly zh: string } {
  const compiled = rules.find(({ id }) => id === rule);
  const decimals = document.currencies.find(({ code }) => code === compiled?.currency)?.decimals ?? 0;
  const points = withDecimals(gives, decimals);
  const amount = moneyIn(money);
  const en = unit === 'amount' ? amount(missing) : missing === 1 ? '1 piece' : `${missing} pieces`;
  const zh = unit === 'amount' ? amount(missing) : `${missing} 件`;
  const currency = compiled?.currency ?? '';
  return {
    en: `${en} more and rule ${rule} gives ${points} ${currency} more.`,
    zh: `再加 ${zh}，规则 ${rule} 可多得 ${points} ${currency}。`,
  };
}
