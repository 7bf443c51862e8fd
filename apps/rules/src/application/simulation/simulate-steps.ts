import type { ProgramTestCase, Violation } from '@jifen/contracts';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import type { RulesItem } from '../cause.ts';
import { arrivalsOf, PROGRAM } from '../program-test/given.ts';
import { memberOutcome } from './member-outcome.ts';
import { compared, type Comparison } from './simulate-history.ts';
import { Tally, type Totals } from './tally.ts';

/**
 * Rates steps as tests of programs have them (orders, activities, facts and tiers of any members) under two programs, in memory.
 * Pointers of what is wrong with them are into the steps.
 */
export async function simulateSteps(
  comparison: Comparison,
  { at, given }: Pick<ProgramTestCase, 'at' | 'given'>,
): Promise<Outcome<Totals, readonly Violation[]>> {
  const { candidate, baseline } = comparison;
  const steps = { name: 'simulation', given, expect: {}, ...(at === undefined ? {} : { at }) };
  const arrivals = arrivalsOf(steps, candidate.document);
  if (!arrivals.ok) return arrivals;
  const byOwner = new Map<string, RulesItem[]>();
  for (const [index, { item }] of arrivals.value.entries()) {
    if (item.kind === 'decision')
      return refuse([{ pointer: `/given/${index}`, message: 'must be absent: nothing waits for a decision yet' }]);
    const own = byOwner.get(item.owner);
    if (own === undefined) byOwner.set(item.owner, [item]);
    else own.push(item);
  }
  const programs = compared(PROGRAM, comparison);
  const tally = new Tally(candidate.document, baseline.document);
  for (const [owner, items] of byOwner)
    tally.add(await memberOutcome(programs, { owner, items, timeline: [], facts: [] }));
  return accept(tally.report());
}
