import type { Condition, Violation } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import type { RulePlace } from '../violation.ts';
import type { Check } from './test.ts';

export type KindName = keyof Condition;
export type PartOf<Kind extends KindName> = NonNullable<Condition[Kind]>;

/** One kind of condition: everything that is to be known about it stands in its file. */
export interface ConditionKind<Kind extends KindName> {
  /** What the schema cannot say. */
  readonly violations: (part: PartOf<Kind>, place: RulePlace, pointer: string) => readonly Violation[];
  readonly compile: (part: PartOf<Kind>, context: RuleContext) => Check;
}
