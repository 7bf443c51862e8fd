import type { CommittedListener, LogReader, StoredEvent } from '@jifen/event-store';
import { RecentEvents } from './recent-events.ts';

export interface LogTailOptions {
  /** Kept of each partition, at most. */
  readonly records?: number;
  readonly bytes?: number;
}

const RECORDS = 2_000;
const BYTES = 512_000;

/**
 * The log with its most recent events in memory, as the process that writes it commits them: a consumer that keeps up reads
 * nothing back from the database, and what all who listen have read is let go. Whoever is behind, or misses what another process wrote, reads the log itself.
 */
export function createLogTail(reader: LogReader, options: LogTailOptions = {}): LogReader {
  const limits = { records: options.records ?? RECORDS, bytes: options.bytes ?? BYTES };
  const tails = Array.from({ length: reader.partitions }, () => new RecentEvents(limits));
  const listeners = new Set<CommittedListener>();
  reader.onCommitted(async (events, elsewhere) => {
    for (const event of events) tails[event.partition]?.add(event);
    await Promise.all([...listeners].map((listener) => listener(events, elsewhere)));
  });
  return {
    log: reader.log,
    partitions: reader.partitions,
    heads: () => reader.heads(),
    readLog: async (partition, position, limit): Promise<readonly StoredEvent[]> =>
      tails[partition]?.after(position, limit, listeners.size) ?? reader.readLog(partition, position, limit),
    onCommitted: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
