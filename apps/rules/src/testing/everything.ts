import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import { PLAIN_PROGRAM, ladderTo } from './program.ts';

export const START = '2026-10-01T00:00:00.000Z';
export const CHANGE = '2026-11-10T00:00:00.000Z';
export const MEMBERS = ['a', 'b', 'b-1', 'b.2', 'c', 'd'];

const points = (rule: Omit<EarnRule, 'currency'>): EarnRule => ({ ...rule, currency: 'points' });
const order = { order: 'paid' } as const;

const RULES: readonly EarnRule[] = [
  points({
    id: 'spend',
    when: order,
    earn: { form: 'rate', points: '1', per: '1.00' },
    budgets: [{ per: 'month', share: '0.5' }],
  }),
  points({
    id: 'tier-bonus',
    when: order,
    earn: { form: 'multiplier', of: ['spend'], by: 'tier' },
    limits: [{ per: { days: 3 }, points: 60 }],
  }),
  points({
    id: 'birthday',
    when: order,
    if: { member: { birthday: { in: 'month' } } },
    earn: { form: 'fixed', points: 9 },
    limits: [{ per: 'lifetime', count: 1 }],
  }),
  points({
    id: 'quarter',
    when: order,
    earn: { form: 'target', window: 'quarter', metric: 'amount', of: ['spend'], reach: '150.00', by: '1.5' },
  }),
  points({
    id: 'days',
    when: { activity: 'check-in' },
    earn: { form: 'target', window: 'month', metric: 'days', reach: '4', points: 40 },
  }),
  points({
    id: 'sign-in',
    when: { activity: 'check-in' },
    earn: { form: 'streak', points: 2, bonuses: [{ day: 3, points: 5 }] },
  }),
  points({
    id: 'challenge',
    when: order,
    earn: {
      form: 'target',
      window: { enrolment: 'challenge.joined', days: 20 },
      metric: 'amount',
      reach: '90.00',
      points: 50,
    },
  }),
  points({ id: 'welcome', when: { activity: 'member.registered' }, earn: { form: 'fixed', points: 100, once: true } }),
  points({
    id: 'profile',
    when: { activity: 'profile.completed' },
    if: { member: { birthday: { in: 'month' } } },
    earn: { form: 'fixed', points: 30, once: true },
    availability: 'on-approval',
  }),
  points({
    id: 'work',
    when: { activity: 'coursework.submitted' },
    earn: { form: 'fixed', points: 40 },
    availability: 'on-approval',
    limits: [{ per: 'week', points: 100 }],
    budgets: [{ per: 'month', points: 300 }],
  }),
  points({
    id: 'rain',
    when: { activity: 'check-in' },
    earn: { form: 'fixed', points: 11 },
    budgets: [{ per: 'week', points: 50 }],
  }),
  points({ id: 'back', when: { activity: 'login' }, winBack: { silentDays: 5 }, earn: { form: 'fixed', points: 15 } }),
  points({
    id: 'referrer',
    when: { activity: 'referral.qualified' },
    earn: { form: 'fixed', points: 70 },
    limits: [{ per: 'month', count: 2 }],
  }),
];

const document = (rules: readonly EarnRule[]): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  ladder: ladderTo('silver', 5000, '2'),
  limits: [{ id: 'day', per: 'day', currency: 'points', points: 260 }],
  referral: { qualifyBy: [{ order: 'paid', minAmount: '30.00' }], newCustomersOnly: true },
  rules: [...rules],
});

/** With another budget, another threshold, work paid at once, and no win-back. */
const changed: readonly EarnRule[] = RULES.filter(({ id }) => id !== 'back').map((rule) => {
  if (rule.id === 'work') return { ...rule, availability: 'at-once', budgets: [{ per: 'month', points: 420 }] };
  if (rule.id === 'rain') return { ...rule, budgets: [{ per: 'week', points: 33 }] };
  return rule.earn.form === 'target' && rule.id === 'quarter'
    ? { ...rule, earn: { ...rule.earn, reach: '90.00' } }
    : rule;
});

/** Two versions of a program with something of everything that rules keep books of. */
export const PROGRAMS = [document(RULES), document(changed)] as const;

/** Numbers that look random and are the same every time. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
