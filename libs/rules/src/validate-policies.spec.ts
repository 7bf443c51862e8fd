import type { ProgramDocument } from '@jifen/contracts';
import { document, LADDER, SPEND } from './examples.ts';
import { validateProgram } from './validate-program.ts';

const pointers = (policies: Partial<ProgramDocument>): readonly string[] => {
  const validation = validateProgram(document([SPEND], policies));
  return validation.ok ? [] : validation.violations.map(({ pointer }) => pointer);
};
const RATE = { currency: 'points', points: 100, money: '1.00' };

describe('the policies of a program', () => {
  it.each<[string, Partial<ProgramDocument>, readonly string[]]>([
    ['B01: 100 points for 1 yuan', { redemption: [RATE] }, []],
    ['points of no currency', { redemption: [{ ...RATE, currency: 'stars' }] }, ['/redemption/0/currency']],
    ['two policies for one currency', { redemption: [RATE, RATE] }, ['/redemption/1/currency']],
    ['points that are worth nothing', { redemption: [{ ...RATE, money: '0' }] }, ['/redemption/0/money']],
    ['thousandths of a yuan', { redemption: [{ ...RATE, money: '0.001' }] }, ['/redemption/0/money']],
    [
      'U36: a step that is no whole number of points',
      { redemption: [{ ...RATE, points: 3, money: '0.02', step: '0.01' }] },
      ['/redemption/0/step'],
    ],
    ['a share above one', { redemption: [{ ...RATE, maximumShare: '1.1' }] }, ['/redemption/0/maximumShare']],
    [
      'C04: caps of tiers that are none, or twice',
      {
        ladder: LADDER,
        redemption: [
          {
            ...RATE,
            tiers: [{ tier: 'king' }, { tier: LADDER.tiers[0]?.code ?? '' }, { tier: LADDER.tiers[0]?.code ?? '' }],
          },
        ],
      },
      ['/redemption/0/tiers/0/tier', '/redemption/0/tiers/2/tier'],
    ],
    [
      'Q12: limits of debt of no currency, of one twice, of tiers that are none, or twice',
      {
        ladder: LADDER,
        debtLimits: [
          { currency: 'stars', points: 1 },
          { currency: 'points', points: 1, tiers: [{ tier: 'king', points: 2 }] },
          {
            currency: 'points',
            points: 0,
            tiers: [
              { tier: 'silver', points: 3 },
              { tier: 'silver', points: 4 },
            ],
          },
        ],
      },
      ['/debtLimits/0/currency', '/debtLimits/2/currency', '/debtLimits/1/tiers/0/tier', '/debtLimits/2/tiers/1/tier'],
    ],
    ['a limit of debt below nothing', { debtLimits: [{ currency: 'points', points: -1 }] }, ['/debtLimits/0/points']],
    ['a hold of a month by default', { holds: { defaultSeconds: 2_592_000 } }, ['/holds']],
    ['a hold of a month at most', { holds: { maximumSeconds: 2_592_000 } }, []],
    [
      'C03: gifts of no currency, of less than the least',
      { transfers: { currencies: ['stars'], minimumPoints: 10, maximumPoints: 9, perDay: { points: 5, count: 1 } } },
      ['/transfers/currencies/0', '/transfers/maximumPoints', '/transfers/perDay/points'],
    ],
    ['a limit of nothing', { transfers: { currencies: ['points'], perDay: {} } }, ['/transfers/perDay']],
    ['V07: a value for no currency', { pointValue: [{ currency: 'stars' }] }, ['/pointValue/0/currency']],
  ])('%s', (_, policies, expected) => {
    expect(pointers(policies)).toEqual(expected);
  });
});
