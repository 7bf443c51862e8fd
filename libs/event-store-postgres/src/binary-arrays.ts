/**
 * Array parameters in PostgreSQL's binary format (array_recv): no quoting of every `"` in JSON, and the bytes arrive as they
 * are. A Buffer is sent in binary by node-postgres; the statement casts it to the array type that it is.
 */
const HEADER_BYTES = 20;
const OID = { bytea: 17, int8: 20, int4: 23, text: 25, timestamptz: 1184 } as const;
/** 2000-01-01T00:00:00Z, where PostgreSQL's microseconds count from. */
const POSTGRES_EPOCH_MILLIS = 946_684_800_000;

/** Shorter ones are written letter by letter: the call of a native function would cost more. */
const SHORT = 24;
/** UTF-8 of what a string counts as one. */
const MAX_BYTES_EACH = 3;

/** `null` is NULL. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let length = 0;
  for (const value of values) length += value?.length ?? 0;
  const buffer = header(OID.text, values.length, HEADER_BYTES + 4 * values.length + MAX_BYTES_EACH * length);
  if (values.length === 0) return buffer;
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      writeNull(buffer, at);
      at += 4;
      continue;
    }
    const bytes = writeShort(buffer, value, at + 4) ?? buffer.write(value, at + 4);
    writeWord(buffer, at, bytes);
    at += 4 + bytes;
  }
  return buffer.subarray(0, at);
}

/** The bytes written; nothing when it is long or has other letters than those of one byte. */
function writeShort(buffer: Buffer, value: string, at: number): number | undefined {
  if (value.length > SHORT) return undefined;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code > 0x7f) return undefined;
    buffer[at + index] = code;
  }
  return value.length;
}

/** Four bytes, the highest first, without the checks of `writeInt32BE`. */
function writeWord(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  let bytes = HEADER_BYTES + 4 * values.length;
  for (const value of values) bytes += value.length;
  const buffer = header(OID.bytea, values.length, bytes);
  let at = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer;
}

// By index: an iterator would make an object of every number.
export function int4Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int4, values.length, HEADER_BYTES + 8 * values.length);
  for (let index = 0; index < values.length; index++) {
    const at = HEADER_BYTES + 8 * index;
    const value = values[index] as number;
    if ((value | 0) !== value) throw new RangeError(`no integer of four bytes: ${value}`);
    writeWord(buffer, at, 4);
    writeWord(buffer, at + 4, value);
  }
  return buffer;
}

export function int8Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int8, values.length, HEADER_BYTES + 12 * values.length);
  for (let index = 0; index < values.length; index++) {
    const at = HEADER_BYTES + 12 * index;
    writeWord(buffer, at, 8);
    writeSafe(buffer, at + 4, values[index] as number);
  }
  return buffer;
}

const HALF = 0x1_0000_0000;

/** In two halves: a BigInt for every number would be slower than everything else here. */
function writeSafe(buffer: Buffer, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`no safe integer: ${value}`);
  const high = Math.floor(value / HALF);
  writeWord(buffer, at, high);
  writeWord(buffer, at + 4, value - high * HALF);
}

/** PostgreSQL's `infinity` in two halves. */
const NEVER = [0x7fff_ffff, 0xffff_ffff] as const;
const LARGEST_SAFE_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Milliseconds since 1970, `Infinity` for never, `null` for NULL. */
export function timestampArray(millis: readonly (number | null)[]): Buffer {
  const buffer = header(OID.timestamptz, millis.length, HEADER_BYTES + 12 * millis.length);
  if (millis.length === 0) return buffer;
  let at = HEADER_BYTES;
  for (let index = 0; index < millis.length; index++) {
    const value = millis[index] as number | null;
    if (value === null) {
      writeNull(buffer, at);
      at += 4;
      continue;
    }
    writeWord(buffer, at, 8);
    writeMoment(buffer, at + 4, value);
    at += 12;
  }
  return buffer.subarray(0, at);
}

function writeMoment(buffer: Buffer, at: number, millis: number): void {
  const since = millis - POSTGRES_EPOCH_MILLIS;
  if (millis === Infinity) {
    writeWord(buffer, at, NEVER[0]);
    writeWord(buffer, at + 4, NEVER[1]);
  } else if (Math.abs(since) <= LARGEST_SAFE_MILLIS) writeSafe(buffer, at, since * 1000);
  // Microseconds of far years are beyond the safe integers.
  else buffer.writeBigInt64BE(BigInt(since) * 1000n, at);
}

/** An element without a value; the header says whether there are any. */
function writeNull(buffer: Buffer, at: number): void {
  writeWord(buffer, at, -1);
  writeWord(buffer, 4, 1);
}

/** One dimension counted from 1, no NULLs yet; an array without elements has no dimension. */
function header(oid: number, length: number, bytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(length === 0 ? 12 : bytes);
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  if (length === 0) return buffer;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
