import {
  validateLedgerEntry,
  validateTierChanged,
  validateTierKept,
  validateTierNearUpgrade,
  validateTierWillDowngrade,
  type LedgerEntry,
  type TierChanged,
  type Validation,
  type Violation,
} from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instantFromMillis, memberKey } from '@jifen/kernel';
import {
  newsOfComingFall,
  newsOfKeptTier,
  newsOfNearUpgrade,
  newsOfPosting,
  newsOfTier,
  isSpending,
  rewardInReach,
  ruleOf,
  type MessageRule,
  type News,
  type Settings,
} from '@jifen/notifications';
import type { Posting } from './fold-lots.ts';
import { ToldRewards } from './told-rewards.ts';
import { isWatched, rewardRule, watch, type WatchTables } from './watch.ts';
import type {
  AccountKey,
  BalanceTable,
  KeptSettings,
  LedgerReadingTable,
  MessageTable,
  NewMessage,
  NudgeTable,
  StandingTable,
} from './message-ports.ts';

/** An event of a member, as it came. */
export interface Occurrence {
  readonly program: string;
  readonly member: string;
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly partition: number;
  /** In the log of its partition. */
  readonly position: number;
  readonly content: object;
}

export interface MessageTables<Sql> extends WatchTables<Sql> {
  readonly standings: StandingTable<Sql>;
  readonly balances: Pick<BalanceTable<Sql>, 'save' | 'told'>;
  readonly readings: Pick<LedgerReadingTable<Sql>, 'live'>;
  readonly messages: Pick<MessageTable<Sql>, 'queue'>;
  readonly nudges: NudgeTable<Sql>;
}

/** One that breaks its schema. */
export interface BrokenOccurrence {
  readonly occurrence: Occurrence;
  readonly violations: readonly Violation[];
}

export interface Queued {
  readonly queued: number;
  readonly broken: readonly BrokenOccurrence[];
}

type Read =
  | { readonly kind: 'posting'; readonly occurrence: Occurrence; readonly entry: LedgerEntry }
  | { readonly kind: 'news'; readonly occurrence: Occurrence; readonly news: News | undefined }
  | { readonly kind: 'tier'; readonly occurrence: Occurrence; readonly changed: TierChanged }
  | { readonly kind: 'broken'; readonly broken: BrokenOccurrence };

const MINUTE = 60_000;

/**
 * A message for every channel that the program's settings name for the news in an event, in the transaction that moves the
 * cursor. `wanted` are the settings of the programs that tell their members anything. What was recorded before they were
 * turned on, or so long ago that its messages may be forgotten already, is folded but not told: no replay tells anything twice.
 */
export async function queueMessages<Sql>(
  tx: Pick<Transaction<Sql>, 'sql' | 'now'>,
  tables: MessageTables<Sql>,
  wanted: ReadonlyMap<string, KeptSettings>,
  occurrences: readonly Occurrence[],
  rememberedMs: number,
): Promise<Queued> {
  if (occurrences.length === 0) return { queued: 0, broken: [] };
  const { standings, readings, messages, nudges } = tables;
  const reads = occurrences.map(readOccurrence);
  const known = await knownTiers(tx.sql, standings, reads);
  const remembered = instantFromMillis(Math.max(0, tx.now - rememberedMs));
  const fresh: NewMessage[] = [];
  const nudged: AccountKey[] = [];
  const told = await ToldRewards.of(tx.sql, nudges, accountsOf(reads, wanted));
  for (const read of reads) {
    if (read.kind === 'broken') continue;
    const { occurrence } = read;
    const from = wanted.get(occurrence.program);
    if (from === undefined) continue;
    if (read.kind === 'posting' && isSpending(occurrence.type)) told.spend(read.entry);
    const news = newsOf(read, from.settings, known);
    if (occurrence.recordedAt < from.notifyFrom || occurrence.recordedAt < remembered) continue;
    for (const each of news) {
      if (each.trigger === 'reward-in-reach') {
        if (!isFirstNudge(told, read, each)) continue;
        if (read.kind === 'posting' && rewardRule(from) !== undefined) nudged.push(read.entry);
      }
      fresh.push(...messagesOf(from, occurrence, each, tx.now));
    }
  }
  await told.save(tx.sql, nudges);
  await saveTiers(tx.sql, standings, reads);
  await watch(tx.sql, tables, wanted, await postingsOf(tx.sql, readings, reads, wanted));
  if (nudged.length > 0) await tables.balances.told(tx.sql, nudged, tx.now);
  return {
    queued: fresh.length === 0 ? 0 : await messages.queue(tx.sql, fresh, tx.now),
    broken: reads.flatMap((read) => (read.kind === 'broken' ? [read.broken] : [])),
  };
}

