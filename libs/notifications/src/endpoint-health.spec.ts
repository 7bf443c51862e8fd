import { afterFailure, HEALTHY, placesFor, type EndpointHealth } from './endpoint-health.ts';

const policy = { afterFailures: 3, firstMillis: 100, longestMillis: 1_000 };
const failed = (times: number, now: number): EndpointHealth => {
  let health = HEALTHY;
  for (let i = 0; i < times; i++) health = afterFailure(policy, health, now);
  return health;
};

describe('the health of an endpoint', () => {
  it.each([
    [0, 0],
    [2, 0],
    [3, 100],
    [4, 200],
    [5, 400],
    [9, 1_000],
    [1_000, 1_000],
  ])('after %d failures in a row it pauses for %d ms', (times, pause) => {
    expect(failed(times, 50).pausedUntil).toBe(pause === 0 ? 0 : 50 + pause);
  });

  it('has all its places, then one to probe with, none while it pauses', () => {
    expect(placesFor(policy, failed(2, 50), 8, 50)).toBe(8);
    expect(placesFor(policy, failed(3, 50), 8, 149)).toBe(0);
    expect(placesFor(policy, failed(3, 50), 8, 150)).toBe(1);
    expect(placesFor(policy, HEALTHY, 8, 150)).toBe(8);
  });
});
