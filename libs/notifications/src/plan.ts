import { instantFromMillis, instantToMillis, type Calendar } from '@jifen/kernel';
import { quietUntil } from './quiet-hours.ts';
import { ruleOf, type ChannelName, type Preferences, type Settings } from './settings.ts';
import type { Facts, Trigger } from './trigger.ts';

/** What a channel declares of itself. */
export interface Abilities {
  readonly name: ChannelName;
  /** Sends by itself; otherwise a person confirms each message where the channel ends. */
  readonly automatic: boolean;
  readonly needsStaffConfirmation: boolean;
  /** Rings or buzzes: quiet hours and the daily cap hold. */
  readonly interrupts: boolean;
  /** Messages a member and day that the channel takes at most, whatever the program says. */
  readonly quota?: number;
  /** What of the member's contact it needs. */
  readonly address?: 'email';
}

/** A message that is not sent yet, to one member by one channel. */
export interface Waiting {
  readonly id: number;
  readonly trigger: Trigger;
  readonly facts: Facts;
  /** Milliseconds since 1970, as all times here. */
  readonly dueAt: number;
  readonly attempts: number;
}

export interface Situation {
  /** Absent when the program has none. */
  readonly settings: Settings | undefined;
  readonly preferences: Preferences;
  readonly channel: Abilities;
  /** Of the member, for the channel; absent when there is none. */
  readonly address: string | undefined;
  readonly calendar: Calendar;
  readonly now: number;
  /** On this channel and day. */
  readonly sentToday: number;
}

export interface Plan {
  readonly skipped: readonly { readonly id: number; readonly reason: string }[];
  readonly postponed: readonly { readonly id: number; readonly until: number }[];
  /** One message is made of them, oldest first; empty when nothing is to be sent now. */
  readonly send: readonly Waiting[];
}

export const MAX_DIGEST = 100;

/** What to do next for one member on one channel. `waiting` is in the order in which it is due. */
export function planLane(waiting: readonly Waiting[], situation: Situation): Plan {
  const skipped: { id: number; reason: string }[] = [];
  const postponed: { id: number; until: number }[] = [];
  for (const message of waiting) {
    if (message.dueAt > situation.now) continue;
    const reason = reasonToSkip(message.trigger, situation);
    if (reason !== undefined) {
      skipped.push({ id: message.id, reason });
      continue;
    }
    const until = quietEnd(message.trigger, situation);
    if (until === undefined) return { skipped, postponed, send: togetherWith(message, waiting, situation) };
    postponed.push({ id: message.id, until });
  }
  return { skipped, postponed, send: [] };
}

function reasonToSkip(trigger: Trigger, situation: Situation): string | undefined {
  const { settings, preferences, channel, address, sentToday } = situation;
  const rule = settings === undefined ? undefined : ruleOf(settings, trigger);
  if (settings?.enabled !== true || rule?.channels.includes(channel.name) !== true) return 'turned off by the program';
  if (preferences.mutedChannels.includes(channel.name)) return 'the member wants nothing by this channel';
  if (preferences.mutedTriggers.includes(trigger)) return 'the member does not want to be told of this';
  if (channel.address !== undefined && address === undefined) return `the member has no ${channel.address}`;
  const capped = channel.interrupts && rule.urgent !== true;
  const cap = Math.min((capped ? settings.dailyCap : undefined) ?? Infinity, channel.quota ?? Infinity);
  return sentToday >= cap ? `${cap} messages were sent today already` : undefined;
}

function quietEnd(trigger: Trigger, { settings, preferences, channel, calendar, now }: Situation): number | undefined {
  const quiet = preferences.quietHours ?? settings?.quietHours;
  if (quiet === undefined || !channel.interrupts) return undefined;
  if (settings !== undefined && ruleOf(settings, trigger)?.urgent === true) return undefined;
  const end = quietUntil(calendar, quiet, instantFromMillis(now));
  return end === undefined ? undefined : instantToMillis(end);
}

/** With a digest all that waits of the same kind goes along, also what would wait longer. */
function togetherWith(first: Waiting, waiting: readonly Waiting[], { settings }: Situation): readonly Waiting[] {
  const digest = settings === undefined ? 0 : (ruleOf(settings, first.trigger)?.digestMinutes ?? 0);
  if (digest === 0) return [first];
  const alike = ({ trigger, facts }: Waiting): boolean =>
    trigger === first.trigger && facts.currency === first.facts.currency;
  return waiting
    .filter(alike)
    .slice(0, MAX_DIGEST)
    .sort((a, b) => a.id - b.id);
}
