import type { ProgramDocument } from '@jifen/contracts';
import { document, spend } from '../../testing/program-cases.ts';
import type { RulesItem } from '../cause.ts';
import { arrivalsOf, PROGRAM } from '../program-test/given.ts';
import { memberOutcome } from '../simulation/member-outcome.ts';
import { MemberWorlds } from '../simulation/member-worlds.ts';
import { compared, type Comparison } from '../simulation/simulate-history.ts';
import { Tally } from '../simulation/tally.ts';
import { MAX_MEMBER_CAUSES, Shadow } from './shadow.ts';

const OWNER = `${PROGRAM}/m-1`;
const of = (points: string): ProgramDocument =>
  document([
    { ...spend, earn: { form: 'rate', points, per: '1.00' }, limits: [{ per: 'month', points: 500 }] },
    {
      ...spend,
      id: 'month',
      earn: { form: 'target', window: 'month', metric: 'amount', of: ['spend'], reach: '300.00', by: '2' },
    },
  ]);
const comparison: Comparison = {
  candidate: { name: 'draft', version: 2, document: of('2') },
  baseline: { name: 'version 1', version: 1, document: of('1') },
};
const NOTHING = { owner: OWNER, timeline: [], facts: [] };
const nothing = () => Promise.resolve();

function itemsOf(
  orders: readonly { orderId: string; amount: string; refundedAmount?: string }[],
): readonly RulesItem[] {
  const given = orders.map(({ orderId, amount, refundedAmount }, index) => ({
    order: {
      orderId,
      occurredAt: new Date(Date.UTC(2026, 9, 20) + index * 3_600_000).toISOString(),
      lines: [{ amount, ...(refundedAmount === undefined ? {} : { refundedAmount }) }],
    },
  }));
  const arrivals = arrivalsOf({ name: 'x', given, expect: {} }, comparison.candidate.document);
  if (!arrivals.ok) throw new Error(JSON.stringify(arrivals.refusal));
  return arrivals.value.flatMap(({ item }) => (item.kind === 'decision' ? [] : [item]));
}

describe('N04: a shadow', () => {
  it('adds up message by message what the whole history comes to', async () => {
    const items = itemsOf([
      ...[...Array(40).keys()].map((n) => ({ orderId: `O${n}`, amount: `${(n * 37) % 90}.00` })),
      { orderId: 'O3', amount: '21.00', refundedAmount: '21.00' },
      { orderId: 'O7', amount: '79.00', refundedAmount: '10.00' },
    ]);
    const programs = compared(PROGRAM, comparison);
    const worlds = await MemberWorlds.open(programs, NOTHING);
    for (const item of items) await worlds.deliver(item);
    const tallyOf = (outcome: Parameters<Tally['add']>[0]) => {
      const tally = new Tally(comparison.candidate.document, comparison.baseline.document);
      tally.add(outcome);
      const { rules, ...report } = tally.report();
      return { ...report, rules: rules.filter(({ candidate, baseline }) => candidate !== 0 || baseline !== 0) };
    };
    const whole = tallyOf(await memberOutcome(programs, { ...NOTHING, items }));
    expect(tallyOf(worlds.outcome())).toEqual(whole);
    expect(whole.rules.length).toBe(2);
  });

  it('follows so many orders of a member, and what changes of those; the rest is dropped and counted', async () => {
    const many = itemsOf([...Array(MAX_MEMBER_CAUSES + 20).keys()].map((n) => ({ orderId: `O${n}`, amount: '1.00' })));
    const [again] = itemsOf([{ orderId: 'O0', amount: '1.00', refundedAmount: '1.00' }]);
    const plain = { name: 'plain', version: 1, document: document([spend]) };
    const shadow = new Shadow(PROGRAM, { candidate: plain, baseline: plain }, 100);
    const known = (owner: string) => Promise.resolve({ ...NOTHING, owner });
    shadow.offer(many, 1);
    await shadow.work(known, nothing);
    if (again?.kind === 'order') again.event.order.revision = 2;
    shadow.offer(again === undefined ? [] : [again], 1);
    await shadow.work(known, nothing);
    const { rated, dropped, tally } = shadow.part();
    expect({ rated, dropped }).toEqual({ rated: MAX_MEMBER_CAUSES + 1, dropped: 20 });
    expect(tally.totals).toEqual([['points', MAX_MEMBER_CAUSES - 1, MAX_MEMBER_CAUSES - 1]]);
  });
});
