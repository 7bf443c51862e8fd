import type { Message } from '@jifen/messaging';
import type { Lane, Slice } from './lane.ts';

/** What one batch takes of a slice. */
export interface Portion {
  readonly lane: Lane;
  readonly slice: Slice;
  readonly messages: readonly Message[];
}

/**
 * The next batch. A partition that failed before goes alone; the others share the batch, those with little first, so that
 * none waits for a long one.
 */
export function takePortions(lanes: readonly Lane[], limit: number): readonly Portion[] {
  const waiting = lanes.filter(({ epoch, queue }) => epoch !== undefined && queue.length > 0);
  const convalescent = waiting.find(({ failures }) => failures > 0);
  if (convalescent !== undefined) return portionsOf(convalescent, limit);
  waiting.sort((a, b) => a.waiting - b.waiting);
  const portions: Portion[] = [];
  let room = limit;
  waiting.forEach((lane, index) => {
    const taken = portionsOf(lane, Math.ceil(room / (waiting.length - index)));
    for (const portion of taken) room -= portion.messages.length;
    portions.push(...taken);
  });
  return portions;
}

function portionsOf(lane: Lane, limit: number): readonly Portion[] {
  const portions: Portion[] = [];
  let room = limit;
  for (const slice of lane.queue) {
    if (room <= 0) break;
    const messages = slice.peek(room);
    room -= messages.length;
    portions.push({ lane, slice, messages });
  }
  return portions;
}
