import type { EarnRule, ProgramDocument, StackingGroup, Violation } from '@jifen/contracts';
import type { CompiledRule } from './compile.ts';
import type { ReasonWords } from './explain/sentence.ts';
import { NONE, repeated, violation } from './violation.ts';

/** A rule that would pay, with how much. */
export interface Candidate {
  readonly rule: CompiledRule;
  readonly target: number;
}

/** Why a rule does not pay although it would, and which rule is the cause. */
export interface Outranked {
  readonly by: string;
  readonly why: keyof typeof stackingReasons;
}

export interface Stacking {
  readonly groups: readonly StackingGroup[];
}

/** `undefined` where every rule pays whatever others do. */
export function compileStacking({ groups = [], rules }: ProgramDocument): Stacking | undefined {
  return rules.some(({ stacking }) => stacking !== undefined) ? { groups } : undefined;
}

/** The place in the list of the first rule that ends it, if that is before `stopped`. */
export function stopAfter(
  candidates: readonly Candidate[],
  stopped: CompiledRule | undefined,
): CompiledRule | undefined {
  let first = stopped;
  for (const { rule } of candidates) if (rule.stop && (first === undefined || rule.index < first.index)) first = rule;
  return first;
}

interface Survivors {
  readonly candidates: readonly Candidate[];
  readonly total: number;
  /** Where the first of them stands in the list. */
  readonly index: number;
}

/** Which candidates of one rank do not pay, by the groups that they are in (Q22). */
export function outranked({ groups }: Stacking, candidates: readonly Candidate[]): ReadonlyMap<string, Outranked> {
  const lost = new Map<string, Outranked>();
  const survivors = (group: StackingGroup): Survivors => {
    const inner = groups.filter((each) => each.in === group.id).map(survivors);
    const own = candidates.filter(({ rule }) => rule.group === group.id).map((candidate) => gather([candidate]));
    const parts = [...own, ...inner].filter((part) => part.candidates.length > 0).sort((a, b) => a.index - b.index);
    if (group.mode === 'stack' || group.mode === 'exclusive') return gather(parts.flatMap((part) => part.candidates));
    const [first] = parts;
    if (first === undefined) return gather([]);
    const best = parts.reduce((top, part) => (part.total > top.total ? part : top), first);
    const kept = group.mode === 'best' ? best : first;
    for (const part of parts) if (part !== kept) lose(part.candidates, kept, 'outranked');
    return kept;
  };
  const lose = (losers: readonly Candidate[], { candidates: [winner] }: Survivors, why: Outranked['why']): void => {
    for (const { rule } of losers) if (winner !== undefined) lost.set(rule.id, { by: winner.rule.id, why });
  };
  const tops = groups.filter((group) => group.in === undefined).map((group) => [group, survivors(group)] as const);
  const [exclusive] = tops
    .filter(([group, { candidates: kept }]) => group.mode === 'exclusive' && kept.length > 0)
    .map(([, kept]) => kept)
    .sort((a, b) => a.index - b.index);
  if (exclusive !== undefined) {
    const inside = new Set(exclusive.candidates);
    lose(
      candidates.filter((candidate) => !inside.has(candidate) && !lost.has(candidate.rule.id)),
      exclusive,
      'excluded',
    );
  }
  return lost;
}

const gather = (candidates: readonly Candidate[]): Survivors => ({
  candidates,
  total: candidates.reduce((sum, { target }) => sum + target, 0),
  index: candidates.reduce((least, { rule }) => Math.min(least, rule.index), Number.POSITIVE_INFINITY),
});

export function groupViolations({ groups = [] }: ProgramDocument): readonly Violation[] {
  const known = new Map(groups.map((group) => [group.id, group]));
  return [
    ...repeated(
      groups.map(({ id }) => id),
      (index) => `/groups/${index}/id`,
    ),
    ...groups.flatMap(({ id, mode, in: parent }, index) => {
      if (parent === undefined) return NONE;
      const pointer = `/groups/${index}/in`;
      if (!known.has(parent)) return [violation(pointer, `"${parent}" is no group of this program`)];
      if (mode === 'exclusive') return [violation(pointer, 'must be absent: an exclusive group stands alone')];
      const seen = new Set([id]);
      for (let up: string | undefined = parent; up !== undefined; up = known.get(up)?.in) {
        if (seen.has(up)) return [violation(pointer, 'must not lead back to the group itself')];
        seen.add(up);
      }
      return NONE;
    }),
  ];
}

export function stackingViolations(
  { id, stacking, currency, earn }: EarnRule,
  { groups = [], rules }: ProgramDocument,
  pointer: string,
): readonly Violation[] {
  const group = groups.find((each) => each.id === stacking?.group);
  if (stacking?.group === undefined) return NONE;
  const place = `${pointer}/stacking/group`;
  if (group === undefined) return [violation(place, `"${stacking.group}" is no group of this program`)];
  if (group.mode === 'stack' && group.in === undefined) return NONE;
  if (earn.form === 'target' || (earn.form === 'fixed' && earn.once === true))
    return [violation(place, 'must be absent: what pays once, or once a window, does not depend on one cause')];
  const other = rules.find((each) => each.id !== id && each.stacking?.group === group.id && each.currency !== currency);
  return group.mode === 'best' && other !== undefined
    ? [violation(place, `"${other.id}" earns ${other.currency}: the best of different points cannot be told`)]
    : NONE;
}

export const stackingReasons = {
  outranked: { en: 'another rule of its group pays instead', zh: '同组的另一规则优先' },
  excluded: { en: 'a rule that excludes others pays', zh: '已适用排他规则' },
  stopped: { en: 'a rule before it ends the list', zh: '列表中在前的规则已终止后续规则' },
} satisfies ReasonWords;
