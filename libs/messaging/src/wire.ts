import type { EventMeta, StoredEvent } from '@jifen/event-store';
import { eventId } from '@jifen/event-store';
import type { Outcome } from '@jifen/kernel';
import { accept, parseInstant, refuse } from '@jifen/kernel';
import type { Envelope, Message } from './message.ts';
import { SERVICE_OF_LOG } from './topics.ts';

const SEQUENCE_DIGITS = 16;
const SEQUENCE = /^\d{1,16}$/;

export interface EnvelopeRefusal {
  readonly reason: 'undecodable';
  readonly detail: string;
}

const sources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(SERVICE_OF_LOG).map(([log, service]) => [log, `/jifen/${service}`]),
);
const sourceOf = (log: string): string => sources[log] ?? `/jifen/${log}`;

/** The event as every bus carries it: CloudEvents 1.0 in binary mode, the stored text unchanged as the value. */
export const messageOfEvent = (event: StoredEvent, topic: string): Message => new LogMessage(event, topic);

/** A message that remembers the event it is: nobody in this process needs to read it out of the headers, mostly. */
class LogMessage implements Message {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly #event: StoredEvent;

  constructor(event: StoredEvent, topic: string) {
    this.topic = topic;
    this.partition = event.partition;
    this.offset = event.position;
    this.key = event.key;
    this.value = event.data;
    this.#event = event;
  }

  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.#event);
  }

  get event(): StoredEvent {
    return this.#event;
  }
}

/**
 * The payload, read by `validate`. What a writer in this process has just committed is taken as it made it: its types
 * say what it is, and reading its own text again would be half of the work of a flush.
 */
export function contentOf<T, Refused extends { readonly ok: false }>(
  message: Message,
  validate: (value: unknown) => { readonly ok: true; readonly value: T } | Refused,
): { readonly ok: true; readonly value: T } | Refused {
  const made = message instanceof LogMessage ? message.event.content : undefined;
  return made === undefined ? validate(JSON.parse(textOf(message.value))) : { ok: true, value: made as T };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** A value as text; throws where it is no UTF-8. */
export const textOf = (value: Uint8Array | string): string => (typeof value === 'string' ? value : utf8.decode(value));

function headersOf(event: StoredEvent): Readonly<Record<string, string>> {
  const { log, partition, position, meta } = event;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ce_specversion: '1.0',
    ce_id: eventId(log, partition, position),
    ce_source: sourceOf(log),
    ce_type: event.type,
    ce_time: event.occurredAt,
    ce_partitionkey: event.key,
    ce_sequence: String(position).padStart(SEQUENCE_DIGITS, '0'),
    ce_recordedtime: event.recordedAt,
    ce_schemaversion: String(event.schemaVersion),
  };
  if (meta.correlationId !== undefined) headers['ce_correlationid'] = meta.correlationId;
  if (meta.causationId !== undefined) headers['ce_causationid'] = meta.causationId;
  if (meta.traceparent !== undefined) headers['traceparent'] = meta.traceparent;
  return headers;
}

/** What the headers say, or why they do not say enough. */
export function envelopeOf(message: Message): Outcome<Envelope, EnvelopeRefusal> {
  if (message instanceof LogMessage) return accept(envelopeOfEvent(message.event));
  const { headers } = message;
  const no = (detail: string): Outcome<Envelope, EnvelopeRefusal> => refuse({ reason: 'undecodable', detail });
  if (headers['ce_specversion'] !== '1.0') return no('header ce_specversion is not 1.0');
  const id = headers['ce_id'];
  const source = headers['ce_source'];
  const type = headers['ce_type'];
  const sequence = headers['ce_sequence'];
  if (!id) return no('header ce_id is missing');
  if (!source) return no('header ce_source is missing');
  if (!type) return no('header ce_type is missing');
  if (sequence === undefined || !SEQUENCE.test(sequence)) return no('header ce_sequence is missing or not a number');
  const time = headers['ce_time'];
  if (time === undefined || parseInstant(time) === undefined) return no('header ce_time is missing or no instant');
  return accept(envelope(message, { id, source, type, time, sequence: Number(sequence) }));
}

/** As `envelopeOf` for messages of foreign topics: what is not there is filled in with the message's place. */
export function foreignEnvelopeOf(message: Message): Envelope {
  const { headers, topic, partition, offset } = message;
  return envelope(message, {
    id: headers['ce_id'] ?? eventId(topic, partition, offset),
    source: headers['ce_source'] ?? topic,
    type: headers['ce_type'] ?? '',
    time: headers['ce_time'] ?? '',
    sequence: offset,
  });
}

/** Where an event comes from that answers a message. */
export const metaOfAnswer = ({ id, correlationid = id, traceparent }: Envelope): EventMeta =>
  traceparent === undefined
    ? { correlationId: correlationid, causationId: id }
    : { correlationId: correlationid, causationId: id, traceparent };

/** What its headers would say. */
function envelopeOfEvent(event: StoredEvent): Envelope {
  const { correlationId, causationId, traceparent } = event.meta;
  const said: { -readonly [Field in keyof Envelope]: Envelope[Field] } = {
    id: eventId(event.log, event.partition, event.position),
    source: sourceOf(event.log),
    type: event.type,
    time: event.occurredAt,
    sequence: event.position,
    partitionkey: event.key,
    recordedtime: event.recordedAt,
    schemaversion: event.schemaVersion,
  };
  if (correlationId !== undefined) said.correlationid = correlationId;
  if (causationId !== undefined) said.causationid = causationId;
  if (traceparent !== undefined) said.traceparent = traceparent;
  return said;
}

type Required = Pick<Envelope, 'id' | 'source' | 'type' | 'time' | 'sequence'>;

function envelope({ headers, key }: Message, required: Required): Envelope {
  const correlationid = headers['ce_correlationid'];
  const causationid = headers['ce_causationid'];
  const traceparent = headers['traceparent'] ?? headers['ce_traceparent'];
  return {
    ...required,
    partitionkey: headers['ce_partitionkey'] ?? key,
    recordedtime: headers['ce_recordedtime'] ?? required.time,
    schemaversion: Number(headers['ce_schemaversion'] ?? 1),
    ...(correlationid === undefined ? {} : { correlationid }),
    ...(causationid === undefined ? {} : { causationid }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
