import type { LedgerEntry } from '@jifen/contracts';
import { LEDGER_EVENT_TYPES } from './events.ts';
import { sentenceOf } from './sentence.ts';

const entry: LedgerEntry = {
  program: 'demo',
  member: 'm-1',
  currency: 'points',
  points: -40,
  moved: 7,
  lots: [],
  reason: 'withdrawn',
  granted: 60,
  cause: { source: 'shop', id: 'A-1', revision: 2 },
  balance: { available: 0, pending: 0, held: 0, debt: 0 },
};

describe('sentenceOf', () => {
  it('says what was taken back and what is left of it', () => {
    expect(sentenceOf('points.reversed', entry)).toEqual({
      en: '40 points taken back for A-1: it is now worth 60.',
      'zh-CN': '扣回 40 积分（A-1）：现应得 60 积分。',
    });
  });

  it('says that nothing was added when an award counts at another instant', () => {
    expect(sentenceOf('points.earned', { ...entry, points: 0 })).toEqual({
      en: 'No new points for A-1: it is worth 60.',
      'zh-CN': '没有新增积分（A-1）：现应得 60 积分。',
    });
  });

  it('Q36: says that points went, or debt was forgiven, because the member was removed', () => {
    const removed = { ...entry, reason: 'member-removed' };
    expect(sentenceOf('points.adjusted', removed)).toEqual({
      en: '40 points taken: the member was removed.',
      'zh-CN': '会员已移除，收回 40 积分。',
    });
    expect(sentenceOf('points.adjusted', { ...removed, points: 40 })).toEqual({
      en: 'Debt of 40 points forgiven: the member was removed.',
      'zh-CN': '会员已移除，免除欠分 40 积分。',
    });
  });

  it.each(LEDGER_EVENT_TYPES)('has words for %s in both languages', (type) => {
    const sentence = sentenceOf(type, entry);
    expect(sentence.en).toMatch(/^[^\u4e00-\u9fff]{10,}\.$/u);
    expect(sentence['zh-CN']).toMatch(/[\u4e00-\u9fff].*。$/u);
    expect(/\d/u.test(sentence.en)).toBe(/\d/u.test(sentence['zh-CN']));
  });
});
