import { backoffMillis } from './backoff.ts';
import { Troubles } from './troubles.ts';

const LIMITS = { firstMillis: 100, maxMillis: 1_000 };
const fault = new Error('fault');

describe('backoffMillis', () => {
  it('doubles up to its limit, half of it by chance', () => {
    expect([1, 2, 3, 4, 5, 1_000].map((failures) => backoffMillis(failures, LIMITS, 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(backoffMillis(1, LIMITS, 0)).toBe(50);
  });
});

describe('Troubles', () => {
  const fresh = (): Troubles => new Troubles(LIMITS, () => 1);

  it('takes a failed batch apart: one partition at a time', () => {
    const troubles = fresh();
    troubles.failed([0, 1, 2], fault, 0);
    expect(troubles.waitUntil).toBe(100);
    expect(troubles.among([0, 1, 2, 3], 100)).toEqual([0]);
    troubles.succeeded([0]);
    expect(troubles.among([0, 1, 2, 3], 100)).toEqual([1]);
    troubles.failed([1], fault, 100);
    expect(troubles.among([0, 1, 2, 3], 100)).toEqual([2]);
    troubles.succeeded([2]);
    expect(troubles.among([0, 1, 2, 3], 100)).toEqual([0, 2, 3]);
    expect(troubles.lastError()).toBe(fault);
  });

  it('lets only the one to blame rest, longer each time, and tries it alone', () => {
    const troubles = fresh();
    troubles.failed([1], fault, 0);
    expect([troubles.waitUntil, troubles.restUntil, troubles.rests(1, 99), troubles.rests(1, 100)]).toEqual([
      0,
      100,
      true,
      false,
    ]);
    expect(troubles.among([0, 1], 100)).toEqual([1]);
    troubles.failed([1], fault, 100);
    expect(troubles.restUntil).toBe(300);
    expect(troubles.among([0, 1], 200)).toEqual([0]);
    troubles.succeeded([1]);
    expect([troubles.anyRests, troubles.lastError(), troubles.restUntil]).toEqual([false, undefined, Infinity]);
  });

  it('makes everybody wait, longer each time, when there was no batch to blame', () => {
    const troubles = fresh();
    troubles.failed([], fault, 0);
    troubles.failed([], fault, 100);
    expect(troubles.waitUntil).toBe(300);
    troubles.clear();
    expect([troubles.waitUntil, troubles.lastError()]).toEqual([0, undefined]);
  });
});
