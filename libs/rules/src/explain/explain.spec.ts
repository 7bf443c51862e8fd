import { activityInput, line, order, program, rateOrder, SIGN_UP, SPEND, spendOn, TIER_BONUS } from '../examples.ts';
import { explain } from './explain.ts';
import { rate } from '../rate.ts';
import { REASON_WORDS, STEP_WORDS } from './words.ts';

describe('an explanation', () => {
  it('has a sentence for everything in both languages', () => {
    for (const words of Object.values(REASON_WORDS))
      expect([words.en, words.zh].every((text) => text !== '')).toBe(true);
    for (const words of Object.values(STEP_WORDS)) expect(Object.keys(words).sort()).toEqual(['en', 'zh']);
  });

  it('tells the arithmetic', () => {
    const recorded = order([line('129.90', { discount: '10.00' }), line('5.00', { isGift: true })], {
      orderDiscount: '9.90',
    });
    const { trace } = rateOrder(program([SPEND, TIER_BONUS]), recorded, 'silver');
    const english = explain(trace, 'en');
    expect([...english.heading, ...english.rules.flatMap(({ sentences }) => sentences)]).toEqual([
      'Rated under version 1 of the program.',
      'The tier in force was silver.',
      'Line 2 is a gift and does not count.',
      'Line 1: 129.90 CNY (discount 10.00 CNY, share of the order discount 9.90 CNY) counts as 110.00 CNY.',
      'The basis is 110.00 CNY.',
      '110.00 CNY at 1 points per 1.00, rounded down: 110.',
      'Rule spend gives 110 points.',
      '110 points × 1.2 (tier silver), rounded down: 22 more.',
      'Rule tier-bonus gives 22 points.',
    ]);
    expect(explain(trace, 'zh').rules[1]?.sentences).toEqual([
      '110 分 × 1.2（等级 silver），向下取整：另加 22 分。',
      '规则 tier-bonus 给予 22 points。',
    ]);
  });

  it('tells why not', () => {
    const rules = program([spendOn({ pointsPaid: 'none' }), SIGN_UP]);
    const paid = order([line('10.00')], { payments: [{ kind: 'points', amount: '1.00' }] });
    expect(explain(rateOrder(rules, paid).trace, 'en').rules.map(({ sentences }) => sentences.at(-1))).toEqual([
      'Rule spend gives nothing: the order was partly paid with points.',
      'Rule sign-up gives nothing: it is for another kind of event.',
    ]);
  });

  it('writes points in the decimals of their currency', () => {
    const { trace } = rate(program([SIGN_UP]), activityInput('member.registered', 'a', '2026-11-01T00:00:00Z'));
    expect(explain(trace, 'en', { points: 2 }).rules[0]?.sentences.at(-1)).toBe('Rule sign-up gives 5.00 points.');
  });
});
