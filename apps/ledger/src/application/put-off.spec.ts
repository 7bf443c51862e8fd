import { PutOff } from './put-off.ts';

const MINUTE = 60_000;

describe('accounts that could not be booked', () => {
  it('rest a minute, then twice as long each time, at most an hour', () => {
    const putOff = new PutOff();
    const waits: number[] = [];
    for (let now = 0; waits.length < 8;) {
      const until = putOff.failed('demo/m-1/points', now);
      waits.push((until - now) / MINUTE);
      expect(putOff.resting(until - 1)).toEqual(['demo/m-1/points']);
      expect(putOff.resting(until)).toEqual([]);
      now = until;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('begin anew once they were booked', () => {
    const putOff = new PutOff();
    putOff.failed('a', 0);
    putOff.succeeded('a');
    expect(putOff.resting(0)).toEqual([]);
    expect(putOff.failed('a', 0)).toBe(MINUTE);
  });

  it('are at most 1,000: those known longest are forgotten', () => {
    const putOff = new PutOff();
    for (let n = 0; n < 1_001; n++) putOff.failed(`m-${n}`, 0);
    const resting = putOff.resting(0);
    expect(resting).toHaveLength(1_000);
    expect(resting[0]).toBe('m-1');
  });
});
