/** UTF-8 bytes of a text; a lone surrogate becomes U+FFFD, as every encoder does it. */
export function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

/** MurmurHash2 with the seed of Kafka's default partitioner (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(data: readonly number[]): number {
  const m = 0x5bd1e995;
  const length = data.length;
  let h = 0x9747b28c ^ length;
  const at = (index: number): number => data[index] ?? 0;
  const whole = length >> 2;
  for (let i = 0; i < whole; i++) {
    const base = i << 2;
    let k = at(base) | (at(base + 1) << 8) | (at(base + 2) << 16) | (at(base + 3) << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    k = Math.imul(k, m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = whole << 2;
  const left = length & 3;
  if (left >= 3) h ^= at(tail + 2) << 16;
  if (left >= 2) h ^= at(tail + 1) << 8;
  if (left >= 1) h = Math.imul(h ^ at(tail), m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  h ^= h >>> 15;
  return h | 0;
}

/** The partition of a key, as Kafka's default partitioner computes it: bus and store agree. */
export const partitionOf = (key: string, partitions: number): number => (murmur2(utf8(key)) & 0x7fffffff) % partitions;
