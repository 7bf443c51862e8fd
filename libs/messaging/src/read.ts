import { storableText } from '@jifen/event-store';
import type { FlushOptions, Delivered, Undecodable } from './flush.ts';
import type { Message } from './message.ts';
import { envelopeOf, foreignEnvelopeOf } from './wire.ts';

interface Header {
  readonly message: Message;
  /** Of its log; undefined when it has none, or none that can be read. */
  readonly sequence: number | undefined;
}

/** A message that could be read, and whom it belongs to. */
export interface Decoded<Item> extends Header {
  readonly ok: true;
  readonly delivered: Delivered<Item>;
  readonly key: string;
}

/** A message read as far as it can be. */
export type Read<Item> = Decoded<Item> | (Header & { readonly ok: false; readonly refusal: Undecodable });

type ReadOptions<Item> = Pick<FlushOptions<never, Item>, 'decode' | 'sequenced' | 'keyOf'>;

export function readMessage<Item>(options: ReadOptions<Item>, message: Message): Read<Item> {
  const sequenced = options.sequenced ?? true;
  const header = sequenced ? envelopeOf(message) : { ok: true as const, value: foreignEnvelopeOf(message) };
  if (!header.ok) return { ok: false, message, sequence: undefined, refusal: header.refusal };
  const sequence = sequenced ? header.value.sequence : undefined;
  try {
    const decoded = options.decode(message, header.value);
    if (!decoded.ok) return { ok: false, message, sequence, refusal: decoded.refusal };
    const delivered = { item: decoded.value, envelope: header.value, message };
    const key = storableText(options.keyOf?.(delivered) ?? message.key);
    return { ok: true, message, sequence, delivered, key };
  } catch (error) {
    return { ok: false, message, sequence, refusal: { reason: 'undecodable', detail: String(error) } };
  }
}
