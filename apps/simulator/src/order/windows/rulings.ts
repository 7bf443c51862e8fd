import { decideAwards, memoryBudgets, memoryTables, type AwardRuling, type ProgramCatalog } from '@jifen/app-rules';
import type { EventStore, MemorySql } from '@jifen/event-store';
import type { RatingMade } from '@jifen/contracts';
import type { Random } from '../../random.ts';

const MAX_EVENTS = 10_000;

/** Award → what is said about it, by the time that everything was said. */
export type Rulings = ReadonlyMap<string, readonly AwardRuling[]>;

/** Of each award: nothing, a rejection, or one or two approvals, the second of more. */
export function randomRulings(random: Random, awards: Iterable<string>): Rulings {
  const rulings = [...awards].sort().map((awardId) => {
    const first = random.between(1, 300);
    const approve = (points: number): AwardRuling => ({ awardId, verdict: 'approve', points, actor: 'a' });
    const reject: AwardRuling = { awardId, verdict: 'reject', points: 0, actor: 'b', reason: 'no' };
    const told = random.pick([
      [],
      [reject],
      [approve(first)],
      [approve(first), approve(first + random.between(1, 300))],
    ]);
    return [awardId, told] as const;
  });
  return new Map(rulings);
}

/** What is granted of an award in the end: what is due, as far as it was ever approved. */
export const grantedBy = (rulings: Rulings, awardId: string, due: number): number => {
  const approved = (rulings.get(awardId) ?? []).map(({ verdict, points }) => (verdict === 'approve' ? points : 0));
  return Math.min(due, Math.max(0, ...approved));
};

/** Says some of it, in any order and again, about awards that are known by now. `all`: everything. */
export async function rule(
  program: string,
  store: EventStore<MemorySql>,
  catalog: ProgramCatalog<MemorySql>,
  rulings: Rulings,
  random: Random,
  all: boolean,
): Promise<void> {
  const events = await store.readLog(0, 0, MAX_EVENTS);
  const known = new Set(
    events.flatMap(({ data }) =>
      (JSON.parse(data) as RatingMade).awards.flatMap(({ awardId, approval }) => (approval?.due ? [awardId] : [])),
    ),
  );
  const said = [...known].flatMap((award) => rulings.get(award) ?? []).filter(() => all || random.chance(0.3));
  if (random.chance(0.5)) said.reverse();
  const answers = await decideAwards(
    { store, tables: memoryTables, catalog, budgets: memoryBudgets() },
    { program, rulings: said, meta: {} },
  );
  for (const answer of answers)
    if (!answer.ok && answer.refusal.code !== 'already_decided') throw new Error(answer.refusal.detail);
}
