import { PROOF_PROGRAM, STANDARD_WORKLOAD, workload } from '@jifen/app-simulator';
import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { compileProgram, rate, ratedOrder, validateProgram } from '@jifen/rules';

/** Rules tried in a round: the more rules a program has, the fewer ratings are timed. */
const TRIED = 360_000;
const SAMPLE = 2_000;
const ROUNDS = 7;

export interface RuleBench {
  readonly rules: number;
  /** Of the best round: others were disturbed. */
  readonly perSecond: number;
}

const spend: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
};

/** Ten kinds of rule as operators write them, in turn. */
const KINDS: readonly ((id: string, nth: number) => EarnRule)[] = [
  (id) => ({ ...spend, id, if: { order: { amount: { atLeast: '500.00' } } } }),
  (id) => ({ ...spend, id, earn: { form: 'multiplier', of: ['spend'], by: 'tier' } }),
  (id) => ({ ...spend, id, if: { member: { birthday: { in: 'month' } } }, earn: times('2') }),
  (id, nth) => ({ ...spend, id, schedule: { daysOfMonth: [nth] }, earn: times('3') }),
  (id) => ({ ...spend, id, if: { lines: { where: { categories: ['tea'] } } }, earn: { form: 'fixed', points: 5 } }),
  (id) => ({ ...spend, id, when: { activity: 'review.posted' }, earn: { form: 'fixed', points: 20 } }),
  (id) => ({ ...spend, id, audience: { share: { to: 10 } }, earn: times('1.5') }),
  (id) => ({ ...spend, id, if: { cel: 'tier == "gold" && order.left > 100.0' }, earn: { form: 'fixed', points: 9 } }),
  (id) => ({ ...spend, id, when: { order: 'completed' } }),
  (id) => ({ ...spend, id, if: { member: { tags: { any: ['vip'] } }, order: { channel: { is: 'app' } } } }),
];

const times = (by: string): EarnRule['earn'] => ({ form: 'multiplier', of: ['spend'], by });

/** A program of so many rules: the first pays every order, the others are of the kinds in turn. */
export function benchProgram(rules: number): ProgramDocument {
  const others = Array.from({ length: rules - 1 }, (_, nth) => {
    const kind = KINDS[nth % KINDS.length];
    if (kind === undefined) throw new Error('there are kinds');
    return kind(`rule-${nth}`, (nth % 28) + 1);
  });
  return { ...PROOF_PROGRAM, rules: [spend, ...others] };
}

/** The rating function alone on one core, with programs of some sizes. */
export function measureRules(sizes: readonly number[]): readonly RuleBench[] {
  const orders = [...workload({ ...STANDARD_WORKLOAD, prefix: 'R' }, SAMPLE)].flatMap(({ kind, body }) => {
    if (kind !== 'order') return [];
    const { member = '', identity: _identity, program: _program, ...order } = body;
    return [{ member, order: order satisfies RecordedOrder }];
  });
  const facts = { birthday: '1990-11-11', tags: ['vip'] };
  return sizes.map((rules) => {
    const validation = validateProgram(benchProgram(rules));
    if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
    const compiled = compileProgram(validation.document, 1);
    const ratings = Math.round(TRIED / rules);
    const round = (): number => {
      const started = performance.now();
      for (let index = 0; index < ratings; index++) {
        const sample = orders[index % orders.length];
        if (sample === undefined) throw new Error('the workload has no orders');
        const { member, order } = sample;
        const cause = { member, source: order.source, id: order.orderId, tier: 'gold', facts };
        rate(compiled, { ...cause, kind: 'order', order: ratedOrder(order) });
      }
      return ratings / ((performance.now() - started) / 1_000);
    };
    const best = Math.max(...Array.from({ length: ROUNDS }, round));
    return { rules, perSecond: Math.round(best) };
  });
}
