import type { ProgramDocument } from '@jifen/contracts';
import { fakeClock } from '@jifen/testing';
import { explainAward } from './application/explain-award.ts';
import { tables } from './adapters/tables.ts';
import type { AwardRuling } from './application/approval/decide-awards.ts';
import { tellReferrals } from './application/referral/tell-referrals.ts';
import { PROGRAM, startTestbed, type Testbed } from './testing/testbed.ts';
import { PLAIN_PROGRAM } from './testing/program.ts';

const START = '2026-01-01T00:00:00.000Z';

const document: ProgramDocument = {
  ...PLAIN_PROGRAM,
  limits: [{ id: 'all', per: 'month', currency: 'points', points: 450 }],
  rules: [
    {
      id: 'work',
      when: { activity: 'coursework.submitted' },
      earn: { form: 'fixed', points: 200 },
      currency: 'points',
      availability: 'on-approval',
      limits: [{ per: 'day', points: 500 }],
    },
    { id: 'note', when: { activity: 'coursework.submitted' }, earn: { form: 'fixed', points: 30 }, currency: 'points' },
    {
      id: 'referrer',
      when: { activity: 'referral.qualified' },
      earn: { form: 'fixed', points: 100 },
      currency: 'points',
      availability: 'on-approval',
    },
  ],
  referral: { qualifyBy: [{ order: 'paid' }] },
};

const HOURS = ['01', '02', '03', '04'];
const IDS = ['A', 'B', 'C', 'D'];
const ruling = (member: string, id: string, verdict: 'approve' | 'reject', points: number): AwardRuling => ({
  awardId: `${member}~work~lms~${id}`,
  verdict,
  points,
  actor: 'lead-1',
  ...(verdict === 'reject' ? { reason: 'copied' } : {}),
});

/** Every order of some things. */
const orders = <T>(of: readonly T[]): readonly (readonly T[])[] =>
  of.length < 2 ? [of] : of.flatMap((each, n) => orders(of.toSpliced(n, 1)).map((rest) => [each, ...rest]));

