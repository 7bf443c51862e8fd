import { decideStanding, isErased, STANDING_EVENTS, type Standing, type StandingReason } from '@jifen/activity';
import type { MemberStanding, Problem } from '@jifen/contracts';
import { decideAgain, type EventMeta, type EventStore } from '@jifen/event-store';
import { accept, instantFromMillis, memberKey, partitionOf, type Outcome } from '@jifen/kernel';
import type { Forgotten, Tables } from './ports.ts';
import { Streams } from './streams.ts';
import type { Place } from './submission.ts';
import { updateMember } from './update-member.ts';

export interface ChangeStanding {
  readonly program: string;
  readonly member: string;
  readonly standing: Standing;
  readonly reason: StandingReason;
  readonly actor: string;
  readonly meta: EventMeta;
}

export interface StandingDependencies<Sql> {
  /** Of the log `member`. */
  readonly members: EventStore<Sql>;
  /** Of the log `activity`. */
  readonly store: EventStore<Sql>;
  readonly tables: Tables<Sql>;
  readonly clock: () => number;
}

export interface StandingChanged {
  /** Of the last change, this one or the one before. */
  readonly place?: Place;
  readonly forgotten?: Forgotten;
}

/**
 * Deactivates, reactivates, anonymises or removes a member (Q36). To erase one drops its identities, its facts and the bytes of
 * kept records and dead letters that name it; the same again writes no event, and drops what came since or what a crash left.
 */
export async function changeStanding<Sql>(
  dependencies: StandingDependencies<Sql>,
  command: ChangeStanding,
): Promise<Outcome<StandingChanged, Problem>> {
  const changed = await record(dependencies, command);
  if (!changed.ok || !isErased(command.standing)) return changed;
  const { program, member, meta } = command;
  const facts = await updateMember(dependencies, { program, member, profile: { facts: {} }, meta, erased: true });
  return facts.ok ? changed : facts;
}

async function record<Sql>(
  { members, tables }: StandingDependencies<Sql>,
  { program, member, standing, reason, actor, meta }: ChangeStanding,
): Promise<Outcome<StandingChanged, Problem>> {
  const owner = memberKey(program, member);
  const partition = partitionOf(owner, members.partitions);
  return decideAgain(() =>
    members.transact({ partitions: [partition] }, async (tx) => {
      const streams = await Streams.load(tx, [owner]);
      const known = streams.get<MemberStanding>(owner);
      const at = instantFromMillis(tx.now);
      const asked = { program, member, standing, reason, actor, at };
      const decision = decideStanding(known.state?.standing ?? 'active', asked);
      if (!decision.ok) return decision;
      const { event } = decision.value;
      const type = STANDING_EVENTS[standing];
      const place =
        event === undefined
          ? known.place
          : streams.append({ stream: owner, key: owner, type, partition, occurredAt: at, meta }, event);
      if (event !== undefined) await tables.saveStanding(tx.sql, owner, standing);
      const forgotten = isErased(standing) ? await tables.forget(tx.sql, program, member) : undefined;
      return accept({
        ...(place === undefined ? {} : { place }),
        ...(forgotten === undefined ? {} : { forgotten }),
      });
    }),
  );
}

/** What the log says of the member; nothing when its standing was never changed. */
export async function readStanding<Sql>(
  members: EventStore<Sql>,
  program: string,
  member: string,
): Promise<MemberStanding | undefined> {
  const [last] = await members.readStreams(memberKey(program, member), 1);
  const standing = last === undefined ? undefined : (JSON.parse(last.data) as MemberStanding);
  return standing?.member === member ? standing : undefined;
}
