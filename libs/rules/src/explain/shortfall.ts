import { parseMoney } from '@jifen/kernel';
import type { CompiledProgram, CompiledRule } from '../compile.ts';
import type { Operator } from '../condition/test.ts';
import type { Subject } from '../condition/words.ts';
import type { RuleTrace, Trace } from '../trace.ts';
import { moneyIn, withDecimals } from './explain.ts';

/** What an order lacks of a threshold of a rule. Whether reaching it pays is for a rating to say. */
export interface Shortfall {
  readonly rule: string;
  readonly unit: 'amount' | 'pieces';
  /** More of it, in minor units of the order's money or in pieces. */
  readonly missing: number;
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
  if (trace.kind !== 'order') return [];
  const rules = new Map(program.rules.map((rule) => [rule.id, rule]));
  return trace.rules.flatMap((traced): readonly Shortfall[] => {
    const rule = rules.get(traced.rule);
    // What is counted in another money than the cart's is missing in that one.
    if (rule === undefined || !('steps' in traced) || rule.money !== trace.money) return [];
    const nextAmount = nextOf(program, rule, traced, trace);
    return [
      ...ofConditions(traced),
      ...(nextAmount === undefined ? [] : [{ rule: rule.id, unit: 'amount' as const, missing: nextAmount }]),
    ];
  });
}

const MORE: Readonly<Partial<Record<Operator, number>>> = { atLeast: 0, moreThan: 1 };

const ofConditions = ({ rule, steps }: TracedRule): readonly Shortfall[] =>
  steps.flatMap((step) => {
    if (step.step !== 'test' || step.holds) return [];
    const { actual, value } = step;
    const [unit, above] = [UNITS[step.subject], MORE[step.op]];
    if (unit === undefined || above === undefined || typeof actual !== 'number' || typeof value !== 'number') return [];
    return [{ rule, unit, missing: value - actual + above }];
  });

function nextOf(
  { document }: CompiledProgram,
  { id, money }: CompiledRule,
  { basis }: TracedRule,
  { bases }: Trace,
): number | undefined {
  const earn = document.rules.find((rule) => rule.id === id)?.earn;
  const amount = basis === undefined ? undefined : bases?.[basis]?.amount;
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
  { rule, unit, missing }: Shortfall,
  gives: number,
): { readonly en: string; readonly zh: string } {
  const compiled = rules.find(({ id }) => id === rule);
  const decimals = document.currencies.find(({ code }) => code === compiled?.currency)?.decimals ?? 0;
  const points = withDecimals(gives, decimals);
  const amount = moneyIn(compiled?.money ?? '');
  const en = unit === 'amount' ? amount(missing) : missing === 1 ? '1 piece' : `${missing} pieces`;
  const zh = unit === 'amount' ? amount(missing) : `${missing} 件`;
  const currency = compiled?.currency ?? '';
  return {
    en: `${en} more and rule ${rule} gives ${points} ${currency} more.`,
    zh: `再加 ${zh}，规则 ${rule} 可多得 ${points} ${currency}。`,
  };
}
