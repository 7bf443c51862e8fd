import { changeOnce, innerClass } from './inner-class.ts';

/** Headers of a record that was read: lower-case name → text. No prototype: a header named __proto__ is a header. */
export class TextHeaders {
  readonly [name: string]: string;
}
Reflect.deleteProperty(TextHeaders.prototype, 'constructor');
Object.setPrototypeOf(TextHeaders.prototype, null);

interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readVarInt(): number;
  readVarIntArray(read: unknown): unknown;
  readVarLong(): unknown;
}

interface DecoderClass {
  readonly prototype: Decoder;
  decodeZigZag(value: number): number;
}

interface LongClass {
  fromInt(value: number): unknown;
}

const isDecoderClass = (value: unknown): value is DecoderClass =>
  typeof value === 'function' &&
  'decodeZigZag' in value &&
  typeof value.prototype?.readVarInt === 'function' &&
  typeof value.prototype.readVarIntArray === 'function' &&
  typeof value.prototype.readVarLong === 'function';

const isLongClass = (value: unknown): value is LongClass => typeof value === 'function' && 'fromInt' in value;

/** More than our events have; further ones are read without a guess. */
const GUESSES = 32;
/** What stood at the same place of the record before: names and half of the values are the same in every record. */
const names: string[] = [];
const values: string[] = [];

function textAt(buffer: Buffer, start: number, end: number, guess: string | undefined): string {
  if (guess?.length === end - start) {
    let at = 0;
    // A byte of ASCII is its character.
    while (at < guess.length && buffer[start + at] === guess.charCodeAt(at) && guess.charCodeAt(at) < 0x80) at++;
    if (at === guess.length) return guess;
  }
  return buffer.toString('utf8', start, end);
}

/** Without a value a header says nothing, and of several with one name the first counts. */
function readHeaders(decoder: Decoder): TextHeaders {
  const headers: Record<string, string> = new TextHeaders();
  const count = decoder.readVarInt();
  for (let index = 0; index < count; index++) {
    const nameLength = decoder.readVarInt();
    const nameEnd = decoder.offset + Math.max(0, nameLength);
    const name = textAt(decoder.buffer, decoder.offset, nameEnd, names[index]);
    decoder.offset = nameEnd;
    const length = decoder.readVarInt();
    if (length < 0) continue;
    const value = textAt(decoder.buffer, decoder.offset, decoder.offset + length, values[index]);
    decoder.offset += length;
    if (index < GUESSES) {
      names[index] = name;
      values[index] = value;
    }
    headers[name.toLowerCase()] ??= value;
  }
  return headers;
}

/** Bytes of a number whose parts need no more than 32 bits. */
const SHORT_BYTES = 4;

/** The milliseconds since the first record of a batch are few, and nobody reads them: no arithmetic of 64 bits for them. */
function readShortLong(decoder: Decoder, { decodeZigZag }: DecoderClass, long: LongClass): unknown {
  let result = 0;
  for (let index = 0; index < SHORT_BYTES; index++) {
    const byte = decoder.buffer[decoder.offset + index] ?? 0;
    result |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      decoder.offset += index + 1;
      return long.fromInt(decodeZigZag(result));
    }
  }
  return undefined;
}

/**
 * kafkajs 2.2.4 makes two buffers of every header, and copies all headers of a record anew for each of them: with our twelve
 * that is most of what it costs to read an event. Here they become text at once, where the record has them.
 */
export function readHeadersAsText(): void {
  const long = innerClass('utils/long', isLongClass);
  changeOnce(innerClass('protocol/decoder', isDecoderClass), (found) => {
    const { prototype } = found;
    const { readVarLong } = prototype;
    // Headers are the only array of this kind; what reads it folds it into an object, which this is already.
    prototype.readVarIntArray = function (this: Decoder): unknown {
      const headers = readHeaders(this);
      return { reduce: () => headers };
    };
    prototype.readVarLong = function (this: Decoder): unknown {
      return readShortLong(this, found, long) ?? readVarLong.call(this);
    };
  });
}
