import { formatToken, type Problem, type TierAssigned } from '@jifen/contracts';
import type { EventStore, Transaction } from '@jifen/event-store';
import { accept, instantFromMillis, memberKey, partitionOf, refuse, type Instant, type Outcome } from '@jifen/kernel';
import { placeOf } from '@jifen/tiering';
import { needsUnder, standingUnder } from './positions.ts';
import type { LadderVersion, OwnedAssignment, TieringTables } from './ports.ts';
import { occasionOfNow, settle } from './settle.ts';

/** Tiers given by hand that a member may have had; each is a row that every look at the member reads. */
export const MAX_ASSIGNMENTS = 200;

export interface AssignTier {
  readonly program: string;
  readonly member: string;
  /** Absent: what was given is taken back. */
  readonly tier: string | undefined;
  readonly until: Instant | undefined;
  readonly reason: string;
  readonly actor: string;
}

export interface Assigned {
  readonly member: string;
  /** Absent where the same was said before, and nothing was written. */
  readonly position?: string;
}

export interface AssignParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: TieringTables<Sql>;
}

const invalid = (pointer: string, message: string): Outcome<never, Problem> =>
  refuse({ code: 'invalid_request', detail: message, errors: [{ pointer, message }] });

/** Gives a member a tier by hand, or takes it back, from now on. The same as what holds already writes nothing. */
export const assignTier = <Sql>(
  { store, tables }: AssignParts<Sql>,
  command: AssignTier,
): Promise<Outcome<Assigned, Problem>> => {
  const owner = memberKey(command.program, command.member);
  const partition = partitionOf(owner, store.partitions);
  return store.transact({ partitions: [partition] }, async (tx) => {
    const ladder = (await tables.laddersInForce(tx.sql, [command.program], tx.now)).get(command.program);
    const now = instantFromMillis(tx.now);
    const known = await tables.assignmentsOf(tx.sql, [owner]);
    const refused = refusalOf(command, ladder, known.length, now);
    if (refused !== undefined) return refused;
    if (holdsAlready(known.at(-1), command, now)) return accept({ member: command.member });
    await tables.saveAssignment(tx.sql, { owner, at: now, ...wordOf(command) });
    await append(tx, tables, command, ladder, { owner, partition, now });
    const positions = new Map([[partition, tx.nextPosition(partition) - 1]]);
    return accept({ member: command.member, position: formatToken({ log: 'tier', positions }) });
  });
};

const wordOf = ({ tier, until, reason, actor }: AssignTier): Omit<OwnedAssignment, 'owner' | 'at'> => ({
  tier,
  until,
  reason,
  actor,
});

function refusalOf(
  { program, tier, until }: AssignTier,
  version: LadderVersion | undefined,
  known: number,
  now: Instant,
): Outcome<never, Problem> | undefined {
  if (version?.ladder === undefined)
    return refuse({ code: 'not_found', detail: `program ${program} has no ladder in force` });
  const codes = version.ladder.tiers.map(({ code }) => code);
  if (tier !== undefined && placeOf(version.ladder, tier) < 0)
    return invalid('/tier', `must be one of ${codes.join(', ')}`);
  if (until !== undefined && until <= now) return invalid('/until', 'must be later than now');
  return known < MAX_ASSIGNMENTS
    ? undefined
    : refuse({ code: 'too_many_assignments', detail: `the member has ${known} tiers given by hand` });
}

/** Nothing that holds is what is taken back from a member who was given nothing, or whose time is over. */
function holdsAlready(last: OwnedAssignment | undefined, { tier, until }: AssignTier, now: Instant): boolean {
  const over = last?.until !== undefined && last.until <= now;
  if (last === undefined || over) return tier === undefined;
  return last.tier === tier && last.until === until;
}

async function append<Sql>(
  tx: Transaction<Sql>,
  tables: TieringTables<Sql>,
  { program, member, tier, until, reason, actor }: AssignTier,
  ladder: LadderVersion | undefined,
  { owner, partition, now }: { readonly owner: string; readonly partition: number; readonly now: Instant },
): Promise<void> {
  if (ladder === undefined) return;
  const data: TierAssigned = {
    ...{ program, member, at: now, reason, actor },
    ...(tier === undefined ? {} : { tier }),
    ...(until === undefined ? {} : { until }),
  };
  const facts = (await tables.factsOf(tx.sql, [owner], needsUnder(ladder))).get(owner);
  const before = (await tables.standingsOf(tx.sql, [owner])).get(owner);
  const { row, events } = settle({
    place: { owner, program, member, partition },
    before,
    position: standingUnder(ladder, facts, tx.now),
    ladder,
    occasion: occasionOfNow(tx.now),
    now: tx.now,
    word: ['tier.assigned', data, now],
  });
  for (const event of events) tx.append(partition, event);
  await tables.saveStandings(tx.sql, [row]);
}
