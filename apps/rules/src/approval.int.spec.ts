import { validateRatingMade, type EarnRule, type ProgramDocument, type RecordedOrder } from '@jifen/contracts';
import { UnknownOutcomeError } from '@jifen/event-store';
import { fakeClock } from '@jifen/testing';
import { waitingAwards } from './adapters/approval-tables.ts';
import { tables } from './adapters/tables.ts';
import { decideAwards, type AwardRuling } from './application/approval/decide-awards.ts';
import { listApprovals, type ApprovalView } from './application/approval/list-approvals.ts';
import { explainAward } from './application/explain-award.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';
const CHANGE = '2026-06-01T00:00:00.000Z';
const DAY = '2026-05-01T10:00:00.000Z';

const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
  availability: 'on-approval',
};
const double: EarnRule = {
  id: 'double',
  when: { order: 'paid' },
  earn: { form: 'multiplier', of: ['spend'], by: '2' },
  currency: 'points',
};
const welcome: EarnRule = {
  id: 'welcome',
  when: { activity: 'member.registered' },
  earn: { form: 'fixed', points: 500, once: true },
  currency: 'points',
  availability: 'on-approval',
};
const month: EarnRule = {
  id: 'month',
  when: { order: 'paid' },
  earn: { form: 'target', window: 'month', metric: 'amount', reach: '200.00', points: 1_000 },
  currency: 'points',
  availability: 'on-approval',
};
const survey = { when: { activity: 'survey.answered' }, currency: 'points' };
const answer: EarnRule = {
  ...survey,
  id: 'answer',
  earn: { form: 'fixed', points: 5 },
  availability: 'on-approval',
};
const firstSurvey = (points: number): EarnRule => ({
  ...survey,
  id: 'first-survey',
  earn: { form: 'fixed', points, once: true },
});
const program = (rules: EarnRule[]): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  rules,
});

const order = (revision: number, amount: string, more: Partial<RecordedOrder> = {}): RecordedOrder => ({
  source: 'shop',
  orderId: 'A',
  revision,
  status: 'paid',
  occurredAt: DAY,
  placedAt: DAY,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount }],
  ...more,
});
const registered = (id: string, occurredAt: string) => ({ source: 'app', id, type: 'member.registered', occurredAt });
const awardOf = (member: string, rule = 'spend', place = 'shop~A'): string => `${member}~${rule}~${place}`;
const approve = (awardId: string, points: number, actor = 'lead-1'): AwardRuling => ({
  awardId,
  verdict: 'approve',
  points,
  actor,
});
const reject = (awardId: string, points = 0): AwardRuling => ({
  awardId,
  verdict: 'reject',
  points,
  actor: 'lead-2',
  reason: 'copied',
});

