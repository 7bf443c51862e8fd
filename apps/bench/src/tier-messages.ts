import { partitionOf, type Instant } from '@jifen/kernel';
import { DEFAULT_PARTITIONS, messageOfEvent, TOPIC_OF_LOG, type Message } from '@jifen/messaging';

/** Messages as their logs would publish them, in order. */
export function messages() {
  const heads = new Map<string, number>();
  return (log: 'program' | 'ledger', key: string, type: string, content: object, at: Instant): Message => {
    const partition = partitionOf(key, DEFAULT_PARTITIONS);
    const position = (heads.get(`${log} ${partition}`) ?? 0) + 1;
    heads.set(`${log} ${partition}`, position);
    const clocks = { occurredAt: at, effectiveAt: at, recordedAt: at };
    const place = { log, partition, position, stream: key, version: position, key, type, schemaVersion: 1 };
    const event = { ...place, ...clocks, data: JSON.stringify(content), meta: {}, hash: new Uint8Array(32) };
    return messageOfEvent(event, TOPIC_OF_LOG[log]);
  };
}
