import { createRequire } from 'node:module';
import { jest } from '@jest/globals';
import { calmRequestQueue } from './request-queue.ts';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

type QueueClass = new (options: object) => Queue;

const queueOf = (): Queue => {
  const Class = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as QueueClass;
  return new Class({
    maxInFlightRequests: 1,
    requestTimeout: 1000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'test:1',
    logger: { debug: () => undefined },
  });
};

describe('the request queue of kafkajs', () => {
  beforeAll(() => void calmRequestQueue());
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('has no timer while nothing waits', () => {
    queueOf().scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('looks every 10 ms while something waits, and stops when nothing does', () => {
    const queue = queueOf();
    queue.pending = [{}];
    const check = jest.spyOn(queue, 'scheduleCheckPendingRequests');
    // Nothing can be sent: the one request allowed is in flight.
    Object.assign(queue, { inflight: new Map([[1, {}]]) });
    queue.scheduleCheckPendingRequests();
    jest.advanceTimersByTime(35);
    expect(check).toHaveBeenCalledTimes(4);
    queue.pending = [];
    jest.advanceTimersByTime(100);
    expect(check).toHaveBeenCalledTimes(5);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits out a throttle, once', () => {
    const queue = queueOf();
    queue.throttledUntil = Date.now() + 500;
    queue.scheduleCheckPendingRequests();
    queue.scheduleCheckPendingRequests();
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(499);
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(2);
    expect(jest.getTimerCount()).toBe(0);
  });
});
