import type { EarnRule, ProgramDocument, Violation } from '@jifen/contracts';
import { parseDecimal, powerOfTen } from '@jifen/kernel';

/** A rule with the document that it stands in. */
export interface RulePlace {
  readonly document: ProgramDocument;
  readonly rule: EarnRule;
  readonly index: number;
  readonly pointer: string;
}

export const violation = (pointer: string, message: string): Violation => ({ pointer, message });

export const NONE: readonly Violation[] = [];

export function repeated(values: readonly string[], pointer: (index: number) => string): Violation[] {
  const known = new Set<string>();
  return values.flatMap((value, index) => {
    if (!known.has(value)) {
      known.add(value);
      return [];
    }
    return [violation(pointer(index), `"${value}" is used already; each must be unique`)];
  });
}

export function atLeastOne(text: string, pointer: string): readonly Violation[] {
  const factor = parseDecimal(text);
  const enough = factor !== undefined && factor.units >= powerOfTen(factor.scale);
  return enough ? NONE : [violation(pointer, 'must be a decimal number of at least 1')];
}
