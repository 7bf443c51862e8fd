import type { Language, LocalText, Trigger } from './trigger.ts';

/** `sms`, `wechat` and `wecom` are known by name and abilities; a deployment has them once it has an adapter for them. */
export const CHANNELS = ['inbox', 'email', 'webhook', 'log', 'sms', 'wechat', 'wecom'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** Liquid templates of one language. */
export interface Template {
  readonly title: string;
  readonly body: string;
  /** Where a tap leads. */
  readonly link?: string;
}

/** Hours of the wall clock, `HH:mm`; over midnight when `to` is not after `from`. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** What becomes of one kind of news. */
export interface MessageRule {
  readonly trigger: Trigger;
  readonly channels: readonly ChannelName[];
  /** Waits so long for more of the same, which then are one message. 0: at once. */
  readonly digestMinutes?: number;
  /** Goes out in quiet hours and beyond the daily cap. */
  readonly urgent?: boolean;
  /** Fewer points are not worth a message. */
  readonly minimumPoints?: number;
  /** Instead of the built-in texts. */
  readonly templates?: Partial<Readonly<Record<Language, Template>>>;
}

/** A reward that members are told about once their points are enough for it. */
export interface RewardThreshold {
  readonly currency: string;
  readonly points: number;
  readonly name: LocalText;
}

/** All that operators decide about messages to members of a program; data, changed without a new program version. */
export interface Settings {
  readonly enabled: boolean;
  /** Of members who chose none. */
  readonly language: Language;
  /** Where messages lead that say nothing else. */
  readonly link: string;
  readonly messages: readonly MessageRule[];
  readonly quietHours?: QuietHours;
  /** Messages a member and day on each channel that rings or buzzes; more are left out. */
  readonly dailyCap?: number;
  /** Days before the last day on which points can be spent. */
  readonly reminderDays: readonly number[];
  /** When reminders go out, `HH:mm` in the program's zone. */
  readonly reminderTime: string;
  readonly rewards: readonly RewardThreshold[];
  /** Tells again, every so many days, of the dearest reward that the points are enough for; absent: once until points are spent. */
  readonly rewardEveryDays?: number;
}

export const ruleOf = (settings: Settings, trigger: Trigger): MessageRule | undefined =>
  settings.messages.find((rule) => rule.trigger === trigger);

/** What a member chose for itself. */
export interface Preferences {
  readonly language?: Language;
  readonly mutedTriggers: readonly Trigger[];
  readonly mutedChannels: readonly ChannelName[];
  /** Instead of the program's. */
  readonly quietHours?: QuietHours;
}

export const NO_PREFERENCES: Preferences = { mutedTriggers: [], mutedChannels: [] };

/** What a program starts from: nothing is sent until an operator says so, and then to the inbox alone. */
export const DEFAULT_SETTINGS: Settings = {
  enabled: false,
  language: 'en',
  link: 'myapp://points',
  messages: [
    { trigger: 'points-credited', channels: ['inbox'] },
    { trigger: 'points-redeemed', channels: ['inbox'] },
    { trigger: 'points-refunded', channels: ['inbox'] },
    { trigger: 'tier-changed', channels: ['inbox'] },
  ],
  reminderDays: [30, 7, 1],
  reminderTime: '10:00',
  rewards: [],
};
