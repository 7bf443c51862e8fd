/**
 * Array parameters in PostgreSQL's binary format (array_recv): no quoting of every `"` in JSON, and the bytes arrive as they
 * are. A Buffer is sent in binary by node-postgres; the statement casts it to the array type that it is.
 */
const HEADER_BYTES = 20;
const OID = { bytea: 17, int8: 20, int4: 23, text: 25, timestamptz: 1184 } as const;
/** 2000-01-01T00:00:00Z, where PostgreSQL's microseconds count from. */
const POSTGRES_EPOCH_MILLIS = 946_684_800_000;

export function textArray(values: readonly string[]): Buffer {
  let bytes = HEADER_BYTES + 4 * values.length;
  for (const value of values) bytes += Buffer.byteLength(value);
  const buffer = header(OID.text, values.length, bytes);
  let at = HEADER_BYTES;
  for (const value of values) {
    const length = buffer.write(value, at + 4);
    buffer.writeInt32BE(length, at);
    at += 4 + length;
  }
  return buffer;
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

export function int4Array(values: readonly number[]): Buffer {
  const buffer = header(OID.int4, values.length, HEADER_BYTES + 8 * values.length);
  values.forEach((value, index) => {
    buffer.writeInt32BE(4, HEADER_BYTES + 8 * index);
    buffer.writeInt32BE(value, HEADER_BYTES + 8 * index + 4);
  });
  return buffer;
}

export const int8Array = (values: readonly number[]): Buffer => eightByteArray(OID.int8, values);

/** PostgreSQL's `infinity`. */
const NEVER = 0x7fffffffffffffffn;
const LARGEST_SAFE_MILLIS = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Milliseconds since 1970, `Infinity` for never. */
export const timestampArray = (millis: readonly number[]): Buffer =>
  eightByteArray(
    OID.timestamptz,
    millis.map((value) => {
      if (value === Infinity) return NEVER;
      const since = value - POSTGRES_EPOCH_MILLIS;
      // Microseconds of far years are beyond the safe integers.
      return Math.abs(since) <= LARGEST_SAFE_MILLIS ? since * 1000 : BigInt(since) * 1000n;
    }),
  );

const HALF = 0x1_0000_0000;

function eightByteArray(oid: number, values: readonly (number | bigint)[]): Buffer {
  const buffer = header(oid, values.length, HEADER_BYTES + 12 * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(8, at);
    if (typeof value === 'bigint') buffer.writeBigInt64BE(value, at + 4);
    else {
      if (!Number.isSafeInteger(value)) throw new RangeError(`no safe integer: ${value}`);
      // In two halves: a BigInt for every number would be slower than everything else here.
      const high = Math.floor(value / HALF);
      buffer.writeInt32BE(high, at + 4);
      buffer.writeUInt32BE(value - high * HALF, at + 8);
    }
    at += 12;
  }
  return buffer;
}

/** One dimension counted from 1, no NULLs; an array without elements has no dimension. */
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
