import { compareLedgers } from './commands.ts';

/** Answers that 50,000 random commands must have drawn: a generator that never refuses proves little. */
const ANSWERS = [
  'ok',
  'insufficient_points',
  'invalid_request',
  'unknown_hold',
  'hold_closed',
  'hold_expired',
  'exceeds_hold',
  'unknown_redemption',
  'exceeds_redemption',
  'account_frozen',
  'member_merged',
  'not_merged',
  'same_member',
  'already_expired',
  'nothing_to_change',
];

describe('the ledger against a naive one', () => {
  it('N19 Q01–Q03 Q05 Q08–Q14 Q35 U11 U23: 50,000 random commands, the same answers, balances and lots', () => {
    const seed = Date.now() % 1_000_000_000;
    const { commands, answers, difference } = compareLedgers(50_000, seed);
    expect(difference).toBeUndefined();
    expect(commands).toBeGreaterThanOrEqual(50_000);
    expect(ANSWERS.filter((answer) => !answers.has(answer))).toEqual([]);
  }, 120_000);
});
