import { foreignEnvelopeOf, type Consumer, type Message } from '@jifen/messaging';
import type { Logger } from 'pino';

/** The same consumer with a debug line for every message that was taken in, when that level is asked for. */
export function toldByMessage(consumer: Consumer, logger: Logger): Consumer {
  if (!logger.isLevelEnabled('debug')) return consumer;
  return {
    ...consumer,
    handle: async (batch) => {
      await consumer.handle(batch);
      for (const message of batch.messages) logger.debug({ group: consumer.group, ...placeOf(message) }, 'message');
    },
  };
}

/** `correlationId` is the same from the first event to the last that it led to. */
function placeOf(message: Message): Readonly<Record<string, unknown>> {
  const { id, type, correlationid = id, causationid, traceparent } = foreignEnvelopeOf(message);
  const { topic, partition, offset, key } = message;
  const traceId = traceparent?.split('-')[1];
  return {
    topic,
    partition,
    offset,
    key,
    id,
    type,
    correlationId: correlationid,
    ...(causationid === undefined ? {} : { causationId: causationid }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}
