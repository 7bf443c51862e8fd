import type { ProgramDocument } from '@jifen/contracts';
import type { LogReader } from '@jifen/event-store';
import { instant, memberKey, partitionOf } from '@jifen/kernel';
import { validateProgram } from '@jifen/rules';
import { memoryRules, type MemoryRules } from '../memory/memory-rules.ts';
import { sharedBudgets } from '../memory/memory-budgets.ts';
import type { RulesTables } from '../ports.ts';
import type { NamedDocument } from '../program-versions.ts';
import type { Decode } from './decode.ts';
import { membersOf, type HistoryControl, type HistorySlice } from './history.ts';
import { itemsOf, memberOutcome } from './member-outcome.ts';
import { Tally, type Totals } from './tally.ts';

/** Members whose standings are read at a time. */
const OWNERS_PER_QUERY = 200;

export interface HistoryParts<Sql> {
  /** The activity log, to read. */
  readonly activities: LogReader;
  readonly tables: Pick<RulesTables<Sql>, 'timelinesOf' | 'factsOf'>;
  readonly sql: Sql;
  readonly decode: Decode;
}

/** Two valid documents with the names that they have in the report. */
export interface Comparison {
  readonly candidate: NamedProgram;
  readonly baseline: NamedProgram;
}

export interface NamedProgram extends NamedDocument {
  readonly document: ProgramDocument;
}

/** What was valid when it was asked for, read again; throws a `RangeError` where it is not any more. */
export function readComparison({ candidate, baseline }: Record<keyof Comparison, NamedDocument>): Comparison {
  const read = (given: NamedDocument): NamedProgram => {
    const validation = validateProgram(given.document);
    if (!validation.ok) throw new RangeError(`${given.name} is not valid any more`);
    return { ...given, document: validation.document };
  };
  return { candidate: read(candidate), baseline: read(baseline) };
}

export interface HistoryReport extends Totals {
  readonly candidate: string;
  readonly baseline: string;
  readonly percent: number;
  /** Of this one alone. */
  readonly member?: string;
  readonly since?: string;
}

/** Rates a slice of history under two programs, member by member, and adds up the difference. Reads only. */
export async function simulateHistory<Sql>(
  parts: HistoryParts<Sql>,
  comparison: Comparison,
  slice: HistorySlice,
  control: HistoryControl & { readonly total: (events: number) => void },
): Promise<HistoryReport> {
  const programs = compared(slice.program, comparison);
  const tally = new Tally(comparison.candidate.document, comparison.baseline.document);
  // The snapshot: what is recorded from now on is not looked at.
  const heads = await parts.activities.heads();
  const only = slice.member && partitionOf(memberKey(slice.program, slice.member), parts.activities.partitions);
  const places = [...heads.entries()].filter(([partition]) => only === undefined || partition === only);
  control.total(places.reduce((sum, [, head]) => sum + head, 0));
  for (const [partition, head] of places) {
    const members = await membersOf(parts.activities, { partition, head }, slice, control);
    for (let start = 0; start < members.length; start += OWNERS_PER_QUERY) {
      const some = members.slice(start, start + OWNERS_PER_QUERY);
      const owners = some.map(({ owner }) => owner);
      const timelines = await parts.tables.timelinesOf(parts.sql, owners);
      const facts = await parts.tables.factsOf(parts.sql, owners);
      for (const member of some) {
        const { owner } = member;
        const known = { owner, timeline: timelines.get(owner) ?? [], facts: facts.get(owner) ?? [] };
        tally.add(await memberOutcome(programs, { ...known, items: itemsOf(member.events, parts.decode) }));
        await control.pause();
      }
    }
  }
  const { percent, since, member } = slice;
  const names = { candidate: comparison.candidate.name, baseline: comparison.baseline.name };
  return {
    ...names,
    percent,
    ...(member === undefined ? {} : { member }),
    ...(since === undefined ? {} : { since: instant(since) }),
    ...tally.report(),
  };
}

export interface ComparedPrograms {
  readonly candidate: MemoryRules;
  readonly baseline: MemoryRules;
  readonly moneyCurrency: string;
}

/** All members of a run share fresh budgets: first come, first served, in the order in which the run goes through them. */
export const compared = (program: string, { candidate, baseline }: Comparison): ComparedPrograms => ({
  candidate: memoryRules(
    program,
    [{ version: Math.max(1, candidate.version), document: candidate.document }],
    sharedBudgets(),
  ),
  baseline: memoryRules(
    program,
    [{ version: Math.max(1, baseline.version), document: baseline.document }],
    sharedBudgets(),
  ),
  moneyCurrency: candidate.document.moneyCurrency,
});
