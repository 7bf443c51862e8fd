import { instantFromMillis, present, type Outcome } from '@jifen/kernel';
import {
  DEFAULT_TEMPLATES,
  memberOfKey,
  NO_PREFERENCES,
  planLane,
  ruleOf,
  viewOf,
  type Facts,
  type Language,
  type ProgramWords,
  type Settings,
  type Template,
  type Trigger,
  type View,
} from '@jifen/notifications';
import type {
  Channel,
  Content,
  HeadMessage,
  MemberKey,
  MessageTable,
  Recipient,
  RecipientTable,
  SettingTable,
  WordsTable,
} from './message-ports.ts';
import type { Lane } from './ports.ts';
import { calendarOf, wordsOfNone } from './program-words.ts';

/** Waiting messages of one member and channel that are looked at together. */
export const MAX_WAITING = 200;

/** Puts a view into a template; a refusal says what is wrong with the template. */
export type Render = (template: Required<Template>, view: View) => Outcome<Omit<Content, 'language'>, string>;

export interface ComposeParts<Sql> {
  readonly settings: Pick<SettingTable<Sql>, 'of'>;
  readonly words: Pick<WordsTable<Sql>, 'inForce'>;
  readonly recipients: Pick<RecipientTable<Sql>, 'find'>;
  readonly messages: Pick<MessageTable<Sql>, 'waiting' | 'sentSince' | 'skip' | 'postpone'>;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly render: Render;
  readonly clock: () => number;
}

/** What a program and a member say about how a message reads. */
export interface Wording {
  readonly settings: Settings;
  readonly words: ProgramWords;
  readonly language: Language;
  /** Instead of the template that the settings name. */
  readonly template?: Template;
}

/**
 * The next message of a lane, put into words; `undefined` when nothing is to be sent now. What is not to be sent at all, or
 * later, is marked so on the way.
 */
export async function composeNext<Sql>(
  parts: ComposeParts<Sql>,
  sql: Sql,
  lane: Lane,
): Promise<HeadMessage | undefined> {
  const { messages, channels, clock } = parts;
  const key = present(memberOfKey(lane.key), `the member of lane ${lane.key}`);
  const { abilities } = present(channels.get(lane.endpoint), `channel ${lane.endpoint}`);
  const now = clock();
  const waiting = await messages.waiting(sql, lane, MAX_WAITING);
  if (!waiting.some(({ dueAt }) => dueAt <= now)) return undefined;
  const kept = (await parts.settings.of(sql, [key.program]))[0];
  const recipient = await parts.recipients.find(sql, key);
  if (recipient?.standing !== undefined) {
    const skipped = waiting.map(({ id }) => ({ id, reason: 'member-inactive' }));
    await messages.skip(sql, skipped, now);
    return undefined;
  }
  const words = (await parts.words.inForce(sql, key.program, now)) ?? wordsOfNone(key.program);
  const calendar = calendarOf(words.timeZone);
  const counts = (abilities.interrupts && kept?.settings.dailyCap !== undefined) || abilities.quota !== undefined;
  const midnight = calendar.startOf(calendar.dateOf(instantFromMillis(now))) ?? instantFromMillis(now);
  const plan = planLane(waiting, {
    settings: kept?.settings,
    preferences: recipient?.preferences ?? NO_PREFERENCES,
    channel: abilities,
    address: addressOf(abilities.address, recipient),
    calendar,
    now,
    sentToday: counts ? await messages.sentSince(sql, key, lane.endpoint, midnight) : 0,
  });
  await messages.skip(sql, plan.skipped, now);
  await messages.postpone(sql, plan.postponed);
  const [first] = plan.send;
  if (first === undefined || kept === undefined) return undefined;
  const { settings } = kept;
  const wording = { settings, words, language: recipient?.preferences.language ?? settings.language };
  const items = plan.send.map(({ facts }) => facts);
  const content = contentOf(parts.render, key, first.trigger, items, wording, now);
  return {
    ...key,
    id: first.id,
    ids: plan.send.map(({ id }) => id),
    trigger: first.trigger,
    attempts: Math.max(...plan.send.map(({ attempts }) => attempts)),
    occurredAt: waiting.find(({ id }) => id === first.id)?.occurredAt ?? instantFromMillis(now),
    address: addressOf(abilities.address, recipient),
    content: content.ok ? content.value : { fault: content.refusal },
  };
}

const addressOf = (wanted: 'email' | undefined, recipient: Recipient | undefined): string | undefined =>
  wanted === undefined ? undefined : recipient?.[wanted];

/** What a member would read. A refusal says what is wrong with the template. */
export function contentOf(
  render: Render,
  { member }: MemberKey,
  trigger: Trigger,
  items: readonly Facts[],
  { settings, words, language, template: given }: Wording,
  now: number,
): Outcome<Content, string> {
  const calendar = calendarOf(words.timeZone);
  const today = calendar.dateOf(instantFromMillis(now));
  const template = given ?? ruleOf(settings, trigger)?.templates?.[language] ?? DEFAULT_TEMPLATES[language][trigger];
  const view = viewOf({ member, trigger, items, words, language, calendar, today });
  const rendered = render({ ...template, link: template.link ?? settings.link }, view);
  return rendered.ok ? { ok: true, value: { language, ...rendered.value } } : rendered;
}
