import {
  validateMemberStanding,
  validateProgramDocument,
  validateProgramPublished,
  validateRatingMade,
  validateTierChanged,
  type MemberStanding,
  type RatingMade,
} from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, partitionOf, type Outcome } from '@jifen/kernel';
import { policyPart, type LedgerEvent } from '@jifen/ledger';
import {
  broken,
  contentOf,
  createConsumer,
  memberContentOf,
  TOPIC_OF_LOG,
  type Consumer,
  type Delivered,
  type Envelope,
  type FlushCounts,
  type MemberFailure,
  type Message,
  type Undecodable,
} from '@jifen/messaging';
import type { MemberReads } from '../application/commands/currencies.ts';
import type { Accounts, MemberTier, Programs, PublishedPolicy, Standings } from '../application/ports.ts';
import { EVIDENCE_TOPIC } from '../application/breach.ts';
import { postRatings } from '../application/post-ratings.ts';
import { takeAll } from '../application/take-all.ts';

export interface RatingConsumerOptions<Sql> {
  readonly store: EventStore<Sql>;
  readonly accounts: Accounts<Sql>;
  readonly programs: Programs<Sql>;
  readonly standings: Standings<Sql>;
  readonly members: MemberReads<Sql>;
  readonly maxBatch?: number;
  readonly observe?: (counts: FlushCounts) => void;
  /** Told what a flush decided; it may still be rolled back and decided again. */
  readonly posted?: (events: readonly LedgerEvent[]) => void;
  /** Told of members whose books would not add up; they are parked. */
  readonly breached?: (failures: readonly MemberFailure[]) => void;
}

export type LedgerItem =
  | { readonly kind: 'rating'; readonly rating: RatingMade }
  | { readonly kind: 'policy'; readonly policy: PublishedPolicy }
  | { readonly kind: 'tier'; readonly tier: MemberTier }
  | { readonly kind: 'standing'; readonly standing: MemberStanding }
  | { readonly kind: 'evidence' }
  | { readonly kind: 'news' };

/** Posts ratings: `jifen.rating.v1` → ledger log, accounts, lots; keeps policies of `jifen.program.v1`, tiers of `jifen.tier.v1`, who takes part of `jifen.member.v1`. */
export function createRatingConsumer<Sql>(options: RatingConsumerOptions<Sql>): Consumer {
  const { store, accounts, programs, standings } = options;
  const parts = { ...options, partitions: store.partitions };
  return createConsumer<Sql, LedgerItem>({
    group: 'ledger',
    topics: [TOPIC_OF_LOG.rating, TOPIC_OF_LOG.program, TOPIC_OF_LOG.tier, TOPIC_OF_LOG.member],
    ...(options.maxBatch === undefined ? {} : { maxBatch: options.maxBatch }),
    store,
    decode,
    apply: async (tx, items) => {
      for (const { item } of items) if (item.kind === 'policy') await programs.savePolicy(tx.sql, item.policy);
      const tiers = items.flatMap(({ item }) => (item.kind === 'tier' ? [item.tier] : []));
      if (tiers.length > 0) await programs.saveTiers(tx.sql, tiers);
      const changed = items.flatMap(({ item }) => (item.kind === 'standing' ? [item.standing] : []));
      if (changed.length > 0)
        await standings.saveStandings(tx.sql, changed, (owner) => partitionOf(owner, store.partitions));
      const [{ failures, events }, inactive] = await Promise.all([
        postRatings(tx, accounts, ratingsOf(items)),
        standings.standingsOf(tx.sql, ownersOf(items)),
      ]);
      // Whoever fails is parked, and then the flush is decided again without it.
      const taken = failures.length > 0 ? { failures, events: [] } : await takeAll(tx, parts, inactive);
      if (taken.failures.length > 0) options.breached?.(taken.failures);
      if (events.length + taken.events.length > 0) options.posted?.([...events, ...taken.events]);
      return taken.failures;
    },
    // A rating of another partition's activity says nothing about how far this one has come.
    origin: ({ item, message }) =>
      item.kind === 'rating' && item.rating.origin.partition === message.partition ? item.rating.origin : undefined,
    ...(options.observe === undefined ? {} : { observe: options.observe }),
  });
}

const ratingsOf = (items: readonly Delivered<LedgerItem>[]): readonly Delivered<RatingMade>[] =>
  items.flatMap(({ item, envelope, message }) =>
    item.kind === 'rating' ? [{ item: item.rating, envelope, message }] : [],
  );

/** Whose accounts the items may have changed. */
function ownersOf(items: readonly Delivered<LedgerItem>[]): readonly string[] {
  const owners = new Set<string>();
  for (const { item, message } of items) {
    const changes = item.kind === 'standing' || (item.kind === 'rating' && item.rating.awards.length > 0);
    if (changes) owners.add(message.key);
  }
  return [...owners];
}

export function decode(message: Message, { type }: Envelope): Outcome<LedgerItem, Undecodable> {
  if (message.topic === EVIDENCE_TOPIC) return accept({ kind: 'evidence' });
  if (message.topic === TOPIC_OF_LOG.program) return decodeProgram(message);
  if (message.topic === TOPIC_OF_LOG.member) return decodeStanding(message);
  // Besides where members stand, the topic carries what they are told.
  if (message.topic === TOPIC_OF_LOG.tier)
    return type === 'tier.changed' ? decodeTier(message) : accept({ kind: 'news' });
  const rating = memberContentOf(message, validateRatingMade);
  return rating.ok ? accept({ kind: 'rating', rating: rating.value }) : rating;
}

function decodeProgram(message: Message): Outcome<LedgerItem, Undecodable> {
  const published = contentOf(message, validateProgramPublished);
  if (!published.ok) return broken(published.violations);
  const document = validateProgramDocument(published.value.document);
  if (!document.ok) return broken(document.violations);
  const { program, version, effectiveFrom } = published.value;
  return accept({ kind: 'policy', policy: { program, version, effectiveFrom, part: policyPart(document.value) } });
}

function decodeStanding(message: Message): Outcome<LedgerItem, Undecodable> {
  const standing = memberContentOf(message, validateMemberStanding);
  return standing.ok ? accept({ kind: 'standing', standing: standing.value }) : standing;
}

function decodeTier(message: Message): Outcome<LedgerItem, Undecodable> {
  const changed = memberContentOf(message, validateTierChanged);
  if (!changed.ok) return changed;
  const { key: owner, partition } = message;
  return accept({ kind: 'tier', tier: { owner, partition, tier: changed.value.tier } });
}
