import type { StoredEvent } from '@jifen/event-store';
import type { RelayLane } from './lane.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, sizeOf } from './publisher.ts';

export interface Load {
  readonly lane: RelayLane;
  readonly events: readonly StoredEvent[];
}

/**
 * The beginning of each lane's buffer, as much as fits into one request. Another lane comes first each turn, and the first
 * event of a request always fits: so a large one waits for its lane's turn at most.
 */
export function takeLoads(lanes: readonly RelayLane[], turn: number): readonly Load[] {
  const waiting = lanes.filter(({ buffered }) => buffered.length > 0);
  const first = waiting.length === 0 ? 0 : turn % waiting.length;
  const loads: Load[] = [];
  let bytes = MAX_BATCH_BYTES;
  let messages = MAX_BATCH_MESSAGES;
  for (let index = 0; index < waiting.length; index++) {
    const lane = waiting[(first + index) % waiting.length];
    if (lane === undefined) continue;
    const share = Math.ceil(messages / (waiting.length - index));
    let count = 0;
    for (const event of lane.buffered) {
      const size = sizeOf(event);
      const opens = loads.length === 0 && count === 0;
      if (count >= share || (size > bytes && !opens)) break;
      bytes -= size;
      count++;
    }
    messages -= count;
    if (count > 0) loads.push({ lane, events: lane.buffered.slice(0, count) });
  }
  return loads;
}
