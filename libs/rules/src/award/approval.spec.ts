import type { Approval, EarnRule } from '@jifen/contracts';
import fc from 'fast-check';
import { activityInput, document, line, order, program, rateOrder, SPEND } from '../examples.ts';
import { explainApproval } from '../explain/approval-words.ts';
import { explain } from '../explain/explain.ts';
import { rate, withEarlier } from '../rate.ts';
import { validateProgram } from '../validate-program.ts';
import { approvalOf, decideApproval, dueOf, granted, waitingOf, type Ruling } from './approval.ts';

const AT = '2026-11-28T00:00:00.000Z';
const approve = (points: number): Ruling => ({ verdict: 'approve', points, actor: 'lead-1', at: AT });
const reject = (points = 0): Ruling => ({ verdict: 'reject', points, actor: 'lead-1', reason: 'copied', at: AT });

/** Rulings and amounts that become due, in the order in which they happen. */
function after(...steps: readonly (number | Ruling)[]): Approval | string {
  let known = approvalOf(0, { approved: 0 });
  for (const step of steps) {
    if (typeof step === 'number') known = approvalOf(step, known);
    else {
      const decided = decideApproval(known, step);
      if (!decided.ok) return decided.refusal;
      known = decided.value ?? known;
    }
  }
  return known;
}

describe('C08: what was decided about an award', () => {
  it.each<readonly [string, readonly (number | Ruling)[], Approval['state'], granted: number, waiting: number]>([
    ['waits', [100], 'waiting', 0, 100],
    ['shrinks by a refund', [100, 60], 'waiting', 0, 60],
    ['is gone when all came back', [100, 0], 'withdrawn', 0, 0],
    ['waits again when it is due again', [100, 0, 100], 'waiting', 0, 100],
    ['is approved', [100, approve(100)], 'approved', 100, 0],
    ['is approved in part', [100, approve(40)], 'waiting', 40, 60],
    ['falls after approval', [100, approve(100), 60], 'approved', 60, 0],
    ['falls to nothing and rises again', [100, approve(100), 0, 100], 'approved', 100, 0],
    ['waits for the difference', [100, approve(100), 150], 'waiting', 100, 50],
    ['is approved further', [100, approve(100), 150, approve(150)], 'approved', 150, 0],
    ['is rejected', [100, reject()], 'rejected', 0, 0],
    ['stays rejected when more is due', [100, reject(), 150], 'rejected', 0, 0],
    ['is rejected beyond what was approved', [150, approve(100), reject(100)], 'rejected', 100, 0],
    ['was approved before it fell', [100, 60, approve(100)], 'approved', 60, 0],
  ])('%s', (_, steps, state, points, waiting) => {
    const approval = after(...steps);
    if (typeof approval === 'string') throw new Error(approval);
    expect(approval.state).toBe(state);
    expect(Math.min(approval.due, approval.approved)).toBe(points);
    expect(waitingOf(approval)).toBe(waiting);
  });

  it.each<readonly [string, readonly (number | Ruling)[]]>([
    ['less than before', [100, approve(100), approve(60)]],
    ['after a rejection', [100, reject(), approve(100)]],
    ['a rejection of what was approved', [100, approve(100), reject()]],
  ])('refuses %s', (_, steps) => {
    expect(after(...steps)).toBe('already_decided');
  });

  it('takes the same decision again and changes nothing', () => {
    const approved = after(100, approve(100)) as Approval;
    expect(decideApproval(approved, { ...approve(100), actor: 'somebody else' })).toEqual({
      ok: true,
      value: undefined,
    });
    const rejected = after(100, reject()) as Approval;
    expect(decideApproval(rejected, reject())).toEqual({ ok: true, value: undefined });
  });

  it('grants what is due in the end, up to the most that was approved before a rejection, in any order of both', () => {
    const due = fc.integer({ min: 0, max: 300 });
    const ruling = fc.oneof(fc.integer({ min: 1, max: 300 }).map(approve), fc.constant(reject()));
    fc.assert(
      fc.property(fc.array(fc.oneof(due, ruling)), due, (steps, last) => {
        let known = approvalOf(0, { approved: 0 });
        let [approved, closed] = [0, false];
        for (const step of [...steps, last]) {
          if (typeof step === 'number') known = approvalOf(step, known);
          else {
            const decided = decideApproval(known, step);
            if (decided.ok) known = decided.value ?? known;
            if (step.verdict === 'reject') closed ||= approved === 0;
            else if (!closed) approved = Math.max(approved, step.points);
          }
          expect(known.approved).toBe(approved);
        }
        expect(Math.min(known.due, known.approved)).toBe(Math.min(last, approved));
        expect(waitingOf(known)).toBe(closed ? 0 : Math.max(0, last - approved));
      }),
    );
  });

  it('is told in both languages', () => {
    const waiting = after(15_000, approve(10_000)) as Approval;
    expect(explainApproval(waiting, 'en', 2)).toEqual([
      `lead-1 approved up to 100.00 at ${AT}.`,
      '50.00 wait for approval.',
    ]);
    expect(explainApproval(after(150, approve(100), reject(100)) as Approval, 'zh')).toEqual([
      `lead-1 于 ${AT} 驳回（copied）。`,
      '此前通过的部分不变：上限 100 分。',
    ]);
    expect(explainApproval(after(100, 0) as Approval, 'en')).toEqual([
      'Nothing is due any more, so that nothing waits.',
    ]);
    expect(explainApproval(after(100, approve(100), 60) as Approval, 'en').at(-1)).toBe('Only 60 are due now.');
  });
});

