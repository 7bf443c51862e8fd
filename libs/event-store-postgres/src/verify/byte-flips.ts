/** Every other value that an integer of so many bytes has with one of its bytes changed. */
export function* byteFlips(value: bigint, bytes: number): Generator<bigint> {
  for (let byte = 0n; byte < BigInt(bytes); byte++) {
    for (let mask = 1n; mask < 256n; mask++) yield BigInt.asIntN(8 * bytes, value ^ (mask << (8n * byte)));
  }
}
