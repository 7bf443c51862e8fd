import type { EarnRule, Limit, ProgramDocument, SharedLimit } from '@jifen/contracts';

/**
 * An evaluator that is obviously right and slow: it takes everything that happened to one member, sorts it by time, goes
 * through it once, and for every question looks at everything before. It shares no code with Jifen. Only for programs in
 * Asia/Shanghai (UTC+8 all year), in CNY, with rates of whole points a yuan.
 */
export interface Happening {
  readonly kind: 'order' | 'activity';
  readonly source: string;
  readonly id: string;
  readonly at: number;
  /** Type of an activity. */
  readonly type?: string;
  /** What is left of a paid order, in fen; absent: it is not paid, or cancelled. */
  readonly fen?: number | undefined;
  /** Something was refunded and nothing is left. */
  readonly refunded?: boolean;
  /** Of an order its store, of an activity what it says of one. */
  readonly store?: string | undefined;
  /** What an activity says of money, in fen, and of how often. */
  readonly amount?: number | undefined;
  readonly steps?: number | undefined;
  /** Index of the version that was in force when it was placed or done. */
  readonly version: number;
}

export interface Version {
  readonly from: number;
  readonly document: ProgramDocument;
}

interface Granted {
  readonly happening: Happening;
  readonly rule: string;
  readonly points: number;
  /** What limits count: nothing of what somebody rejected. */
  readonly counted: number;
  /** Names of the limits that its version put on it: a limit counts from the version on that has it. */
  readonly limits: readonly string[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const two = (value: number): string => String(value).padStart(2, '0');

const day = (at: number): number => Math.floor((at + 8 * HOUR) / DAY);

/** Name of the calendar window that an instant is in. */
function windowName(per: string, at: number): string {
  const local = new Date(at + 8 * HOUR);
  const year = local.getUTCFullYear();
  const month = local.getUTCMonth();
  switch (per) {
    case 'day':
      return local.toISOString().slice(0, 10);
    case 'week': {
      const sinceMonday = (local.getUTCDay() + 6) % 7;
      return `week-${new Date(at + 8 * HOUR - sinceMonday * DAY).toISOString().slice(0, 10)}`;
    }
    case 'month':
      return `${year}-${two(month + 1)}`;
    case 'quarter':
      return `${year}-Q${Math.floor(month / 3) + 1}`;
    case 'year':
      return String(year);
    case 'lifetime':
      return 'ever';
    default:
      throw new Error(per);
  }
}

const before = (a: Happening, b: Happening): number =>
  a.at - b.at || text(a.source, b.source) || text(a.kind, b.kind) || text(a.id, b.id);
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const inPer = (per: Limit['per'], then: number, now: number): boolean =>
  typeof per === 'string' ? windowName(per, then) === windowName(per, now) : then > now - per.days * DAY;

const triggers = ({ when }: EarnRule, { kind, type, fen }: Happening): boolean =>
  'order' in when ? kind === 'order' && fen !== undefined : kind === 'activity' && type === when.activity;

/** Of the versions in force inside a window, up to the one that a cause is rated under, the first that has something. */
function pinned<T>(
  versions: readonly Version[],
  per: string,
  now: Happening,
  find: (document: ProgramDocument) => T | undefined,
): T | undefined {
  for (let index = 0; index <= now.version; index++) {
    const next = versions[index + 1];
    const last = index === now.version || next === undefined ? Number.POSITIVE_INFINITY : next.from - 1;
    const reaches = last > now.at || windowName(per, last) === windowName(per, now.at);
    const found = reaches ? find(versions[index]?.document ?? fail()) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A target holds as the first version in force inside its window says that has it; else the last one before. */
function holding<T>(
  versions: readonly Version[],
  per: string,
  at: number,
  find: (document: ProgramDocument) => T | undefined,
): T | undefined {
  let before: T | undefined;
  for (const [index, { from, document }] of versions.entries()) {
    const next = versions[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (next === from) continue;
    const found = find(document);
    const begins = from <= at || windowName(per, from) === windowName(per, at);
    const lasts = next - 1 >= at || windowName(per, next - 1) === windowName(per, at);
    if (begins && lasts && found !== undefined) return found;
    if (!lasts && found !== undefined) before = found;
  }
  return before;
}

const fail = (): never => {
  throw new Error('no such version');
};

/** Award → points that it should come to; those of nothing are left out. `rejected` are awards that somebody rejects. */
export function expectedAwards(
  member: string,
  versions: readonly Version[],
  happened: readonly Happening[],
  tierAt: (at: number) => number,
  rejected: ReadonlySet<string>,
): Map<string, number> {
  const documentOf = ({ version }: Happening): ProgramDocument => versions[version]?.document ?? fail();
  const ordered = [...happened].sort(before);
  const grants: Granted[] = [];
  const awards = new Map<string, number>();
  const signedIn = new Map<string, Map<number, number>>();
  ordered.forEach((now, index) => {
    const given = new Map<string, number>();
    const document = documentOf(now);
    const pays = (rule: EarnRule): boolean => {
      if (rule.earn.form === 'target' || isOnce(rule) || !triggers(rule, now)) return false;
      if (rule.winBack === undefined) return true;
      const last = ordered[index - 1];
      return last !== undefined && now.at - last.at >= rule.winBack.silentDays * DAY;
    };
    const wishesOf = (multipliers: boolean): readonly (readonly [EarnRule, number])[] =>
      document.rules
        .filter((rule) => pays(rule) && (rule.earn.form === 'multiplier') === multipliers)
        .map((rule) => [rule, wish(rule, now, given, tierAt, signedIn)] as const)
        .filter(([, points]) => points > 0);
    const settle = (rule: EarnRule, wished: number): void => {
      let points = wished;
      const shared = (documentOf(now).limits ?? []).filter((limit) => limit.rules?.includes(rule.id) ?? true);
      const limits = [...(rule.limits ?? []), ...shared];
      for (const own of limits) {
        const like = limitLike(own, rule.id);
        const held =
          typeof own.per === 'object' || own.per === 'lifetime'
            ? undefined
            : pinned(versions, own.per, now, (from) => {
                const found = like(from);
                return found && ([found, from] as const);
              });
        const [limit, from] = held ?? [own, documentOf(now)];
        points = Math.min(points, left(limit, from, nameOf(own, rule), now, grants));
      }
      given.set(rule.id, points);
      if (points === 0) return;
      const award = [member, rule.id, now.source, now.id].join('~');
      const counted = rejected.has(award) ? 0 : points;
      const names = limits.map((limit) => nameOf(limit, rule));
      grants.push({ happening: now, rule: rule.id, points, counted, limits: names });
      awards.set(award, points);
    };
    for (const multipliers of [false, true])
      for (const [rule, wished] of stacked(document, wishesOf(multipliers))) settle(rule, wished);
    for (const { id, earn } of document.rules.filter((rule) => isOnce(rule) && triggers(rule, now))) {
      const award = [member, id, 'w', 'once'].join('~');
      if (earn.form === 'fixed' && !awards.has(award)) awards.set(award, earn.points);
    }
  });
  for (const [award, points] of targetAwards(member, versions, ordered, grants)) awards.set(award, points);
  return awards;
}

const isOnce = ({ earn }: EarnRule): boolean => earn.form === 'fixed' && earn.once === true;

/** Of the rules of one group (there is one at most) the best or the first pays, all of them, or they and nobody else. */
function stacked(
  { groups = [] }: ProgramDocument,
  wishes: readonly (readonly [EarnRule, number])[],
): readonly (readonly [EarnRule, number])[] {
  const [group] = groups;
  const inside = wishes.filter(([{ stacking }]) => group !== undefined && stacking?.group === group.id);
  if (group === undefined || inside.length === 0 || group.mode === 'stack') return wishes;
  if (group.mode === 'exclusive') return inside;
  const most = Math.max(...inside.map(([, points]) => points));
  const kept = group.mode === 'first' ? inside[0] : inside.find(([, points]) => points === most);
  return wishes.filter((each) => !inside.includes(each) || each === kept);
}

const limitLike =
  (limit: Limit | SharedLimit, rule: string) =>
  (document: ProgramDocument): Limit | SharedLimit | undefined =>
    'id' in limit
      ? document.limits?.find(({ id, per, each }) => id === limit.id && per === limit.per && each === limit.each)
      : document.rules
          .find(({ id }) => id === rule)
          ?.limits?.find(({ per, each }) => per === limit.per && each === limit.each);

function wish(
  { id, earn }: EarnRule,
  now: Happening,
  given: ReadonlyMap<string, number>,
  tierAt: (at: number) => number,
  signedIn: Map<string, Map<number, number>>,
): number {
  switch (earn.form) {
    case 'rate': {
      const fen = (earn.data === undefined ? now.fen : now.amount) ?? 0;
      const per = Math.round(Number(earn.per) * 100);
      return earn.mode === 'per-full-unit'
        ? Math.floor(fen / per) * Number(earn.points)
        : Math.floor((fen * Number(earn.points)) / per);
    }
    case 'stepped': {
      const fen = now.fen ?? 0;
      const froms = earn.steps.map(({ from }) => Math.round(Number(from) * 100));
      // Yuan by yuan, or rather fen by fen, but many at once.
      const parts = earn.steps.map(({ points }, step) => {
        const [from = 0, end = Number.POSITIVE_INFINITY] = [froms[step], froms[step + 1]];
        const whole = fen >= from && fen < end ? fen : 0;
        return Number(points) * (earn.apply === 'whole' ? whole : Math.max(0, Math.min(fen, end) - from));
      });
      return Math.floor(parts.reduce((sum, part) => sum + part, 0) / 100);
    }
    case 'fixed':
      if (earn.times !== undefined) return earn.points * Math.min(now.steps ?? 0, earn.times.max ?? Infinity);
      return now.refunded === true ? 0 : earn.points;
    case 'multiplier': {
      const base = earn.of.reduce((sum, rule) => sum + (given.get(rule) ?? 0), 0);
      const tenths = earn.by === 'tier' ? tierAt(now.at) : Math.round(Number(earn.by) * 10);
      return Math.floor((base * tenths) / 10) - base;
    }
    case 'streak': {
      const days = signedIn.get(id) ?? new Map<number, number>();
      signedIn.set(id, days);
      if (days.has(day(now.at))) return 0;
      const length = (days.get(day(now.at) - 1) ?? 0) + 1;
      days.set(day(now.at), length);
      const place = earn.cycle === undefined ? length : ((length - 1) % earn.cycle) + 1;
      return (
        earn.points + (earn.bonuses ?? []).reduce((sum, bonus) => (bonus.day === place ? sum + bonus.points : sum), 0)
      );
    }
    case 'target':
      return 0;
    default:
      throw new Error('no such form');
  }
}

const nameOf = (limit: Limit | SharedLimit, rule: EarnRule): string =>
  JSON.stringify(['id' in limit ? limit.id : [rule.id], limit.per, limit.each]);

/** The points of a limit that may be said in money. */
function pointsOf({ points, worth }: Limit | SharedLimit, { pointValue }: ProgramDocument): number | undefined {
  if (worth === undefined) return points;
  const [value] = pointValue ?? [];
  return Math.floor(Math.round(Number(worth) * 100) / Math.round(Number(value?.money ?? '0.01') * 100));
}

function left(
  limit: Limit | SharedLimit,
  document: ProgramDocument,
  name: string,
  now: Happening,
  grants: readonly Granted[],
): number {
  const others = grants.filter(
    ({ happening, limits, counted }) =>
      counted > 0 &&
      limits.includes(name) &&
      inPer(limit.per, happening.at, now.at) &&
      (limit.each === undefined || valueOf(happening, limit.each) === valueOf(now, limit.each)),
  );
  const used = others.reduce((sum, { counted }) => sum + counted, 0);
  const points = pointsOf(limit, document);
  const byPoints = points === undefined ? Number.POSITIVE_INFINITY : Math.max(0, points - used);
  return limit.count !== undefined && others.length >= limit.count ? 0 : byPoints;
}

const valueOf = ({ store, source }: Happening, each: string): string =>
  each === 'store' ? (store ?? '') : each === 'source' ? source : '';

function targetAwards(
  member: string,
  versions: readonly Version[],
  ordered: readonly Happening[],
  grants: readonly Granted[],
): ReadonlyMap<string, number> {
  const awards = new Map<string, number>();
  const targets = new Map(
    versions.flatMap(({ document }) =>
      document.rules.filter(({ earn }) => earn.form === 'target').map((rule) => [rule.id, rule] as const),
    ),
  );
  const ruleOf = (version: number, id: string): EarnRule | undefined =>
    versions[version]?.document.rules.find((each) => each.id === id);
  for (const { id, earn } of targets.values()) {
    if (earn.form !== 'target') continue;
    const { window } = earn;
    const names = new Map<string, Happening[]>();
    if (typeof window === 'object') {
      const joined = ordered.find(
        ({ type, version }) => type === window.enrolment && ruleOf(version, id) !== undefined,
      );
      if (joined === undefined) continue;
      const held = ruleOf(joined.version, id)?.earn;
      if (held?.form !== 'target' || typeof held.window !== 'object') continue;
      const end = joined.at + held.window.days * DAY;
      const within = ordered.filter(
        ({ at, version }) => at >= joined.at && at < end && ruleOf(version, id) !== undefined,
      );
      const points = targetOf(ruleOf(joined.version, id) ?? fail(), within, grants);
      if (points > 0) awards.set([member, id, 'jifen', `${id}.enrolled`].join('~'), points);
      continue;
    }
    for (const each of ordered) {
      if (ruleOf(each.version, id) === undefined) continue;
      const name = windowName(window, each.at);
      names.set(name, [...(names.get(name) ?? []), each]);
    }
    for (const [name, within] of names) {
      const [some] = within;
      const rule =
        some && holding(versions, window, some.at, (document) => document.rules.find((each) => each.id === id));
      if (rule?.earn.form !== 'target') continue;
      const points = targetOf(rule, within, grants);
      if (points > 0) awards.set([member, id, 'jifen', `${id}.${name}`].join('~'), points);
    }
  }
  return awards;
}

function targetOf(rule: EarnRule, within: readonly Happening[], grants: readonly Granted[]): number {
  const { earn } = rule;
  if (earn.form !== 'target') return 0;
  const earned = grants
    .filter(({ happening, rule: other }) => within.includes(happening) && earn.of?.includes(other) === true)
    .reduce((sum, { points }) => sum + points, 0);
  const hits = within.filter((each) => triggers(rule, each) && each.refunded !== true);
  const metric = {
    amount: () => hits.reduce((sum, { fen = 0 }) => sum + fen, 0),
    points: () =>
      grants
        .filter(({ happening, rule: other }) => hits.includes(happening) && earn.of?.includes(other) === true)
        .reduce((sum, { points }) => sum + points, 0),
    count: () => hits.length,
    days: () => new Set(hits.map(({ at }) => day(at))).size,
  }[earn.metric]();
  const threshold = Number(earn.exceed ?? earn.reach) * (earn.metric === 'amount' ? 100 : 1);
  if (earn.exceed === undefined ? metric < threshold : metric <= threshold) return 0;
  const extra = earn.by === undefined ? 0 : Math.floor((earned * Math.round(Number(earn.by) * 10)) / 10) - earned;
  return (earn.points ?? 0) + extra;
}
