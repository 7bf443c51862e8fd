import { decideFacts, inactive, isErased, MEMBER_UPDATED, memberStream } from '@jifen/activity';
import type { MemberProfile, MemberUpdated, Problem } from '@jifen/contracts';
import { decideAgain, type EventMeta, type EventStore } from '@jifen/event-store';
import { accept, instantFromMillis, memberKey, partitionOf, refuse, type Outcome } from '@jifen/kernel';
import type { Tables } from './ports.ts';
import { Streams } from './streams.ts';
import type { Place } from './submission.ts';

export interface UpdateMember {
  readonly program: string;
  readonly member: string;
  readonly profile: MemberProfile;
  readonly meta: EventMeta;
  /** The member is being erased: its facts may go, though nothing may come. */
  readonly erased?: boolean;
}

export interface MemberDependencies<Sql> {
  readonly store: EventStore<Sql>;
  readonly tables: Tables<Sql>;
  readonly clock: () => number;
}

/** Rolls back the half that was written before an identity turned out to be somebody else's. */
class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/**
 * Links identities and replaces the set of facts, both or neither; what is left out stays. The place is that of the facts
 * in force, if there are any: the same again writes nothing and has the same place.
 */
export async function updateMember<Sql>(
  { store, tables, clock }: MemberDependencies<Sql>,
  { program, member, profile, meta, erased = false }: UpdateMember,
): Promise<Outcome<{ readonly place?: Place }, Problem>> {
  const key = memberKey(program, member);
  const partition = partitionOf(key, store.partitions);
  const stream = memberStream(program, member);
  // What landed unseen is found as it is.
  return decideAgain(() =>
    store.transact({ partitions: [partition] }, async (tx) => {
      const standing = erased ? undefined : (await tables.standingsOf(tx.sql, [key])).get(key);
      if (standing !== undefined && isErased(standing)) return refuse(inactive(standing));
      const taken = await tables.linkIdentities(tx.sql, program, member, profile.identities ?? []);
      if (taken.length > 0) throw new Refused(identityConflict(profile, taken));
      const streams = await Streams.load(tx, [stream]);
      const known = streams.get<MemberUpdated>(stream);
      const occurredAt = instantFromMillis(clock());
      const event = profile.facts && decideFacts(known.state, { program, member, facts: profile.facts, occurredAt });
      const place =
        event === undefined
          ? known.place
          : streams.append({ stream, key, type: MEMBER_UPDATED, partition, occurredAt, meta }, event);
      return accept(place === undefined ? {} : { place });
    }),
  ).catch((error: unknown) => {
    if (error instanceof Refused) return refuse(error.problem);
    throw error;
  });
}

function identityConflict(
  profile: MemberProfile,
  taken: readonly { readonly namespace: string; readonly value: string }[],
): Problem {
  const errors = (profile.identities ?? []).flatMap(({ namespace, value }, index) =>
    taken.some((other) => other.namespace === namespace && other.value === value)
      ? [{ pointer: `/identities/${index}`, message: 'belongs to another member' }]
      : [],
  );
  return { code: 'identity_conflict', detail: 'an identity belongs to another member', errors };
}