describe('C01, C02, C08: what is rejected counts in no limit of the member any more', () => {
  let bed: Testbed;

  beforeAll(async () => {
    bed = await startTestbed(fakeClock(Date.parse(START)).now);
    await bed.publish(document, START);
  });
  afterAll(() => bed.close());

  const hand = (member: string, id: string) => {
    const occurredAt = `2026-11-02T${HOURS[IDS.indexOf(id)]}:00:00.000Z`;
    return bed.deliver(bed.activity(member, { source: 'lms', id, type: 'coursework.submitted', occurredAt }));
  };
  /** By cause what the rule's award is due, and what the other rule gives. */
  const due = async (member: string): Promise<readonly (readonly [number, number])[]> => {
    const last = new Map((await bed.ratingsOf(member)).map((made) => [made.cause.id, made]));
    return IDS.filter((id) => last.has(id)).map((id) => {
      const awards = last.get(id)?.awards ?? [];
      const of = (rule: string) => awards.find(({ ruleId }) => ruleId === rule);
      return [of('work')?.approval?.due ?? 0, of('note')?.target ?? 0];
    });
  };
  const totals = async (member: string): Promise<unknown> =>
    (
      await bed.pool.query('SELECT bucket, a, b FROM window_total WHERE owner = $1 ORDER BY bucket', [
        `${PROGRAM}/${member}`,
      ])
    ).rows;

  it('a share comes back to the cause itself, and to what happened after it', async () => {
    for (const id of ['A', 'B', 'C']) await hand('one', id);
    expect(await due('one')).toEqual([
      [200, 30],
      [200, 20],
      [0, 0],
    ]);
    const [answer] = await bed.decide(ruling('one', 'A', 'reject', 0));
    expect(answer).toMatchObject({ ok: true, value: { changed: true } });
    const position = answer?.ok === true ? answer.value.place?.position : undefined;
    const rejected = (await bed.ratingsOf('one')).findLast(({ cause }) => cause.id === 'A');
    expect(rejected?.awards[0]).toMatchObject({ revision: position, target: 0, approval: { state: 'rejected' } });
    expect(await due('one')).toEqual([
      [200, 30],
      [200, 30],
      [190, 0],
    ]);
    const before = [await totals('one'), (await bed.ratingsOf('one')).length];
    expect(await bed.decide(ruling('one', 'A', 'reject', 0))).toMatchObject([{ ok: true, value: { changed: false } }]);
    expect([await totals('one'), (await bed.ratingsOf('one')).length]).toEqual(before);
    const parts = { store: bed.ratings, tables, catalog: bed.catalog, sql: bed.pool };
    for (const id of ['A', 'B', 'C'])
      expect(await explainAward(parts, PROGRAM, `one~work~lms~${id}`)).toMatchObject({
        ok: true,
        value: { recomputed: { equal: true } },
      });
  });

  it('what was approved before stays in the limit', async () => {
    for (const id of ['A', 'B', 'C']) await hand('part', id);
    await bed.decide(ruling('part', 'A', 'approve', 150), ruling('part', 'A', 'reject', 150));
    expect(await due('part')).toEqual([
      [200, 30],
      [200, 30],
      [40, 0],
    ]);
  });

  it('in any order of arrival: causes, decisions, and causes again', async () => {
    // A decision comes after the cause that it is about; everything else in any order.
    type Step = readonly ['hand' | 'reject', string];
    const steps: readonly Step[] = [
      ['hand', 'A'],
      ['hand', 'B'],
      ['hand', 'C'],
      ['reject', 'A'],
      ['reject', 'B'],
    ];
    const possible = orders(steps).filter((order) =>
      ['A', 'B'].every((id) => {
        const place = (kind: Step[0]) => order.findIndex((step) => step[0] === kind && step[1] === id);
        return place('hand') < place('reject');
      }),
    );
    expect(possible).toHaveLength(30);
    const ends = new Set<string>();
    for (const [n, order] of possible.entries()) {
      const member = `any-${n}`;
      for (const [kind, id] of order)
        if (kind === 'hand') await hand(member, id);
        else expect(await bed.decide(ruling(member, id, 'reject', 0))).toMatchObject([{ ok: true }]);
      await hand(member, 'B');
      ends.add(JSON.stringify([await due(member), await totals(member)]));
    }
    expect([...ends]).toHaveLength(1);
    expect([...ends][0]).toContain('[[200,30],[200,30],[200,30]]');
  });

  const tell = () =>
    tellReferrals({ store: bed.ratings, tables, catalog: bed.catalog, budgets: bed.budgets }, bed.pool);

  it('U51: a referral that was approved can still be withdrawn', async () => {
    const at = '2026-11-03T00:00:00.000Z';
    const order = (revision: number, refundedAmount?: string) => ({
      source: 'shop',
      orderId: 'O-1',
      revision,
      status: 'paid' as const,
      occurredAt: at,
      placedAt: at,
      currency: 'CNY',
      lines: [
        {
          lineId: '1',
          sku: 'TEA',
          quantity: 1,
          amount: '10.00',
          ...(refundedAmount === undefined ? {} : { refundedAmount }),
        },
      ],
    });
    const registered = { source: 'app', id: 'r', type: 'referral.registered', occurredAt: '2026-11-02T00:00:00.000Z' };
    await bed.deliver(bed.activity('friend', { ...registered, data: { referrer: 'host' } }));
    await bed.deliver(bed.order('friend', order(1)));
    await tell();
    const awardId = 'host~referrer~jifen~referral:friend';
    expect(await bed.decide({ awardId, verdict: 'approve', points: 100, actor: 'lead-1' })).toMatchObject([
      { ok: true, value: { changed: true } },
    ]);
    expect((await bed.awardsOf('host'))[awardId]).toBe(100);
    await bed.deliver(bed.order('friend', order(2, '10.00')));
    await tell();
    expect((await bed.awardsOf('host'))[awardId]).toBe(0);
  });
});
