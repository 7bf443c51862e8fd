import type { EarnRule, ProgramDocument, RecordedOrder } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { compileProgram, type CompiledProgram } from './compile.ts';
import { rate, type Rating, type RatingInput } from './rate.ts';
import { ratedOrder } from './order/rated-order.ts';
import { validateProgram } from './validate-program.ts';

/** Small programs and orders that the specs of this library are written with. */
export const SPEND: EarnRule = {
  id: 'spend',
  when: { order: 'paid' },
  earn: { form: 'rate', points: '1', per: '1.00' },
  currency: 'points',
};

export const TIER_BONUS: EarnRule = {
  id: 'tier-bonus',
  when: { order: 'paid' },
  earn: { form: 'multiplier', of: ['spend'], by: 'tier' },
  currency: 'points',
};

export const SIGN_UP: EarnRule = {
  id: 'sign-up',
  when: { activity: 'member.registered' },
  earn: { form: 'fixed', points: 500, once: true },
  currency: 'points',
};

export const LADDER: NonNullable<ProgramDocument['ladder']> = {
  currency: 'points',
  basis: 'lifetime-points',
  tiers: [
    { code: 'bronze', name: { en: 'Bronze', zh: '青铜' }, threshold: 0, multiplier: '1' },
    {
      code: 'silver',
      name: { en: 'Silver', zh: '白银' },
      threshold: 5000,
      multiplier: '1.2',
      benefits: [{ code: 'birthday-gift', name: { en: 'Birthday gift', zh: '生日礼遇' } }],
    },
  ],
};

export const document = (rules: EarnRule[], more: Partial<ProgramDocument> = {}): ProgramDocument => ({
  name: { en: 'Example', zh: '示例' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  ladder: LADDER,
  rules,
  ...more,
});

export function program(rules: EarnRule[], more: Partial<ProgramDocument> = {}, version = 1): CompiledProgram {
  const validation = validateProgram(document(rules, more));
  if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
  return compileProgram(validation.document, version);
}

type Basis = NonNullable<Extract<EarnRule['earn'], { form: 'rate' }>['basis']>;

/** One point per yuan on a basis. */
export const spendOn = (basis: Basis): EarnRule => ({
  ...SPEND,
  earn: { form: 'rate', points: '1', per: '1.00', basis },
});

export const line = (
  amount: string,
  more: Partial<RecordedOrder['lines'][number]> = {},
): RecordedOrder['lines'][number] => ({
  lineId: 'L',
  sku: 'TEA',
  quantity: 1,
  amount,
  ...more,
});

export const order = (lines: RecordedOrder['lines'], more: Partial<RecordedOrder> = {}): RecordedOrder => ({
  source: 'shop',
  orderId: 'A-1',
  revision: 1,
  status: 'paid',
  occurredAt: '2026-11-01T02:00:00.000Z',
  placedAt: '2026-11-01T01:00:00.000Z',
  paidAt: '2026-11-01T02:00:00.000Z',
  currency: 'CNY',
  lines,
  ...more,
});

export const orderInput = (recorded: RecordedOrder, tier?: string): RatingInput => ({
  kind: 'order',
  member: 'm-1',
  source: recorded.source,
  id: recorded.orderId,
  order: ratedOrder(recorded),
  tier,
});

export const activityInput = (type: string, id: string, at: string): Extract<RatingInput, { kind: 'activity' }> => ({
  kind: 'activity',
  member: 'm-1',
  source: 'app',
  id,
  type,
  at: instant(at),
});

export const rateOrder = (compiled: CompiledProgram, recorded: RecordedOrder, tier?: string): Rating =>
  rate(compiled, orderInput(recorded, tier));

/** Rule → points; rules that gave nothing are left out. */
export const targets = (rating: Rating): Readonly<Record<string, number>> =>
  Object.fromEntries(rating.awards.map(({ ruleId, target }) => [ruleId, target]));

/** Points of the rule `spend` for an order under one program. */
export const spent = (rule: EarnRule, recorded: RecordedOrder): number =>
  targets(rateOrder(program([rule]), recorded))['spend'] ?? 0;

export const reasonOf = (rating: Rating, id: string): string | undefined =>
  rating.trace.rules.find(({ rule }) => rule === id)?.why;
