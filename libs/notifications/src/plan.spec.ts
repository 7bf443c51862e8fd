import { createCalendar, present } from '@jifen/kernel';
import { MAX_DIGEST, planLane, type Abilities, type Situation, type Waiting } from './plan.ts';
import { NO_PREFERENCES, type Settings } from './settings.ts';

const NOON = Date.parse('2026-11-28T04:00:00.000Z');
const MIDNIGHT = Date.parse('2026-11-28T16:00:00.000Z');
const MORNING = Date.parse('2026-11-29T00:00:00.000Z');

const settings: Settings = {
  enabled: true,
  language: 'en',
  link: 'myapp://points',
  messages: [
    { trigger: 'points-credited', channels: ['inbox', 'email'] },
    { trigger: 'points-redeemed', channels: ['inbox', 'email'], digestMinutes: 30 },
    { trigger: 'account-frozen', channels: ['email'], urgent: true },
  ],
  quietHours: { from: '22:00', to: '08:00' },
  dailyCap: 3,
  reminderDays: [],
  reminderTime: '10:00',
  rewards: [],
};
const email: Abilities = {
  ...{ name: 'email', automatic: true, needsStaffConfirmation: false, interrupts: true, address: 'email' },
};
const inbox: Abilities = { name: 'inbox', automatic: true, needsStaffConfirmation: false, interrupts: false };
const situation = (change: Partial<Situation> = {}): Situation => ({
  settings,
  preferences: NO_PREFERENCES,
  channel: email,
  address: 'a@example.com',
  calendar: present(createCalendar('Asia/Shanghai'), 'zone'),
  now: NOON,
  sentToday: 0,
  ...change,
});
const waiting = (id: number, change: Partial<Waiting> = {}): Waiting => ({
  ...{ id, trigger: 'points-credited', facts: { currency: 'points', points: 1 }, dueAt: 0, attempts: 0 },
  ...change,
});
const frozen = waiting(9, { trigger: 'account-frozen', facts: {} });

describe('what comes next for a member on a channel', () => {
  it.each<[string, Partial<Situation>, readonly Waiting[], readonly number[]]>([
    ['one at a time', {}, [waiting(1), waiting(2)], [1]],
    ['nothing that is not due', {}, [waiting(1, { dueAt: NOON + 1 }), waiting(2)], [2]],
    ['nothing in quiet hours', { now: MIDNIGHT }, [waiting(1)], []],
    ['what is urgent, also in quiet hours', { now: MIDNIGHT }, [waiting(1), frozen], [9]],
    ['what does not ring, also in quiet hours', { now: MIDNIGHT, channel: inbox }, [waiting(1)], [1]],
    ['nothing beyond the cap', { sentToday: 3 }, [waiting(1)], []],
    ['what is urgent, also beyond the cap', { sentToday: 3 }, [waiting(1), frozen], [9]],
    [
      'nothing beyond the quota of the channel, however urgent',
      { sentToday: 1, channel: { ...email, quota: 1 } },
      [frozen],
      [],
    ],
  ])('%s', (_, change, all, expected) => {
    expect(planLane(all, situation(change)).send.map(({ id }) => id)).toEqual(expected);
  });

  it.each<[string, Partial<Situation>, string]>([
    ['turned off', { settings: { ...settings, enabled: false } }, 'turned off by the program'],
    ['without settings', { settings: undefined }, 'turned off by the program'],
    ['without a rule', { settings: { ...settings, messages: [] } }, 'turned off by the program'],
    ['without an address', { address: undefined }, 'the member has no email'],
    [
      'muted',
      { preferences: { ...NO_PREFERENCES, mutedTriggers: ['points-credited'] } },
      'the member does not want to be told of this',
    ],
    [
      'silent',
      { preferences: { ...NO_PREFERENCES, mutedChannels: ['email'] } },
      'the member wants nothing by this channel',
    ],
    ['capped', { sentToday: 3 }, '3 messages were sent today already'],
  ])('is skipped with the reason: %s', (_, change, reason) => {
    expect(planLane([waiting(1)], situation(change))).toEqual({
      skipped: [{ id: 1, reason }],
      postponed: [],
      send: [],
    });
  });

  it('waits for the end of quiet hours, the member’s own first', () => {
    expect(planLane([waiting(1)], situation({ now: MIDNIGHT })).postponed).toEqual([{ id: 1, until: MORNING }]);
    const own = { ...NO_PREFERENCES, quietHours: { from: '12:00', to: '13:00' } };
    expect(planLane([waiting(1)], situation({ preferences: own })).postponed).toEqual([
      { id: 1, until: NOON + 3_600_000 },
    ]);
    expect(planLane([waiting(1)], situation({ preferences: own, now: MIDNIGHT })).send).toHaveLength(1);
  });

  it('ten small ones of a kind are one message, those of another currency are not among them', () => {
    const spent = (id: number, currency = 'points', dueAt = NOON + 60_000): Waiting =>
      waiting(id, { trigger: 'points-redeemed', facts: { currency, points: 5 }, dueAt });
    const all = [
      spent(3, 'points', 0),
      ...Array.from({ length: 9 }, (_, place) => spent(place + 10)),
      spent(2, 'stars'),
      waiting(30),
    ];
    expect(planLane(all, situation()).send.map(({ id }) => id)).toEqual([3, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    const many = Array.from({ length: 150 }, (_, place) => spent(place + 1, 'points', 0));
    expect(planLane(many, situation()).send).toHaveLength(MAX_DIGEST);
  });
});
