import { createCalendar, present } from '@jifen/kernel';
import fc from 'fast-check';
import { SAMPLE_FACTS } from './samples.ts';
import { DEFAULT_TEMPLATES } from './templates.ts';
import { LANGUAGES, TRIGGERS, type Facts, type Trigger } from './trigger.ts';
import { formatDate, formatPoints, viewOf, type ProgramWords, type View } from './view.ts';

const words: ProgramWords = {
  name: { en: 'Tea Club', zh: '茶友会' },
  timeZone: 'Asia/Shanghai',
  currencies: [
    { code: 'points', name: { en: 'points', zh: '积分' }, decimals: 0 },
    { code: 'stars', decimals: 2 },
  ],
  ladderCurrency: 'points',
  moneyCurrency: 'CNY',
  tiers: [
    { code: 'bronze', name: { en: 'Bronze', zh: '青铜' } },
    { code: 'silver', name: { en: 'Silver', zh: '白银' } },
  ],
};
const view = (trigger: Trigger, items: readonly Facts[], language: 'en' | 'zh' = 'en'): View =>
  viewOf({
    ...{ member: 'm-1', trigger, items, words, language, today: '2027-11-23' },
    calendar: present(createCalendar('Asia/Shanghai'), 'zone'),
  });

describe('facts in words', () => {
  it('names the currency, the tier and the direction in the language', () => {
    expect(view('points-credited', [SAMPLE_FACTS['points-credited']], 'zh')).toMatchObject({
      ...{ program: '茶友会', points: '120', available: '480', currency: '积分', count: 1 },
      // 16:00 in London is the next day in Shanghai.
      usableFrom: '2027年2月1日',
    });
    expect(view('tier-changed', [{ tier: 'silver', previous: 'bronze' }])).toMatchObject({
      tier: 'Silver',
      previous: 'Bronze',
      direction: 'up',
    });
    expect(view('tier-changed', [{ tier: 'bronze', previous: 'silver' }])).toMatchObject({ direction: 'down' });
    expect(view('tier-changed', [{ tier: 'silver' }])).toMatchObject({ direction: 'up', previous: '' });
    expect(view('tier-kept', [{ tier: 'silver' }])).toMatchObject({ direction: '' });
    expect(view('tier-changed', [{ tier: 'old', previous: 'silver' }])).toMatchObject({ tier: 'old', direction: '' });
    expect(view('near-upgrade', [{ tier: 'bronze', next: 'silver', missing: 288 }])).toMatchObject({
      next: 'Silver',
      missing: '288',
      currency: 'points',
    });
  });

  it('counts by what the ladder counts by, and falls on the day after the last one', () => {
    const fall = { tier: 'silver', next: 'bronze', missing: 2, fallsAt: '2027-12-31T16:00:00.000Z' };
    const by = (basis: string): Partial<View> => view('tier-will-fall', [{ ...fall, basis }]);
    expect(by('orders')).toMatchObject({
      missing: '2',
      currency: 'orders',
      next: 'Bronze',
      lastDay: '31 December 2027',
    });
    expect(by('spend')).toMatchObject({ missing: '2', currency: 'CNY' });
    expect(by('points')).toMatchObject({ missing: '2', currency: 'points' });
  });

  it('adds up the points of a digest and tells the newest balance and the latest date', () => {
    const at = (points: number, available: number, usableFrom?: string): Facts => ({
      ...{ currency: 'stars', points, available },
      ...(usableFrom === undefined ? {} : { usableFrom }),
    });
    const many = [at(1, 1), at(250, 251, '2027-12-01T00:00:00.000Z'), at(49, 300)];
    expect(view('points-credited', many)).toMatchObject({
      count: 3,
      points: '3.00',
      available: '3.00',
      currency: 'stars',
      usableFrom: '1 December 2027',
    });
  });

  it('U28: counts the days to the last day, and an expiry of many days from the first', () => {
    const many = [
      { lastDay: '2027-12-24', points: 2 },
      { lastDay: '2027-11-30', points: 3 },
    ];
    expect(view('points-expiring', many)).toMatchObject({ lastDay: '30 November 2027', days: '7', points: '5' });
  });

  it.each([
    [0, 0, '0'],
    [1234, 2, '12.34'],
    [-5, 2, '-0.05'],
    [9_007_199_254_740_991, 3, '9007199254740.991'],
  ])('%i with %i decimals is %s', (value, decimals, expected) => {
    expect(formatPoints(value, decimals)).toBe(expected);
  });

  it('no decimal is lost in formatting', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 }), (value, decimals) => {
        expect(BigInt(formatPoints(value, decimals).replace('.', ''))).toBe(BigInt(value));
      }),
    );
  });

  it('writes dates out', () => {
    expect([formatDate('2027-11-30', 'en'), formatDate('2027-11-30', 'zh')]).toEqual([
      '30 November 2027',
      '2027年11月30日',
    ]);
  });
});

describe('the built-in texts', () => {
  it('miss no trigger in any language, and nothing is said in one language only', () => {
    const figures = (text: string): readonly string[] => [...new Set(text.match(/{{ \w+ }}/g) ?? [])].sort();
    for (const language of LANGUAGES)
      expect(Object.keys(DEFAULT_TEMPLATES[language]).sort()).toEqual([...TRIGGERS].sort());
    for (const trigger of TRIGGERS) {
      const [en, zh] = LANGUAGES.map((language) => DEFAULT_TEMPLATES[language][trigger]);
      const all = (each: typeof en): readonly string[] => figures(`${each?.title}${each?.body}`);
      expect([trigger, ...all(zh)]).toEqual([trigger, ...all(en)]);
    }
  });
});