describe('a rule that waits for approval', () => {
  const REVIEW: EarnRule = {
    id: 'review',
    when: { activity: 'review.posted' },
    earn: { form: 'fixed', points: 50 },
    currency: 'points',
    availability: 'on-approval',
  };
  const spend = { ...SPEND, availability: 'on-approval' } satisfies EarnRule;

  it('promises its points and grants none', () => {
    const { awards, trace } = rate(program([REVIEW]), activityInput('review.posted', 'R-1', AT));
    expect(awards).toMatchObject([{ target: 0, approval: { state: 'waiting', due: 50, approved: 0 } }]);
    const { rules } = explain(trace, 'en');
    expect(rules[0]?.sentences).toContain('Somebody has to approve it: nothing of the 50 can be spent before.');
    expect(explain(trace, 'zh').rules[0]?.sentences).toContain('须人工审核：审核通过前，这 50 分不可使用。');
  });

  it('is granted as far as it was approved, with whatever is due', () => {
    const { awards } = rateOrder(program([spend]), order([line('100.00')]));
    const [award] = awards;
    if (award === undefined) throw new Error('no award');
    expect(dueOf(award)).toBe(100);
    expect(granted(award, undefined).target).toBe(0);
    expect(granted(award, { approved: 70 })).toMatchObject({ target: 70, approval: { state: 'waiting', due: 100 } });
    const [gone] = withEarlier([], [granted(award, { approved: 70 })]);
    expect(gone).toMatchObject({ target: 0, approval: { state: 'approved', due: 0, approved: 70 } });
  });

  it('does not hold back what builds on it', () => {
    const double: EarnRule = {
      id: 'double',
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: [spend.id], by: '2' },
      currency: 'points',
    };
    const { awards } = rateOrder(program([spend, double]), order([line('100.00')]));
    expect(awards.map(({ target }) => target)).toEqual([0, 100]);
  });

  it('has no effects, which wait for nobody', () => {
    const effects = [{ kind: 'coupon', ref: 'gift' }];
    const validation = validateProgram(document([{ ...REVIEW, effects }]));
    expect(validation).toMatchObject({ ok: false, violations: [{ pointer: '/rules/0/effects' }] });
  });
});
