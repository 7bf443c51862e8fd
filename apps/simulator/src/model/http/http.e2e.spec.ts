import { compareOverHttp } from './run.ts';

/** By hand every run has other commands; a build has to give the same answer twice. */
const SEED = 20261128;

/** Answers that the commands must have drawn: a generator that never refuses proves little. */
const ANSWERS = [
  'ok',
  'imported',
  'insufficient_points',
  'invalid_request',
  'unknown_hold',
  'unknown_redemption',
  'account_frozen',
  'not_merged',
  'same_member',
  'already_expired',
  'nothing_to_change',
  'above_maximum',
  'hold_closed',
  'hold_expired',
  'exceeds_redemption',
  'member_merged',
];

describe('a running system against the naive ledger', () => {
  it('N19 Q01–Q03 Q05 Q08–Q14 Q35: random commands over HTTP, the same answers, balances, lots and statements', async () => {
    const { commands, answers, difference } = await compareOverHttp(600, SEED);
    expect(difference).toBeUndefined();
    expect(commands).toBeGreaterThanOrEqual(600);
    expect(ANSWERS.filter((answer) => !answers.has(answer))).toEqual([]);
  }, 180_000);
});
