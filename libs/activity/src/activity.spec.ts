import type { ActivityRecorded, MemberUpdated } from '@jifen/contracts';
import { checkActivity, decideActivity } from './activity.ts';
import { decideFacts } from './member.ts';

const AT = '2026-11-20T00:00:00.000Z';
const event: ActivityRecorded = {
  program: 'demo',
  member: 'm-1',
  source: 'app',
  id: 'c-1',
  type: 'check-in',
  occurredAt: AT,
};

describe('an activity', () => {
  it.each<[string, ActivityRecorded | undefined, ActivityRecorded, string]>([
    ['is recorded', undefined, event, 'recorded'],
    ['U12: counts once', event, { ...event }, 'duplicate'],
    ['is refused with other content', event, { ...event, type: 'login' }, 'content_conflict'],
    ['is refused for another member', event, { ...event, member: 'm-2' }, 'member_changed'],
  ])('%s', (_name, state, next, answer) => {
    const decision = decideActivity(state, next);
    expect(decision.ok ? decision.value.outcome : decision.refusal.code).toBe(answer);
  });

  it('is brought into its normal form', () => {
    const now = Date.parse('2026-11-21T00:00:00Z');
    const sent = { source: 'app', id: 'c-1', type: 'check-in', occurredAt: '2026-11-20T08:00:00+08:00', data: {} };
    expect(checkActivity(sent, now)).toEqual({
      ok: true,
      value: { source: 'app', id: 'c-1', type: 'check-in', occurredAt: AT },
    });
    expect(checkActivity({ ...sent, occurredAt: '2026-11-23T00:00:00Z' }, now).ok).toBe(false);
  });
});

describe('facts of a member', () => {
  const facts = (set: MemberUpdated['facts']): MemberUpdated => ({
    program: 'demo',
    member: 'm-1',
    facts: set,
    occurredAt: AT,
  });

  it('change, or are what they were', () => {
    expect(decideFacts(undefined, facts({}))).toBeUndefined();
    expect(decideFacts(undefined, facts({ city: 'Harbin' }))).toEqual(facts({ city: 'Harbin' }));
    expect(decideFacts(facts({ a: 1, b: ['x'] }), facts({ b: ['x'], a: 1 }))).toBeUndefined();
    expect(decideFacts(facts({ a: 1 }), facts({}))).toEqual(facts({}));
  });
});
