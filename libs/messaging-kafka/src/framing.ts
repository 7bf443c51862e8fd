import { changeOnce, innerClass } from './inner-class.ts';

/** Headers in wire form, carried by the value that they belong to. */
const HEADERS = Symbol('headers of the record');

type FramedValue = Buffer & { readonly [HEADERS]: Buffer };

interface Encoder {
  buf: Buffer;
  offset: number;
  [HEADERS]?: Buffer | undefined;
  ensureAvailable(length: number): void;
  writeVarInt(value: number): Encoder;
  writeVarIntBytes(value: unknown): Encoder;
  writeVarIntArray(values: readonly unknown[]): Encoder;
}

interface EncoderClass {
  readonly prototype: Encoder;
  nextPowerOfTwo(value: number): number;
  sizeOfVarInt(value: number): number;
  sizeOfVarIntBytes(value: unknown): number;
}

const isEncoderClass = (value: unknown): value is EncoderClass =>
  typeof value === 'function' &&
  'nextPowerOfTwo' in value &&
  'sizeOfVarInt' in value &&
  'sizeOfVarIntBytes' in value &&
  typeof value.prototype?.ensureAvailable === 'function' &&
  typeof value.prototype.writeVarIntArray === 'function';

const isFramed = (value: unknown): value is FramedValue => Buffer.isBuffer(value) && HEADERS in value;

/** kafkajs writes an empty list of headers as one byte, in whose place ours go. */
const EMPTY_LIST_BYTES = 1;
const MAX_VARINT_BYTES = 5;
const LONGEST_SHORT = 63;

function putVarint(target: Uint8Array, offset: number, value: number): number {
  let rest = (value << 1) ^ (value >> 31);
  let at = offset;
  while ((rest & ~0x7f) !== 0) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Header names are few and always the same. */
const NAMES_KEPT = 64;
const names = new Map<string, Buffer>();

function nameBytes(name: string): Buffer {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = Buffer.from(name);
  const bytes = Buffer.alloc(MAX_VARINT_BYTES + text.length);
  const start = putVarint(bytes, 0, text.length);
  const framed = bytes.subarray(0, start + text.copy(bytes, start));
  if (names.size < NAMES_KEPT) names.set(name, framed);
  return framed;
}

let scratch = Buffer.allocUnsafe(4096);

function wireHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const keys = Object.keys(headers);
  // Three bytes of UTF-8 for a UTF-16 unit at most.
  const most = keys.reduce(
    (sum, key) => sum + 3 * (key.length + (headers[key]?.length ?? 0)) + 2 * MAX_VARINT_BYTES,
    MAX_VARINT_BYTES,
  );
  if (scratch.length < most) scratch = Buffer.allocUnsafe(2 * most);
  let at = putVarint(scratch, 0, keys.length);
  for (const key of keys) {
    const name = nameBytes(key);
    scratch.set(name, at);
    at += name.length;
    const value = headers[key] ?? '';
    // The length is one byte when the text has at most 63, so the text can be written first and measured by that.
    const written = value.length <= LONGEST_SHORT ? scratch.write(value, at + 1) : LONGEST_SHORT + 1;
    if (written <= LONGEST_SHORT) {
      at = putVarint(scratch, at, written) + written;
    } else {
      at = putVarint(scratch, at, Buffer.byteLength(value));
      at += scratch.write(value, at);
    }
  }
  return Buffer.from(scratch.subarray(0, at));
}

let isFraming = false;

/** A record's value with its headers; to be sent without `headers`. */
export function framed(value: Uint8Array | string, headers: Readonly<Record<string, string>>): Buffer {
  // Without it the headers would be lost in silence.
  if (!isFraming) frameRecords();
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
  return Object.assign(bytes, { [HEADERS]: wireHeaders(headers) });
}

/** What kafkajs asks for when nobody says how much is coming. */
const DEFAULT_SIZE = 511;
/** Buffers up to here lie in V8's own heap, where they cost next to nothing. */
const SMALL_SIZE = 64;

/** A new encoder begins small, and grows without first being filled with zeros: only what was written is ever read. */
function growCheaply(encoder: EncoderClass): void {
  const powerOfTwo = encoder.nextPowerOfTwo.bind(encoder);
  encoder.nextPowerOfTwo = (value) => (value === DEFAULT_SIZE ? SMALL_SIZE : powerOfTwo(value));
  encoder.prototype.ensureAvailable = function (this: Encoder, length: number): void {
    const needed = this.offset + length;
    if (needed <= this.buf.length) return;
    const grown = Buffer.allocUnsafe(powerOfTwo(needed));
    this.buf.copy(grown, 0, 0, this.offset);
    this.buf = grown;
  };
}

/**
 * kafkajs 2.2.4 gives every record and every header zeroed buffers of its own, outside V8's heap: with our twelve headers that
 * is most of what it costs to publish an event. Here encoders grow cheaply, and values made by `framed` bring their headers
 * along in one piece; all others are written as ever.
 */
export function frameRecords(): void {
  changeOnce(innerClass('protocol/encoder', isEncoderClass), (found) => {
    growCheaply(found);
    const { prototype } = found;
    const sizeOfBytes = found.sizeOfVarIntBytes.bind(found);
    found.sizeOfVarIntBytes = (value) =>
      sizeOfBytes(value) + (isFramed(value) ? value[HEADERS].length - EMPTY_LIST_BYTES : 0);
    const { writeVarIntBytes, writeVarIntArray } = prototype;
    prototype.writeVarIntBytes = function (this: Encoder, value: unknown): Encoder {
      if (isFramed(value)) {
        this[HEADERS] = value[HEADERS];
        this.ensureAvailable(MAX_VARINT_BYTES + value.length + value[HEADERS].length);
      }
      return writeVarIntBytes.call(this, value);
    };
    prototype.writeVarIntArray = function (this: Encoder, values: readonly unknown[]): Encoder {
      const headers = this[HEADERS];
      if (headers === undefined) return writeVarIntArray.call(this, values);
      if (values.length > 0) throw new Error('a framed value has its headers already');
      this[HEADERS] = undefined;
      this.ensureAvailable(headers.length);
      this.offset += headers.copy(this.buf, this.offset);
      return this;
    };
  });
  isFraming = true;
}