describe('C08: awards that somebody approves', () => {
  let bed: Testbed;
  const clock = fakeClock(Date.parse(START));

  beforeAll(async () => {
    bed = await startTestbed(clock.now);
    await bed.publish(program([spend, double, welcome, month, answer, firstSurvey(14)]), START);
    clock.set(Date.parse(CHANGE) - 1);
    await bed.publish(
      program([
        { ...spend, availability: 'at-once' },
        { ...welcome, availability: 'at-once' },
        answer,
        firstSurvey(374),
      ]),
      CHANGE,
    );
  });
  afterAll(() => bed.close());

  const listed = async (member: string, state: ApprovalView['state'] = 'waiting'): Promise<readonly ApprovalView[]> => {
    const page = await listApprovals({ tables, sql: bed.pool }, { program: PROGRAM, member, state, limit: 10 });
    if (!page.ok) throw new Error(page.refusal.detail);
    return page.value.data;
  };
  const targetOf = async (member: string, award = awardOf(member)): Promise<number | undefined> =>
    (await bed.awardsOf(member))[award];

  it('grants nothing before the approval, and then what was approved', async () => {
    await bed.deliver(bed.order('c1', order(1, '100.00')));
    expect(await bed.awardsOf('c1')).toEqual({ [awardOf('c1')]: 0, [awardOf('c1', 'double')]: 100 });
    expect(await listed('c1')).toMatchObject([
      { awardId: awardOf('c1'), member: 'c1', rule: 'spend', state: 'waiting', due: 100, waiting: 100, target: 0 },
    ]);
    expect(await bed.decide(approve(awardOf('c1'), 100))).toMatchObject([{ ok: true, value: { changed: true } }]);
    expect(await targetOf('c1')).toBe(100);
    expect(await listed('c1')).toEqual([]);
    expect(await listed('c1', 'approved')).toMatchObject([{ approved: 100, decision: { actor: 'lead-1' } }]);
    for (const made of await bed.ratingsOf('c1')) expect(validateRatingMade(made).ok).toBe(true);
  });

  it('takes a decision once, however often it is told, and messages twice after it', async () => {
    const message = bed.order('c2', order(1, '100.00'));
    await bed.deliver(message);
    await bed.decide(approve(awardOf('c2'), 100));
    const after = await bed.ratingsOf('c2');
    await bed.deliver(message);
    expect(await bed.decide(approve(awardOf('c2'), 100, 'lead-9'))).toMatchObject([
      { ok: true, value: { changed: false } },
    ]);
    expect(await bed.ratingsOf('c2')).toEqual(after);
    expect(await targetOf('c2')).toBe(100);
  });

  it('falls with a refund after approval, and comes back up to what was approved', async () => {
    await bed.deliver(bed.order('c3', order(1, '100.00')));
    await bed.decide(approve(awardOf('c3'), 100));
    const targets: (number | undefined)[] = [];
    for (const [index, amount] of ['60.00', '0.00', '100.00', '150.00'].entries()) {
      await bed.deliver(bed.order('c3', order(index + 2, amount)));
      targets.push(await targetOf('c3'));
    }
    expect(targets).toEqual([60, 0, 100, 100]);
    expect(await listed('c3')).toMatchObject([{ due: 150, approved: 100, waiting: 50 }]);
    await bed.decide(approve(awardOf('c3'), 150));
    expect(await targetOf('c3')).toBe(150);
  });

  it('shrinks and leaves the queue with refunds while it waits', async () => {
    await bed.deliver(bed.order('c4', order(1, '100.00')), bed.order('c4', order(2, '60.00')));
    expect(await listed('c4')).toMatchObject([{ due: 60, waiting: 60 }]);
    await bed.deliver(bed.order('c4', order(3, '60.00', { status: 'cancelled' })));
    expect(await listed('c4')).toEqual([]);
    expect(await listed('c4', 'withdrawn')).toHaveLength(1);
    await bed.decide(approve(awardOf('c4'), 60));
    await bed.deliver(bed.order('c4', order(4, '100.00')));
    expect(await targetOf('c4')).toBe(60);
  });

  it('refuses what is unknown, approves nothing, or was decided otherwise, each for itself', async () => {
    await bed.deliver(bed.order('c5', order(1, '100.00')), bed.order('c6', order(1, '100.00')));
    const answers = await bed.decide(
      approve(awardOf('nobody'), 100),
      reject(awardOf('c5')),
      approve('no award', 100),
      approve(awardOf('c5'), 100),
      approve(awardOf('c6'), 0),
      approve(awardOf('c6'), 100),
      reject(awardOf('c6')),
      approve(awardOf('c6', 'double'), 100),
    );
    expect(answers.map((answer) => (answer.ok ? answer.value.row.approval.state : answer.refusal.code))).toEqual([
      'unknown_award',
      'rejected',
      'unknown_award',
      'already_decided',
      'invalid_request',
      'approved',
      'already_decided',
      'unknown_award',
    ]);
    expect(answers[3]).toMatchObject({
      refusal: { figures: { state: 'rejected', verdict: 'reject', actor: 'lead-2' } },
    });
    expect([await targetOf('c5'), await targetOf('c6')]).toEqual([0, 100]);
  });

  it('lets one of two decide who decide at once, beside a refund', async () => {
    for (let round = 0; round < 10; round++) {
      const member = `race-${round}`;
      await bed.deliver(bed.order(member, order(1, '100.00')));
      const [approved, rejected] = await Promise.all([
        bed.decide(approve(awardOf(member), 100)),
        bed.decide(reject(awardOf(member))),
        bed.deliver(bed.order(member, order(2, '70.00'))),
      ]);
      expect([approved[0]?.ok, rejected[0]?.ok].filter((ok) => ok === true)).toHaveLength(1);
      expect(await targetOf(member)).toBe(approved[0]?.ok === true ? 70 : 0);
    }
  });

  it('follows what is paid once to the activity that decides it', async () => {
    const award = awardOf('c8', 'welcome', 'w~once');
    await bed.deliver(bed.activity('c8', registered('late', '2026-05-02T00:00:00.000Z')));
    await bed.decide(approve(award, 500));
    await bed.deliver(bed.activity('c8', registered('early', '2026-05-01T00:00:00.000Z')));
    expect(await targetOf('c8', award)).toBe(500);
    await bed.deliver(bed.activity('c9', registered('new', '2026-06-02T00:00:00.000Z')));
    expect(await targetOf('c9', awardOf('c9', 'welcome', 'w~once'))).toBe(500);
    expect(await listed('c9')).toEqual([]);
    // The earlier one was under the version by which somebody has to approve it.
    await bed.deliver(bed.activity('c9', registered('old', '2026-05-31T00:00:00.000Z')));
    expect(await targetOf('c9', awardOf('c9', 'welcome', 'w~once'))).toBe(0);
    expect(await listed('c9')).toMatchObject([{ waiting: 500 }]);
  });

  it('says nothing of what is paid once and another activity decides since', async () => {
    const answered = (id: string, occurredAt: string) =>
      bed.activity('once', { source: 'app', id, type: 'survey.answered', occurredAt });
    const gift = awardOf('once', 'first-survey', 'w~once');
    await bed.deliver(answered('late', '2026-06-02T00:00:00.000Z'));
    expect(await targetOf('once', gift)).toBe(374);
    await bed.deliver(answered('early', '2026-05-30T00:00:00.000Z'));
    expect(await targetOf('once', gift)).toBe(14);
    await bed.decide(approve(awardOf('once', 'answer', 'app~late'), 5));
    expect(await targetOf('once', awardOf('once', 'answer', 'app~late'))).toBe(5);
    expect(await targetOf('once', gift)).toBe(14);
  });

  it('takes an award out of the queue that a corrected order moves to a version without approval', async () => {
    await bed.deliver(bed.order('c10', order(1, '100.00')), bed.order('c10', order(2, '100.00', { placedAt: CHANGE })));
    expect(await targetOf('c10')).toBe(100);
    expect(await listed('c10')).toEqual([]);
    await bed.deliver(bed.order('c10', order(3, '80.00')));
    expect(await targetOf('c10')).toBe(0);
    expect(await listed('c10')).toMatchObject([{ waiting: 80 }]);
  });

  it('holds back a target of a window, whatever comes and goes in it', async () => {
    const award = awardOf('c11', 'month', 'jifen~month.2026-05');
    await bed.deliver(bed.order('c11', order(1, '250.00')));
    expect(await targetOf('c11', award)).toBe(0);
    await bed.decide(approve(award, 1_000));
    expect(await targetOf('c11', award)).toBe(1_000);
    await bed.deliver(bed.order('c11', order(2, '100.00')));
    expect(await targetOf('c11', award)).toBe(0);
    await bed.deliver(bed.order('c11', { ...order(1, '100.00'), orderId: 'B' }));
    expect(await targetOf('c11', award)).toBe(1_000);
  });

  it('explains what was decided and by whom', async () => {
    clock.set(Date.parse('2026-07-01T00:00:00.000Z'));
    await bed.deliver(bed.order('c12', order(1, '100.00')));
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    const waiting = await explainAward(parts, PROGRAM, awardOf('c12'));
    expect(waiting).toMatchObject({ ok: true, value: { target: 0, approval: { state: 'waiting', due: 100 } } });
    await bed.decide({ ...approve(awardOf('c12'), 60), reason: 'checked' });
    const explained = await explainAward(parts, PROGRAM, awardOf('c12'));
    expect(explained).toMatchObject({ ok: true, value: { target: 60, recomputed: { equal: true } } });
    if (!explained.ok) throw new Error(explained.refusal.detail);
    expect(explained.value.en).toEqual(
      expect.arrayContaining([
        'Somebody has to approve it: nothing of the 100 can be spent before.',
        'lead-1 approved up to 60 at 2026-07-01T00:00:00.000Z (checked).',
        '40 wait for approval.',
      ]),
    );
    expect(explained.value.zh).toContain('lead-1 于 2026-07-01T00:00:00.000Z 审核通过，上限 60 分（checked）。');
  });

  it('pages through the queue, oldest first, and counts it', async () => {
    for (let index = 0; index < 5; index++) {
      clock.advance(1_000);
      await bed.deliver(bed.order(`page-${index}`, order(1, '10.00')));
    }
    const seen: ApprovalView[] = [];
    let cursor: string | undefined;
    do {
      const page = await listApprovals(
        { tables, sql: bed.pool },
        { program: PROGRAM, state: 'waiting', rule: 'spend', limit: 3, cursor },
      );
      if (!page.ok) throw new Error(page.refusal.detail);
      seen.push(...page.value.data);
      cursor = page.value.next;
    } while (cursor !== undefined);
    expect(seen.slice(-5).map(({ member }) => member)).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
    expect(new Set(seen.map(({ awardId }) => awardId)).size).toBe(seen.length);
    const { count, oldest } = await waitingAwards(bed.pool, 100);
    expect(count).toBeGreaterThanOrEqual(seen.length);
    expect(oldest).not.toBeNull();
    expect(
      await listApprovals({ tables, sql: bed.pool }, { program: PROGRAM, state: 'waiting', limit: 1, cursor: 'x' }),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request' },
    });
  });

  it('survives the end of the process, and a commit without an answer', async () => {
    await bed.deliver(bed.order('c7', order(1, '100.00')));
    let attempts = 0;
    const store: typeof bed.ratings = Object.create(bed.ratings) as typeof bed.ratings;
    store.transact = async (request, work) => {
      const done = await bed.ratings.transact(request, work);
      attempts += 1;
      if (attempts === 1) throw new UnknownOutcomeError('no answer');
      return done;
    };
    const parts = { store, tables, catalog: bed.catalog, budgets: bed.budgets };
    const rulings = [approve(awardOf('c7'), 100)];
    expect(await decideAwards(parts, { program: PROGRAM, rulings, meta: {} })).toMatchObject([
      { ok: true, value: { changed: false, row: { approval: { state: 'approved' } } } },
    ]);
    expect(await bed.ratingsOf('c7')).toHaveLength(2);
    const again = await startTestbed(clock.now, { url: bed.url });
    try {
      await again.deliver(bed.order('c7', order(2, '130.00')));
      expect((await again.awardsOf('c7'))[awardOf('c7')]).toBe(100);
    } finally {
      await again.close();
    }
    expect(await listed('c7')).toMatchObject([{ waiting: 30 }]);
  });
});
