import { instantFromMillis } from '@jifen/kernel';
import {
  clockMillis,
  reminderDay,
  remindersDue,
  ruleOf,
  type DueReminder,
  type MessageRule,
} from '@jifen/notifications';
import type {
  ExpiringPoints,
  KeptSettings,
  LotTable,
  MessageTable,
  NewMessage,
  SettingTable,
  WordsTable,
} from './message-ports.ts';
import type { InTransaction } from './ports.ts';
import { calendarOf, wordsOfNone } from './program-words.ts';

/** Accounts reminded in one transaction. */
const PAGE = 1_000;
const MINUTE = 60_000;

export interface RemindParts<Sql> {
  readonly sql: Sql;
  readonly inTransaction: InTransaction<Sql>;
  readonly settings: Pick<SettingTable<Sql>, 'all'>;
  readonly words: Pick<WordsTable<Sql>, 'inForce'>;
  readonly lots: LotTable<Sql>;
  readonly messages: Pick<MessageTable<Sql>, 'queue'>;
  readonly clock: () => number;
}

/**
 * Reminds, once a day and program, of points that end. Which reminder an account had of which day is kept in the transaction
 * that queues the message: a run that is broken off, or made twice at once, goes on where it was. Answers how many are new.
 */
export async function remindOfExpiry<Sql>(parts: RemindParts<Sql>, signal: AbortSignal): Promise<number> {
  let queued = 0;
  for (const kept of await parts.settings.all(parts.sql)) {
    if (signal.aborted) break;
    const rule = expiryRule(kept);
    if (rule !== undefined) queued += await remindProgram(parts, kept, rule, signal);
  }
  return queued;
}

/** Lots are only kept, and members only reminded, where the settings say so. */
export const expiryRule = ({ settings }: KeptSettings): MessageRule | undefined =>
  settings.enabled && settings.reminderDays.length > 0 ? ruleOf(settings, 'points-expiring') : undefined;

async function remindProgram<Sql>(
  parts: RemindParts<Sql>,
  { program, settings }: KeptSettings,
  rule: MessageRule,
  signal: AbortSignal,
): Promise<number> {
  const { sql, lots, clock } = parts;
  const now = clock();
  const words = (await parts.words.inForce(sql, program, now)) ?? wordsOfNone(program);
  const calendar = calendarOf(words.timeZone);
  const at = instantFromMillis(now);
  const day = reminderDay(calendar, clockMillis(settings.reminderTime), at);
  if (day === undefined || day === (await lots.finishedDay(sql, program))) return 0;
  let queued = 0;
  for (const due of remindersDue(calendar, settings.reminderDays, at)) {
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
  await lots.finishDay(sql, program, day);
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
