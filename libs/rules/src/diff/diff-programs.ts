import { diffValues, keyed, type FieldChange } from './diff-values.ts';

export interface RuleChange {
  readonly rule: string;
  /** Pointers within the rule. */
  readonly fields: readonly FieldChange[];
}

/** How a program differs from another. Drafts need not be valid. */
export interface ProgramDiff {
  readonly rules: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly RuleChange[];
    /** Whether rules that both have stand in another order, which decides between rules of a group. */
    readonly reordered: boolean;
  };
  /** Everything but the rules. */
  readonly settings: readonly FieldChange[];
}

export function diffPrograms(before: unknown, after: unknown): ProgramDiff {
  const [was, is] = [rulesOf(before), rulesOf(after)];
  const kept = [...was.keys()].filter((rule) => is.has(rule));
  const keptAfter = [...is.keys()].filter((rule) => was.has(rule));
  return {
    rules: {
      added: [...is.keys()].filter((rule) => !was.has(rule)),
      removed: [...was.keys()].filter((rule) => !is.has(rule)),
      changed: kept.flatMap((rule) => {
        const fields = diffValues(was.get(rule), is.get(rule));
        return fields.length === 0 ? [] : [{ rule, fields }];
      }),
      reordered: kept.join('\n') !== keptAfter.join('\n'),
    },
    settings: diffValues(withoutRules(before), withoutRules(after)),
  };
}

export const isSame = ({ rules, settings }: ProgramDiff): boolean =>
  rules.added.length + rules.removed.length + rules.changed.length + settings.length === 0 && !rules.reordered;

function rulesOf(document: unknown): ReadonlyMap<string, unknown> {
  const rules = typeof document === 'object' && document !== null && 'rules' in document ? document.rules : undefined;
  if (!Array.isArray(rules)) return new Map();
  return keyed(rules) ?? new Map(rules.map((rule, index) => [String(index), rule]));
}

function withoutRules(document: unknown): unknown {
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'rules'));
}