function readOccurrence(occurrence: Occurrence): Read {
  const { type, content } = occurrence;
  const broken = (violations: readonly Violation[]): Read => ({ kind: 'broken', broken: { occurrence, violations } });
  if (type === 'tier.changed') {
    const read = validateTierChanged(content);
    return read.ok ? { kind: 'tier', occurrence, changed: read.value } : broken(read.violations);
  }
  const told = <T>(read: Validation<T>, newsOf: (value: T) => News | undefined): Read =>
    read.ok ? { kind: 'news', occurrence, news: newsOf(read.value) } : broken(read.violations);
  if (type === 'tier.near-upgrade') return told(validateTierNearUpgrade(content), newsOfNearUpgrade);
  if (type === 'tier.kept') return told(validateTierKept(content), newsOfKeptTier);
  if (type === 'tier.will-downgrade') return told(validateTierWillDowngrade(content), newsOfComingFall);
  // Types that are newer than this service are nothing to it.
  if (type.startsWith('tier.')) return { kind: 'news', occurrence, news: undefined };
  const read = validateLedgerEntry(content);
  return read.ok ? { kind: 'posting', occurrence, entry: read.value } : broken(read.violations);
}

function newsOf(
  read: Exclude<Read, { readonly kind: 'broken' }>,
  { rewards }: Settings,
  known: Map<string, string>,
): readonly News[] {
  const { occurrence } = read;
  if (read.kind === 'tier') return [tierNews(occurrence, read.changed, known) ?? []].flat();
  if (read.kind === 'news') return [read.news ?? []].flat();
  const { type, occurredAt } = occurrence;
  const posted = newsOfPosting(type, read.entry, occurredAt);
  const reward = rewardInReach(type, read.entry, occurredAt, rewards);
  return [posted ?? [], reward ?? []].flat();
}

/** Of programs with rewards: accounts that may be nudged to one, or have spent and may be nudged anew. */
const accountsOf = (reads: readonly Read[], wanted: ReadonlyMap<string, KeptSettings>): readonly AccountKey[] =>
  reads.flatMap((read) => {
    if (read.kind !== 'posting') return [];
    const { type, program, occurredAt } = read.occurrence;
    const rewards = wanted.get(program)?.settings.rewards ?? [];
    if (rewards.length === 0) return [];
    return isSpending(type) || rewardInReach(type, read.entry, occurredAt, rewards) !== undefined ? [read.entry] : [];
  });

/** Remembers it, too. */
function isFirstNudge<Sql>(told: ToldRewards<Sql>, read: Read, { facts: { price = 0 } }: News): boolean {
  if (read.kind !== 'posting' || !told.isNew(read.entry, price)) return false;
  told.tell(read.entry, price);
  return true;
}

/** Of programs that remind, where what was there before has been read: the reading comes to the others itself. */
async function postingsOf<Sql>(
  sql: Sql,
  readings: Pick<LedgerReadingTable<Sql>, 'live'>,
  reads: readonly Read[],
  wanted: ReadonlyMap<string, KeptSettings>,
): Promise<readonly Posting[]> {
  const reminding = [...wanted.values()].filter(isWatched);
  if (reminding.length === 0) return [];
  const live = await readings.live(
    sql,
    reminding.map(({ program }) => program),
  );
  return reads.flatMap((read) => {
    if (read.kind !== 'posting') return [];
    const { program, partition, position } = read.occurrence;
    return live.has(`${program} ${partition}`) ? [{ entry: read.entry, position }] : [];
  });
}

async function knownTiers<Sql>(
  sql: Sql,
  standings: StandingTable<Sql>,
  reads: readonly Read[],
): Promise<Map<string, string>> {
  const changed = reads.flatMap((read) => (read.kind === 'tier' ? [read.occurrence] : []));
  return changed.length === 0 ? new Map() : new Map(await standings.of(sql, changed));
}

/** In the order of the events: the next one of the member is compared with this one. */
function tierNews({ program, member }: Occurrence, changed: TierChanged, known: Map<string, string>): News | undefined {
  const key = memberKey(program, member);
  const news = newsOfTier(changed, known.get(key));
  known.set(key, changed.tier);
  return news;
}

async function saveTiers<Sql>(sql: Sql, standings: StandingTable<Sql>, reads: readonly Read[]): Promise<void> {
  const last = new Map(
    reads.flatMap((read) => {
      if (read.kind !== 'tier') return [];
      const { program, member } = read.occurrence;
      return [[memberKey(program, member), { program, member, tier: read.changed.tier }] as const];
    }),
  );
  if (last.size > 0) await standings.save(sql, [...last.values()]);
}

function messagesOf(
  { settings }: KeptSettings,
  { program, member, id, occurredAt }: Occurrence,
  { trigger, facts }: News,
  now: number,
): readonly NewMessage[] {
  const rule = ruleOf(settings, trigger);
  if (rule === undefined || isTooSmall(rule, facts)) return [];
  const dueAt = now + (rule.digestMinutes ?? 0) * MINUTE;
  const message = { program, member, trigger, source: id, facts, dueAt, occurredAt };
  return rule.channels.map((channel) => ({ ...message, channel }));
}

const isTooSmall = ({ minimumPoints = 0 }: MessageRule, { points }: News['facts']): boolean =>
  points !== undefined && Math.abs(points) < minimumPoints;
