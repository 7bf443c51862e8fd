import { instant, instantFromMillis, instantToMillis, type Calendar } from '@jifen/kernel';
import type { Facts, Language, LocalText, Trigger } from './trigger.ts';

/** What messages need to know of a program: how things are called and counted. */
export interface ProgramWords {
  readonly name: LocalText;
  readonly timeZone: string;
  readonly currencies: readonly { readonly code: string; readonly name?: LocalText; readonly decimals: number }[];
  /** ISO 4217, of ladders that count spend. */
  readonly moneyCurrency?: string;
  /** Currency of the ladder, and the tiers from the lowest to the highest. */
  readonly ladderCurrency?: string;
  readonly tiers: readonly { readonly code: string; readonly name: LocalText }[];
}

/** The variables of a template: every one is there in every message, empty where it says nothing. */
export interface View {
  readonly program: string;
  readonly member: string;
  /** Messages that this one stands for. */
  readonly count: number;
  readonly points: string;
  readonly currency: string;
  readonly available: string;
  readonly reference: string;
  /** Dates are written out in the language. */
  readonly usableFrom: string;
  readonly lastDay: string;
  readonly tier: string;
  readonly previous: string;
  readonly next: string;
  readonly missing: string;
  readonly direction: 'up' | 'down' | '';
  readonly reward: string;
  readonly price: string;
  /** Whole days until `lastDay`; empty without one. */
  readonly days: string;
}

export interface ViewRequest {
  readonly member: string;
  readonly trigger: Trigger;
  /** Oldest first; one unless it is a digest. */
  readonly items: readonly Facts[];
  readonly words: ProgramWords;
  readonly language: Language;
  readonly calendar: Calendar;
  /** Today, `YYYY-MM-DD` in the program's zone. */
  readonly today: string;
}

const DAY = 86_400_000;
const LOCALE: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN' };

/** Puts the facts of one or many messages of a kind into words: points add up, everything else is the newest. */
export function viewOf({ member, trigger, items, words, language, calendar, today }: ViewRequest): View {
  const newest = items.at(-1) ?? {};
  const code = newest.currency ?? words.ladderCurrency;
  const currency = words.currencies.find((each) => each.code === code);
  const amount = (value: number | undefined): string =>
    value === undefined ? '' : formatPoints(value, currency?.decimals ?? 0);
  const tier = (wanted: string | undefined): string =>
    wanted === undefined ? '' : (words.tiers.find((each) => each.code === wanted)?.name[language] ?? wanted);
  const date = (text: string | undefined): string => (text === undefined ? '' : formatDate(text, language));
  const usableFrom = items
    .flatMap((each) => each.usableFrom ?? [])
    .sort()
    .at(-1);
  const lastDay = items.flatMap((each) => lastDayOf(each, calendar) ?? []).sort()[0] ?? '';
  return {
    program: words.name[language],
    member,
    count: items.length,
    points: amount(sumOf(items)),
    currency: COUNTED[newest.basis ?? '']?.(words)[language] ?? currency?.name?.[language] ?? code ?? '',
    available: amount(newest.available),
    reference: newest.reference ?? '',
    usableFrom: date(usableFrom === undefined ? undefined : calendar.dateOf(instant(usableFrom))),
    lastDay: lastDay === '' ? '' : date(lastDay),
    tier: tier(newest.tier),
    previous: tier(newest.previous),
    next: tier(newest.next),
    missing: newest.basis !== undefined && newest.basis in COUNTED ? String(newest.missing) : amount(newest.missing),
    direction: trigger === 'tier-changed' ? directionOf(newest, words) : '',
    reward: newest.reward?.[language] ?? '',
    price: amount(newest.price),
    days: lastDay === '' ? '' : String(Math.round((Date.parse(lastDay) - Date.parse(today)) / DAY)),
  };
}

/** What is counted where it is not points. */
const COUNTED: Readonly<Record<string, (words: ProgramWords) => LocalText>> = {
  spend: ({ moneyCurrency = '' }) => ({ en: moneyCurrency, zh: moneyCurrency }),
  orders: () => ({ en: 'orders', zh: '笔订单' }),
};

/** The day before an instant at midnight is the last on which something still can be done. */
const lastDayOf = ({ lastDay, fallsAt }: Facts, calendar: Calendar): string | undefined =>
  fallsAt === undefined ? lastDay : calendar.dateOf(instantFromMillis(instantToMillis(instant(fallsAt)) - 1));

function sumOf(items: readonly Facts[]): number | undefined {
  const counted = items.flatMap(({ points }) => (points === undefined ? [] : [points]));
  return counted.length === 0 ? undefined : counted.reduce((sum, each) => sum + each, 0);
}

function directionOf({ tier, previous }: Facts, { tiers }: ProgramWords): View['direction'] {
  const place = (wanted: string | undefined): number => tiers.findIndex(({ code }) => code === wanted);
  const [now, before] = [place(tier), place(previous)];
  // A first tier is only told of when it is above the lowest.
  if (previous === undefined) return tier === undefined ? '' : 'up';
  if (now < 0 || before < 0 || now === before) return '';
  return now > before ? 'up' : 'down';
}

/** `1234` with two decimals is `12.34`. */
export function formatPoints(value: number, decimals: number): string {
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${value < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/** `2027-11-30` is `30 November 2027`, `2027年11月30日`. */
export const formatDate = (date: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALE[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(date),
  );
