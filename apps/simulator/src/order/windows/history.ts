import type { EarnRule, Limit, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import type { Random } from '../../random.ts';

/** Everything that can decide a total together with another cause, in random programs and random histories of one member. */
const START = Date.UTC(2026, 8, 20);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const MEMBER = 'm-1';
export const amountText = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
export const iso = (millis: number): string => new Date(millis).toISOString();

const PERIODS = ['day', 'week', 'month', 'quarter', 'year', 'lifetime'] as const;

const limitsOf = (random: Random, most: number): Limit[] => {
  const pers = [...PERIODS, { days: random.between(1, 20) }].filter(() => random.chance(0.25));
  return pers.slice(0, 3).map((per) => ({
    per,
    ...(random.chance(0.4) ? { each: random.pick(['store', 'store', 'source', 'nothing']) } : {}),
    ...(random.chance(0.6) ? pointsOrMoney(random, most) : {}),
    count: random.between(0, 4),
  }));
};

const pointsOrMoney = (random: Random, most: number): Pick<Limit, 'points' | 'worth'> =>
  random.chance(0.7) ? { points: random.between(0, most) } : { worth: amountText(random.between(0, 2 * most)) };

const limited = (random: Random, rule: EarnRule, most: number): EarnRule => {
  const limits = random.chance(0.6) ? limitsOf(random, most) : [];
  return limits.length === 0 ? rule : { ...rule, limits };
};

/** What stays the same in all versions of a program. */
export interface Kinds {
  readonly window: 'quarter' | 'month' | 'week' | 'lifetime';
  readonly challenge: 'amount' | 'count';
  readonly days: 'days' | 'count';
  /** How the rates of orders go together; absent: they have nothing to do with each other. */
  readonly group: 'stack' | 'best' | 'first' | 'exclusive' | undefined;
  /** Rules whose awards somebody approves. */
  readonly onApproval: ReadonlySet<string>;
}

export const randomKinds = (random: Random, features: readonly string[]): Kinds => ({
  window: random.pick(['quarter', 'month', 'week', 'lifetime'] as const),
  challenge: random.pick(['amount', 'count'] as const),
  days: random.pick(['days', 'count'] as const),
  group: random.chance(0.2) ? undefined : random.pick(['stack', 'best', 'first', 'exclusive'] as const),
  onApproval: new Set(random.chance(0.5) ? features.filter(() => random.chance(0.4)) : []),
});

/** A program of the rules that have something in common with others of their kind; each version has figures of its own. */
export function randomDocument(random: Random, shape: ReadonlySet<string>, kinds: Kinds): ProgramDocument {
  const rules: EarnRule[] = [];
  const add = (name: string, rule: EarnRule, most: number): void => {
    if (shape.has(name)) rules.push(limited(random, rule, most));
  };
  const currency = 'points';
  const earned = ['spend', 'review', 'double', 'sign-in', 'stars', 'stepped', 'top-up', 'scan'].filter(
    (name) => shape.has(name) && (name !== 'double' || shape.has('spend')),
  );
  const stacking = kinds.group === undefined ? {} : { stacking: { group: 'rates' } };
  add(
    'spend',
    { id: 'spend', when: { order: 'paid' }, earn: { form: 'rate', points: '1', per: '1.00' }, currency },
    400,
  );
  add(
    'stars',
    {
      id: 'stars',
      when: { order: 'paid' },
      earn: {
        form: 'rate',
        points: random.pick(['1', '7']),
        per: random.pick(['2.50', '40.00']),
        mode: 'per-full-unit',
      },
      currency,
      ...stacking,
    },
    100,
  );
  const steps = [
    { from: '0.00', points: '1' },
    { from: amountText(random.between(1, 15_000)), points: '2' },
    { from: '200.00', points: '5' },
  ];
  add(
    'stepped',
    {
      id: 'stepped',
      when: { order: 'paid' },
      earn: { form: 'stepped', per: '1.00', apply: random.pick(['marginal', 'whole']), steps },
      currency,
      ...stacking,
    },
    500,
  );
  add(
    'top-up',
    {
      id: 'top-up',
      when: { activity: 'top-up' },
      earn: { form: 'rate', points: '3', per: '10.00', data: 'amount' },
      currency,
    },
    60,
  );
  add(
    'scan',
    {
      id: 'scan',
      when: { activity: 'scan' },
      earn: { form: 'fixed', points: random.between(1, 9), times: { data: 'steps', max: random.between(1, 5) } },
      currency,
    },
    30,
  );
  if (shape.has('join'))
    rules.push({
      id: 'join',
      when: { activity: 'check-in' },
      earn: { form: 'fixed', points: random.between(1, 500), once: true },
      currency,
    });
  add(
    'review',
    {
      id: 'review',
      when: { activity: 'review.posted' },
      earn: { form: 'fixed', points: random.between(1, 20) },
      currency,
    },
    40,
  );
  const cycle = random.chance(0.5) ? { cycle: random.between(3, 7) } : {};
  const bonuses = [
    { day: 2, points: 7 },
    { day: 3, points: 50 },
  ];
  add(
    'sign-in',
    {
      id: 'sign-in',
      when: { activity: 'check-in' },
      earn: { form: 'streak', points: random.between(0, 5), bonuses, ...cycle },
      currency,
    },
    60,
  );
  if (shape.has('spend'))
    add(
      'double',
      {
        id: 'double',
        when: { order: 'paid' },
        earn: { form: 'multiplier', of: ['spend'], by: random.pick(['2', '1.5', 'tier']) },
        currency,
      },
      300,
    );
  if (shape.has('back'))
    rules.push({
      id: 'back',
      when: { activity: 'check-in' },
      earn: { form: 'fixed', points: 500 },
      currency,
      winBack: { silentDays: random.between(1, 9) },
    });
  if (shape.has('quarter') && earned.length > 0)
    rules.push({
      id: 'quarter',
      when: { order: 'paid' },
      earn: {
        form: 'target',
        window: kinds.window,
        metric: 'amount',
        of: earned,
        exceed: String(random.between(0, 600)),
        by: '1.5',
      },
      currency,
    });
  if (shape.has('challenge'))
    rules.push({
      id: 'challenge',
      when: { order: 'paid' },
      earn: {
        form: 'target',
        window: { enrolment: 'challenge.joined', days: random.between(1, 30) },
        metric: kinds.challenge,
        reach: String(random.between(1, 3)),
        points: 500,
      },
      currency,
    });
  if (shape.has('milestone') && earned.length > 0)
    rules.push({
      id: 'milestone',
      when: { order: 'paid' },
      earn: {
        form: 'target',
        window: 'month',
        metric: 'points',
        of: earned,
        reach: String(random.between(1, 400)),
        points: 25,
      },
      currency,
    });
  if (shape.has('days'))
    rules.push({
      id: 'days',
      when: { activity: 'check-in' },
      earn: { form: 'target', window: 'month', metric: kinds.days, reach: String(random.between(1, 4)), points: 30 },
      currency,
    });
  const limits = random.chance(0.5)
    ? [
        {
          id: 'all',
          currency,
          per: random.pick(PERIODS),
          ...(random.chance(0.3) ? { each: 'store' } : {}),
          ...pointsOrMoney(random, 500),
        },
      ]
    : [];
  const tier = (code: string, threshold: number, multiplier: string) => ({
    code,
    name: { en: code, zh: code },
    threshold,
    multiplier,
  });
  return {
    name: { en: 'Windows', zh: '窗口' },
    timeZone: 'Asia/Shanghai',
    moneyCurrency: 'CNY',
    currencies: [{ code: 'points', decimals: 0 }],
    ...(random.chance(0.3) ? { pointValue: [{ currency, money: random.pick(['0.02', '0.03']) }] } : {}),
    ladder: { currency, basis: 'lifetime-points', tiers: [tier('bronze', 0, '1'), tier('gold', 10, '1.5')] },
    rules: rules.map((rule) => (kinds.onApproval.has(rule.id) ? { ...rule, availability: 'on-approval' } : rule)),
    ...(limits.length === 0 ? {} : { limits }),
    ...(kinds.group === undefined ? {} : { groups: [{ id: 'rates', mode: kinds.group }] }),
  };
}

/** What the activity log says of one cause, one revision after the other. */
export type Told =
  | { readonly kind: 'order'; readonly placed: number; readonly revisions: readonly RecordedOrder[] }
  | {
      readonly kind: 'activity';
      readonly source: string;
      readonly id: string;
      readonly type: string;
      readonly at: number;
      readonly store: string | undefined;
      readonly fen: number;
      readonly steps: number;
    };

/** None, or as a value of a bucket may be. */
const someStore = (random: Random): string | undefined =>
  random.chance(0.25) ? undefined : random.pick(['S1', 'S1', 'S="/rolling']);
const TYPES = ['check-in', 'check-in', 'check-in', 'review.posted', 'challenge.joined', 'top-up', 'scan'] as const;

export function randomHistory(random: Random): readonly Told[] {
  const span = random.pick([4, 12, 45, 150]);
  const moment = (): number => START + random.between(0, span * 8) * 3 * HOUR + random.pick([0, 0, 1, HOUR]);
  const source = (): string => random.pick(['app', 'shop']);
  return Array.from({ length: random.between(2, 11) }, (_, n): Told => {
    if (random.chance(0.5))
      return {
        kind: 'activity',
        source: source(),
        id: `A${n}`,
        type: random.pick(TYPES),
        at: moment(),
        store: someStore(random),
        fen: random.between(0, 20_000),
        steps: random.between(0, 7),
      };
    const from = source();
    const placed = moment();
    const fen = random.between(0, 30_000);
    const revisions = Array.from({ length: random.between(1, 3) }, (_each, index): RecordedOrder => {
      const refunded = random.chance(0.3) ? random.pick([fen, random.between(0, fen)]) : 0;
      const paid = placed + (random.chance(0.3) ? random.between(0, 40) * DAY : 0);
      const store = someStore(random);
      const line = {
        lineId: '1',
        sku: 'S',
        quantity: 1,
        amount: amountText(fen),
        ...(refunded > 0 ? { refundedAmount: amountText(refunded) } : {}),
      };
      return {
        source: from,
        orderId: `O${n}`,
        revision: index + 1,
        status: random.pick(['placed', 'paid', 'paid', 'shipped', 'completed', 'cancelled'] as const),
        occurredAt: iso(paid),
        placedAt: iso(placed),
        paidAt: iso(paid),
        currency: 'CNY',
        ...(store === undefined ? {} : { store }),
        lines: [line],
      };
    });
    return { kind: 'order', placed, revisions };
  });
}

/** A day within the longest history. */
export const someMoment = (random: Random): number => START + random.between(0, 150) * DAY;
