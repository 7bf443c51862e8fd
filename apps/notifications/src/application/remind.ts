import { instantFromMillis } from '@jifen/kernel';
import {
  affordable,
  clockMillis,
  newsOfReward,
  plusDays,
  reminderDay,
  remindersDue,
  type DueReminder,
  type MessageRule,
} from '@jifen/notifications';
import type {
  BalanceTable,
  ExpiringPoints,
  KeptSettings,
  LedgerReadingTable,
  LotTable,
  MessageTable,
  NewMessage,
  SettingTable,
  WordsTable,
} from './message-ports.ts';
import type { InTransaction } from './ports.ts';
import { calendarOf, wordsOfNone } from './program-words.ts';
import { expiryRule, isWatched, rewardRule } from './watch.ts';

/** Accounts reminded in one transaction. */
const PAGE = 1_000;
const MINUTE = 60_000;

export interface RemindParts<Sql> {
  readonly sql: Sql;
  readonly inTransaction: InTransaction<Sql>;
  readonly settings: Pick<SettingTable<Sql>, 'all'>;
  readonly words: Pick<WordsTable<Sql>, 'inForce'>;
  readonly lots: LotTable<Sql>;
  readonly balances: Pick<BalanceTable<Sql>, 'enough' | 'tell'>;
  readonly readings: Pick<LedgerReadingTable<Sql>, 'isComplete'>;
  readonly messages: Pick<MessageTable<Sql>, 'queue'>;
  readonly clock: () => number;
}

/**
 * Reminds, once a day and program, of points that end, and from time to time of rewards that points are enough for. Which reminder an account had of which day is kept in the transaction
 * that queues the message: a run that is broken off, or made twice at once, goes on where it was. Answers how many are new.
 */
export async function remindMembers<Sql>(parts: RemindParts<Sql>, signal: AbortSignal): Promise<number> {
  let queued = 0;
  for (const kept of await parts.settings.all(parts.sql)) {
    if (signal.aborted) break;
    if (isWatched(kept)) queued += await remindProgram(parts, kept, signal);
  }
  return queued;
}

async function remindProgram<Sql>(parts: RemindParts<Sql>, kept: KeptSettings, signal: AbortSignal): Promise<number> {
  const { sql, lots, readings, clock } = parts;
  const { program, settings } = kept;
  const now = clock();
  const words = (await parts.words.inForce(sql, program, now)) ?? wordsOfNone(program);
  const calendar = calendarOf(words.timeZone);
  const at = instantFromMillis(now);
  const day = reminderDay(calendar, clockMillis(settings.reminderTime), at);
  if (day === undefined || day === (await lots.finishedDay(sql, program))) return 0;
  // Of a ledger that is read in part only, nobody knows yet what was spent.
  if (!(await readings.isComplete(sql, program))) return 0;
  const queued =
    (await remindOfExpiry(parts, kept, remindersDue(calendar, settings.reminderDays, at), now, signal)) +
    (await remindOfRewards(parts, kept, { day, startOf: (date) => calendar.startOf(date) ?? at }, now, signal));
  if (!signal.aborted) await lots.finishDay(sql, program, day);
  return queued;
}

async function remindOfExpiry<Sql>(
  parts: RemindParts<Sql>,
  kept: KeptSettings,
  reminders: readonly DueReminder[],
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const { sql, lots } = parts;
  const { program } = kept;
  const rule = expiryRule(kept);
  if (rule === undefined) return 0;
  let queued = 0;
  for (const due of reminders) {
    let after = { member: '', currency: '' };
    for (;;) {
      if (signal.aborted) return queued;
      const page = await lots.expiring(sql, program, due, after, PAGE);
      queued += await remindPage(parts, program, rule, due, page, now);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = { member: last.member, currency: last.currency };
    }
  }
  return queued;
}

interface Today {
  /** `YYYY-MM-DD` in the program's zone, as every date here. */
  readonly day: string;
  readonly startOf: (date: string) => string;
}

/** A07: of the dearest reward that the points are enough for, where nothing of the kind was told for so many days. */
async function remindOfRewards<Sql>(
  { sql, inTransaction, balances, messages }: RemindParts<Sql>,
  kept: KeptSettings,
  { day, startOf }: Today,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const { program, settings } = kept;
  const rule = rewardRule(kept);
  if (rule === undefined || settings.rewardEveryDays === undefined) return 0;
  const toldBefore = startOf(plusDays(day, 1 - settings.rewardEveryDays));
  let queued = 0;
  for (const currency of new Set(settings.rewards.map((reward) => reward.currency))) {
    const least = Math.min(...settings.rewards.flatMap((each) => (each.currency === currency ? [each.points] : [])));
    let after = '';
    for (;;) {
      if (signal.aborted) return queued;
      const page = await balances.enough(sql, { program, currency, least, toldBefore, after, limit: PAGE });
      const last = page.at(-1);
      if (last === undefined) break;
      queued += await inTransaction(async (tx) => {
        const members = page.map(({ member }) => member);
        const told = await balances.tell(tx, { program, currency, members, toldBefore, now });
        const fresh = told.flatMap(({ member, available }) => {
          const reward = affordable(settings.rewards, currency, available);
          if (reward === undefined) return [];
          const news = newsOfReward(reward, available);
          return rule.channels.map((channel) => ({
            ...{ program, member, channel, ...news, source: `${currency}~${day}` },
            ...{ dueAt: now + (rule.digestMinutes ?? 0) * MINUTE, occurredAt: instantFromMillis(now) },
          }));
        });
        return fresh.length === 0 ? 0 : messages.queue(tx, fresh, now);
      });
      after = last.member;
    }
  }
  return queued;
}

async function remindPage<Sql>(
  { inTransaction, lots, messages }: RemindParts<Sql>,
  program: string,
  rule: MessageRule,
  due: DueReminder,
  page: readonly ExpiringPoints[],
  now: number,
): Promise<number> {
  const worth = page.filter(({ points }) => points >= (rule.minimumPoints ?? 0));
  if (worth.length === 0) return 0;
  return inTransaction(async (tx) => {
    const fresh = await lots.remember(tx, program, due, worth);
    const isFresh = new Set(fresh.map(({ member, currency }) => `${member}/${currency}`));
    const news = worth.filter(({ member, currency }) => isFresh.has(`${member}/${currency}`));
    const queued = news.flatMap((each) => messagesOf(program, rule, due, each, now));
    return queued.length === 0 ? 0 : messages.queue(tx, queued, now);
  });
}

function messagesOf(
  program: string,
  { channels, digestMinutes = 0 }: MessageRule,
  { lastDay, daysBefore }: DueReminder,
  { member, currency, points }: ExpiringPoints,
  now: number,
): readonly NewMessage[] {
  return channels.map((channel) => ({
    ...{ program, member, trigger: 'points-expiring', channel },
    source: `${currency}~${lastDay}~${daysBefore}`,
    facts: { currency, points, lastDay },
    dueAt: now + digestMinutes * MINUTE,
    occurredAt: instantFromMillis(now),
  }));
}
