import type { ProgramDocument } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import type { AwardRuling } from './application/approval/decide-awards.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM } from './testing/program.ts';

const NOW = '2026-11-01T00:00:00.000Z';

const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  rules: [
    {
      id: 'coursework',
      when: { activity: 'coursework.submitted' },
      earn: { form: 'fixed', points: 200 },
      currency: 'points',
      availability: 'on-approval',
      budgets: [{ per: 'month', points: 500 }],
    },
  ],
};

describe('C08, Q23: what waits for approval holds a budget, and what is rejected gives it back', () => {
  let bed: Testbed;

  beforeAll(async () => {
    bed = await startTestbed(fakeClock(Date.parse(NOW)).now);
    await bed.publish(document, NOW);
  });
  afterAll(() => bed.close());

  const award = (member: string): string => `${member}~coursework~lms~of-${member}`;
  const hand = (member: string, id = `of-${member}`) =>
    bed.deliver(bed.activity(member, { source: 'lms', id, type: 'coursework.submitted', occurredAt: NOW }));
  const due = async (member: string): Promise<number> => {
    const last = (await bed.ratingsOf(member)).at(-1);
    return last?.awards.find(({ awardId }) => awardId === award(member))?.approval?.due ?? 0;
  };
  const granted = async (): Promise<number> => {
    const { rows } = await bed.pool.query<{ used: string }>(
      'SELECT sum(used) AS used FROM budget_slice WHERE program = $1',
      [PROGRAM],
    );
    return Number(rows[0]?.used);
  };
  const ruling = (member: string, verdict: 'approve' | 'reject', points: number): AwardRuling => ({
    awardId: award(member),
    verdict,
    points,
    actor: 'lead-1',
    ...(verdict === 'reject' ? { reason: 'copied' } : {}),
  });

  it('200, 200, 100 and nothing of 500, until one of them is rejected', async () => {
    for (const member of ['a', 'b', 'c', 'd']) await hand(member);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(due))).toEqual([200, 200, 100, 0]);
    expect(await granted()).toBe(500);

    await bed.decide(ruling('a', 'reject', 0));
    expect(await granted()).toBe(300);
    await bed.decide(ruling('a', 'reject', 0));
    await hand('a');
    expect(await granted()).toBe(300);

    await hand('e');
    expect(await due('e')).toBe(200);
    expect(await granted()).toBe(500);
  });

  it('keeps what was approved before the rest was rejected', async () => {
    await bed.decide(ruling('b', 'approve', 50), ruling('b', 'reject', 50));
    expect(await granted()).toBe(350);
    expect((await bed.awardsOf('b'))[award('b')]).toBe(50);
    await bed.decide(ruling('e', 'approve', 200));
    expect(await granted()).toBe(350);
  });
});
