import {
  validateActivityRecorded,
  validateMemberUpdated,
  validateOrderRecorded,
  validateTierChanged,
} from '@jifen/contracts';
import type { EventStore } from '@jifen/event-store';
import { accept, refuse, type Outcome } from '@jifen/kernel';
import {
  createConsumer,
  memberContentOf,
  metaOfAnswer,
  TOPIC_OF_LOG,
  type Consumer,
  type Envelope,
  type FlushOptions,
  type Message,
  type Undecodable,
} from '@jifen/messaging';
import type { PoolClient } from 'pg';
import type { RateParts } from '../application/batch-session.ts';
import { causeOf, type CauseItem, type RulesItem } from '../application/cause.ts';
import { rateBatch } from '../application/rate-batch.ts';
import type { Queryable } from './queryable.ts';

/** The events that rules reads, by `ce_type`; a type of tomorrow becomes a dead letter that can be redriven. */
const KINDS = {
  'order.recorded': 'order',
  'activity.recorded': 'activity',
  'member.updated': 'member',
  'tier.changed': 'tier',
  'tier.near-upgrade': 'news',
  'tier.kept': 'news',
  'tier.will-downgrade': 'news',
  'tier.assigned': 'news',
} as const;

/** Told to members; no rating depends on it. */
interface News {
  readonly kind: 'news';
}

const isKnown = (type: string): type is keyof typeof KINDS => Object.hasOwn(KINDS, type);

export function decode(message: Message, envelope: Envelope): Outcome<RulesItem | News, Undecodable> {
  const { type, sequence } = envelope;
  if (!isKnown(type)) return refuse({ reason: 'type', detail: `no such event: ${type}` });
  const meta = metaOfAnswer(envelope);
  const owner = message.key;
  const place = { owner, partition: message.partition, position: sequence, meta };
  switch (KINDS[type]) {
    case 'order':
      return owned(memberContentOf(message, validateOrderRecorded), (event) => {
        const cause = causeOf(owner, { kind: 'order', event });
        return { ...place, kind: 'order', event, cause };
      });
    case 'activity':
      return owned(memberContentOf(message, validateActivityRecorded), (event) => {
        const cause = causeOf(owner, { kind: 'activity', event });
        return { ...place, kind: 'activity', event, cause };
      });
    case 'member':
      return owned(memberContentOf(message, validateMemberUpdated), (event) => {
        const cause = causeOf(owner, { kind: 'member', event });
        return { ...place, kind: 'member', event, cause };
      });
    case 'tier':
      return owned(memberContentOf(message, validateTierChanged), (event) => ({ ...place, kind: 'tier', event }));
    case 'news':
      return accept({ kind: 'news' });
  }
}

const owned = <T>(content: Outcome<T, Undecodable>, item: (event: T) => RulesItem): Outcome<RulesItem, Undecodable> =>
  content.ok ? accept(item(content.value)) : content;

export interface RulesConsumerParts extends RateParts<Queryable> {
  readonly store: EventStore<PoolClient>;
  /** Sees every flush; must neither wait nor throw. */
  readonly watch?: (items: readonly RulesItem[]) => void;
  /** Called after a flush that left something to tell members of any partition. */
  readonly referred?: () => void;
  /** Hears of a flush, once it is saved, which orders and activities no version of a program was in force for. */
  readonly unrated?: (causes: readonly CauseItem[]) => void;
  readonly observe?: FlushOptions<PoolClient, RulesItem | News>['observe'];
}

/** Rates every activity that is recorded and rates again what a changed tier touches, in one transaction a flush. */
export function createRulesConsumer({
  store,
  observe,
  watch,
  referred,
  unrated,
  ...parts
}: RulesConsumerParts): Consumer {
  let sent = 0;
  // By their places: a flush may be applied several times before it is saved.
  const without = new Map<string, CauseItem>();
  return createConsumer<PoolClient, RulesItem | News>({
    group: 'rules',
    topics: [TOPIC_OF_LOG.activity, TOPIC_OF_LOG.tier],
    store,
    decode,
    // Ledger and tiering, which feed tiers back, wait for nobody.
    patient: true,
    origin: ({ item }) =>
      item.kind === 'tier' || item.kind === 'news' ? undefined : { partition: item.partition, position: item.position },
    apply: async (tx, items) => {
      const taken = items.flatMap(({ item }) => (item.kind === 'news' ? [] : [item]));
      const end = await rateBatch(tx, parts, taken);
      sent += end.referralsSent;
      for (const item of end.unrated) without.set(`${item.partition}/${item.position}`, item);
      watch?.(taken);
      return [];
    },
    observe: (counts) => {
      observe?.(counts);
      if (sent > 0) referred?.();
      sent = 0;
      if (without.size > 0) unrated?.([...without.values()]);
      without.clear();
    },
  });
}
