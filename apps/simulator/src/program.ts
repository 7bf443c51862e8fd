import type { ProgramDocument } from '@jifen/contracts';

const tier = (code: string, en: string, zh: string, threshold: number, multiplier: string) => ({
  code,
  name: { en, zh },
  threshold,
  multiplier,
});

/** The program of proofs and benchmarks: one point per whole yuan of what was paid for the lines, times the tier of the reference ladder. */
export const PROOF_PROGRAM: ProgramDocument = {
  name: { en: 'Proof', zh: '验证' },
  timeZone: 'Asia/Shanghai',
  moneyCurrency: 'CNY',
  currencies: [{ code: 'points', decimals: 0 }],
  ladder: {
    currency: 'points',
    basis: 'lifetime-points',
    tiers: [
      tier('bronze', 'Bronze', '青铜', 0, '1'),
      tier('silver', 'Silver', '白银', 5_000, '1.2'),
      tier('gold', 'Gold', '黄金', 20_000, '1.5'),
      tier('platinum', 'Platinum', '铂金', 50_000, '2'),
      tier('diamond', 'Diamond', '钻石', 100_000, '3'),
    ],
  },
  rules: [
    {
      id: 'spend',
      name: { en: '1 yuan = 1 point', zh: '1 元 = 1 积分' },
      when: { order: 'paid' },
      earn: { form: 'rate', points: '1', per: '1.00', rounding: 'floor' },
      currency: 'points',
    },
    {
      id: 'tier',
      name: { en: 'Tier multiplier', zh: '等级倍数' },
      when: { order: 'paid' },
      earn: { form: 'multiplier', of: ['spend'], by: 'tier', rounding: 'floor' },
      currency: 'points',
    },
  ],
};
