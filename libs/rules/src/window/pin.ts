import type { EarnRule, Limit, ProgramDocument, SharedLimit } from '@jifen/contracts';
import type { Instant } from '@jifen/kernel';
import type { CompiledProgram } from '../compile.ts';
import { inPoints, limitKey, sharedLimitKey } from './compile-window.ts';
import { windowAt, type CalendarPeriod } from './period.ts';

/** A version and when it began. */
export interface InForce {
  readonly from: Instant;
  readonly program: CompiledProgram;
}

const isCalendar = (per: unknown): per is CalendarPeriod => typeof per === 'string' && per !== 'lifetime';

/** Start of the longest calendar window that a program has around an instant; the instant itself without any. */
export function earliestStart({ windows, calendar }: CompiledProgram, at: Instant): Instant {
  let earliest = at;
  const limits = (windows?.limits ?? []).map(({ per }) => per).filter(isCalendar);
  const targets = (windows?.targets ?? []).map(({ window }) => window).filter((window) => typeof window === 'string');
  for (const per of new Set([...limits, ...targets])) {
    const { start } = windowAt(calendar, per, at);
    if (start < earliest) earliest = start;
  }
  return earliest;
}

/**
 * A window rule holds as the first version says that was in force inside its window and has it: nobody's target or limit is
 * moved while its quarter runs. Rolling and lifetime limits hold as the version of the cause says.
 *
 * `versions` are those in force from the earliest start on, in order; the last one is the cause's own. `targets` has the
 * target rules that another version holds, as that one says them. Answers nothing where the version says itself what holds.
 */
export function pin(
  versions: readonly InForce[],
  at: Instant,
  targets: ReadonlyMap<string, EarnRule>,
): ProgramDocument | undefined {
  const own = versions.at(-1);
  if (own === undefined) return undefined;
  const { calendar, document, version } = own.program;
  let changed = false;
  const inWindow = (per: CalendarPeriod): readonly InForce[] => {
    const { start } = windowAt(calendar, per, at);
    return versions.filter(({ from }, index) => {
      const next = versions[index + 1];
      return next === undefined || (next.from > start && next.from > from);
    });
  };
  const first = <T>(
    per: CalendarPeriod,
    find: (document: ProgramDocument) => T | undefined,
  ): [T, CompiledProgram] | undefined => {
    for (const { program } of inWindow(per)) {
      const found = find(program.document);
      if (found !== undefined) return [found, program];
    }
    return undefined;
  };
  const pinLimit = <T extends Limit | SharedLimit>(
    limit: T,
    currency: string,
    find: (document: ProgramDocument) => T | undefined,
  ): T => {
    const held = isCalendar(limit.per) ? first(limit.per, find) : undefined;
    if (held === undefined || held[1].version === version) return limit;
    changed = true;
    // A point is worth what it was then, too.
    return inPoints(held[1].document, currency, held[0]);
  };
  const pinRule = (rule: EarnRule): EarnRule => {
    const { earn } = rule;
    if (earn.form === 'target') {
      const held = targets.get(rule.id);
      if (held !== undefined) changed = true;
      return held === undefined ? rule : withBudgetsOf(rule, held);
    }
    if (rule.limits === undefined) return rule;
    const limits = rule.limits.map((limit) =>
      pinLimit(limit, rule.currency, (from) => sameLimit(from, rule.id, limit)),
    );
    return { ...rule, limits };
  };
  const rules = document.rules.map(pinRule);
  const shared = document.limits?.map((limit) =>
    pinLimit(limit, limit.currency, (from) =>
      from.limits?.find((other) => sharedLimitKey(other) === sharedLimitKey(limit)),
    ),
  );
  return changed ? { ...document, rules, ...(shared === undefined ? {} : { limits: shared }) } : undefined;
}

/** How much there is to give is no promise to a member: the newest version says it. */
function withBudgetsOf({ budgets }: EarnRule, { budgets: _, ...held }: EarnRule): EarnRule {
  return budgets === undefined ? held : { ...held, budgets };
}

const sameLimit = (document: ProgramDocument, rule: string, limit: Limit): Limit | undefined =>
  document.rules
    .find(({ id }) => id === rule)
    ?.limits?.find((other) => limitKey(rule, other) === limitKey(rule, limit));
