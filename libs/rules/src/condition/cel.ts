import { DAY, errorText } from '@jifen/kernel';
import type { RuleContext } from '../compile.ts';
import { textsOf } from '../facts.ts';
import { keptAmount, keptQuantity } from '../order/kept.ts';
import { useData, useFact } from '../order/use.ts';
import type { Run } from '../run.ts';
import { NONE, violation } from '../violation.ts';
import { currencyDecimals } from '@jifen/kernel';
import {
  CEL_FUNCTIONS,
  celEnvironment,
  MAX_CEL_COST,
  readCel,
  type CelReading,
  type CelVariable,
} from './cel-environment.ts';
import type { ConditionKind } from './condition.ts';
import { benefitsOf } from './member.ts';

export interface CelStep {
  readonly expression: string;
  /** It asked for what is not there, divided by zero or the like: that counts as no. */
  readonly failed?: true | undefined;
  readonly holds: boolean;
  readonly step: 'cel';
}

/** A free condition; checked and bounded when the program is validated, compiled once per version. */
export const cel: ConditionKind<'cel'> = {
  violations: (expression, { rule }, pointer) => {
    try {
      const parsed = celEnvironment.parse(expression);
      const { cost, forbidden, variables } = readCel(parsed.ast);
      if (forbidden !== undefined)
        return [violation(pointer, `"${forbidden}" cannot be called; there are ${CEL_FUNCTIONS.join(', ')}`)];
      if (cost > MAX_CEL_COST)
        return [violation(pointer, `could take ${cost} steps, of at most ${MAX_CEL_COST}: loop over less`)];
      const kind = 'order' in rule.when ? ['data', 'activity'] : ['order', 'lines'];
      const foreign = kind.find((name) => variables.has(name));
      if (foreign !== undefined) return [violation(pointer, `"${foreign}" is not there for ${whenText(rule.when)}`)];
      const { valid, type, error } = parsed.check();
      if (!valid) return [violation(pointer, `is no expression: ${summaryOf(error)}`)];
      return type === 'bool' || type === 'dyn' ? NONE : [violation(pointer, `must be true or false, but is ${type}`)];
    } catch (error) {
      return [violation(pointer, `is no expression: ${summaryOf(error)}`)];
    }
  },

  compile: (expression, context) => {
    const evaluate = celEnvironment.parse(expression);
    evaluate.check();
    const reading = readCel(evaluate.ast);
    noteUse(reading, context);
    const read = [...reading.variables].flatMap((name) => (isVariable(name) ? [[name, READ[name]] as const] : []));
    return (run, steps) => {
      let result: unknown;
      let failed: true | undefined;
      try {
        result = evaluate(Object.fromEntries(read.map(([name, value]) => [name, value(run)])));
      } catch (error) {
        if (!isCelError(error)) throw error;
        failed = true;
      }
      const holds = result === true;
      steps.push({ expression, failed, holds, step: 'cel' });
      return holds;
    };
  },
};

const whenText = (when: object): string => ('order' in when ? 'orders' : 'activities');

/** The evaluator throws errors of its own, which have a code; anything else is a fault of ours. */
const isCelError = (error: unknown): boolean => error instanceof Error && 'code' in error && 'summary' in error;

function summaryOf(error: unknown): string {
  if (error instanceof Error && 'summary' in error && typeof error.summary === 'string') return error.summary;
  return errorText(error);
}

function noteUse({ variables, keys }: CelReading, { use }: RuleContext): void {
  if (keys.facts === 'all') use.facts = 'all';
  else for (const key of keys.facts) useFact(use, key);
  if (keys.data === 'all') use.data = 'all';
  else for (const key of keys.data) useData(use, key);
  for (const list of ['tags', 'segments']) if (variables.has(list)) useFact(use, list);
  if (variables.has('tier') || variables.has('benefits')) use.tier = true;
  if (!variables.has('order') && !variables.has('lines')) return;
  use.whole = true;
  use.shipping = true;
  use.place = true;
  use.payments = true;
  use.quantity = true;
}

const isVariable = (name: string): name is CelVariable => Object.hasOwn(READ, name);

const wall = (run: Run): Date => new Date(run.program.calendar.wall(run.at()));
const major = (run: Run, minor: number): number => minor / 10 ** currencyDecimals(run.order().order.currency);
const defined = <Value>(record: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, Value] => entry[1] !== undefined));

const READ: Readonly<Record<CelVariable, (run: Run) => unknown>> = {
  activity: ({ input }) => (input.kind === 'activity' ? input.type : ''),
  source: ({ input }) => input.source,
  date: (run) => wall(run).toISOString().slice(0, 10),
  time: (run) => wall(run).toISOString().slice(11, 16),
  month: (run) => BigInt(wall(run).getUTCMonth() + 1),
  day: (run) => BigInt(wall(run).getUTCDate()),
  // 1 January 1970 was a Thursday; Monday is 1.
  weekday: (run) => BigInt(((Math.floor(wall(run).getTime() / DAY) + 3) % 7) + 1),
  tier: ({ input }) => input.tier ?? '',
  benefits: benefitsOf,
  tags: (run) => textsOf(run.fact('tags')),
  segments: (run) => textsOf(run.fact('segments')),
  facts: ({ input }) => input.facts ?? {},
  data: ({ input }) => (input.kind === 'activity' ? (input.data ?? {}) : {}),
  order: (run) => {
    const { order, due, lines } = run.order();
    const left = lines.reduce((sum, line) => sum + keptAmount(line), 0);
    return defined<unknown>({
      status: order.status,
      currency: order.currency,
      channel: order.channel,
      store: order.store,
      due: major(run, due),
      left: major(run, left),
      attributes: order.attributes ?? {},
    });
  },
  lines: (run) =>
    run.order().lines.flatMap((settled) => {
      const { sku, product, category, tags } = settled.line;
      if (settled.keep === 0) return [];
      const quantity = BigInt(keptQuantity(settled));
      return [
        defined<unknown>({ sku, product, category, tags: tags ?? [], quantity, left: major(run, keptAmount(settled)) }),
      ];
    }),
};
