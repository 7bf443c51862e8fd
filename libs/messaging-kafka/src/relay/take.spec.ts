import type { StoredEvent } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import { RelayLane } from './lane.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, sizeOf } from './publisher.ts';
import { takeLoads } from './take.ts';

const NOW = instant('2026-01-01T00:00:00.000Z');

const event = (partition: number, position: number, bytes = 2): StoredEvent => ({
  log: 'activity',
  partition,
  position,
  stream: 's',
  version: position,
  key: 'shop/m-1',
  type: 'order.recorded',
  schemaVersion: 1,
  data: 'x'.repeat(bytes),
  meta: {},
  occurredAt: NOW,
  recordedAt: NOW,
  effectiveAt: NOW,
  hash: new Uint8Array(32),
});

const laneOf = (partition: number, events: readonly StoredEvent[]): RelayLane => {
  const lane = new RelayLane(partition, 0, 0);
  for (const each of events) lane.push(each);
  return lane;
};

const run = (partition: number, count: number, bytes = 2): RelayLane =>
  laneOf(
    partition,
    Array.from({ length: count }, (_, index) => event(partition, index + 1, bytes)),
  );

describe('a lane of the relay', () => {
  it('takes only the next position, and knows when it has to read', () => {
    const lane = new RelayLane(0, 4, 0);
    lane.behind = false;
    lane.push(event(0, 4));
    lane.push(event(0, 5));
    expect([lane.tail, lane.behind]).toEqual([5, false]);
    lane.push(event(0, 7));
    expect([lane.tail, lane.behind]).toEqual([5, true]);
    lane.push(event(0, 6));
    lane.push(event(0, 7));
    expect(lane.buffered.map(({ position }) => position)).toEqual([5, 6, 7]);
  });

  it('holds a bounded number of events and reads the rest later', () => {
    const lane = run(0, 4001);
    expect([lane.buffered.length, lane.tail, lane.room, lane.behind]).toEqual([4000, 4000, 0, true]);
  });

  it('has published what was acknowledged, not what is buffered', () => {
    const lane = run(0, 3);
    lane.ack(2, 9);
    expect([lane.acked, lane.tail, lane.buffered.length, lane.progressAt]).toEqual([2, 3, 1, 9]);
  });
});

describe('what goes into one request', () => {
  it('is at most 1,000 messages, shared by the lanes', () => {
    const loads = takeLoads([run(0, 2000), run(1, 2000), run(2, 10)], 0);
    expect(loads.map(({ events }) => events.length)).toEqual([334, 333, 10]);
    expect(takeLoads([run(0, 2000)], 0)[0]?.events).toHaveLength(MAX_BATCH_MESSAGES);
  });

  it('is at most 900 kB', () => {
    const events = takeLoads([run(0, 1000, 5000)], 0)[0]?.events ?? [];
    const bytes = events.reduce((sum, each) => sum + sizeOf(each), 0);
    expect(bytes).toBeLessThanOrEqual(MAX_BATCH_BYTES);
    expect(events.length).toBeGreaterThan(150);
  });

  it('is a single event when that is larger, once its lane comes first', () => {
    const lanes = [run(0, 5), run(1, 2, MAX_BATCH_BYTES + 1)];
    expect(takeLoads(lanes, 0).map(({ lane, events }) => [lane.partition, events.length])).toEqual([[0, 5]]);
    expect(takeLoads(lanes, 1).map(({ lane, events }) => [lane.partition, events.length])).toEqual([[1, 1]]);
  });

  it('is nothing when nothing waits', () => {
    expect(takeLoads([], 3)).toEqual([]);
    expect(takeLoads([new RelayLane(0, 0, 0)], 3)).toEqual([]);
  });
});
