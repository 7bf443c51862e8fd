// Checks that events are in a signed checkpoint. Plain Node, nothing else: read it, then trust it.
//
//   node check-proof.mjs proof.json checkpoint.json signer.pub
//
// Prints the events and exits 0 when all of it holds; says what does not and exits 1 otherwise.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HASH = /^[0-9a-f]{64}$/;
// In the order in which they are hashed, each as a netstring `<bytes>:<text>,`.
const FIELDS =
  'log partition position stream version key type schemaVersion occurredAt recordedAt effectiveAt meta data'.split(' ');

const must = (holds, what) => {
  if (!holds) throw new Error(what);
};
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const netstring = (value) => `${Buffer.byteLength(String(value))}:${value},`;
// Leaves and nodes are told apart by their first byte.
const leaf = (hash) => sha256(Buffer.from(`00${hash}`, 'hex'));
const node = (left, right) => sha256(Buffer.from(`01${left}${right}`, 'hex'));
const hasOnly = (value, keys) => JSON.stringify(Object.keys(value)) === JSON.stringify(keys);

/** JSON in exactly one way of writing it, so that no byte of the file is without meaning. */
function read(text, keys) {
  const value = JSON.parse(text);
  must(text === `${JSON.stringify(value)}\n` && hasOnly(value, keys), 'a file is not as it was written');
  return value;
}

function openCheckpoint(text, publicKey) {
  const { statement, signature } = read(text, ['statement', 'signature']);
  const key = createPublicKey(publicKey);
  must(key.asymmetricKeyType === 'ed25519', 'the key is no Ed25519 key');
  must(/^[0-9a-f]{128}$/.test(signature), 'the signature is none');
  const signed = verify(null, Buffer.from(statement), key, Buffer.from(signature, 'hex'));
  must(signed, 'the checkpoint was not signed by this key, or was changed');
  const checkpoint = JSON.parse(statement);
  must(checkpoint.format === 'jifen-checkpoint-1', 'a checkpoint of another format');
  return checkpoint;
}

/** The perfect tree ("mountain") that a position is in: one for each bit of the number of events, the largest first. */
function mountainOf(position, size) {
  let start = 0;
  let peak = 0;
  for (let power = 2 ** 52; power >= 1; power /= 2) {
    if (size - start < power) continue;
    if (position <= start + power) return { peak, place: position - start - 1, size: power };
    start += power;
    peak++;
  }
  throw new Error(`position ${position} is not among the ${size} events of the checkpoint`);
}

function check(proof, checkpoint) {
  must(hasOnly(proof, ['event', 'previous', 'path']) && hasOnly(proof.event, FIELDS), 'a proof with other fields');
  const { event, previous, path } = proof;
  must(
    [previous, ...path].every((hash) => HASH.test(hash)),
    'a hash is none',
  );
  const partition = checkpoint.logs
    .find(({ log }) => log === event.log)
    ?.partitions.find((each) => each.partition === event.partition);
  must(partition !== undefined && event.position >= 1, 'the checkpoint has no such log, partition or position');
  const mountain = mountainOf(event.position, partition.position);
  must(2 ** path.length === mountain.size, 'the way up has another length than the tree');
  // The event's own hash covers everything that it says and the hash of the event before it.
  let hash = leaf(sha256(netstring(previous) + FIELDS.map((field) => netstring(event[field])).join('')));
  let place = mountain.place;
  for (const sibling of path) {
    hash = place % 2 === 0 ? node(hash, sibling) : node(sibling, hash);
    place = Math.floor(place / 2);
  }
  must(hash === partition.peaks[mountain.peak], 'the event is not the one in the checkpoint');
}

/** The events that are proven, and when the checkpoint was made; throws when anything does not hold. */
export function checkProof(proofText, checkpointText, publicKey) {
  const { format, events } = read(proofText, ['format', 'events']);
  must(format === 'jifen-proof-1' && events.length > 0, 'a proof of another format, or of nothing');
  const checkpoint = openCheckpoint(checkpointText, publicKey);
  for (const proof of events) check(proof, checkpoint);
  return { events: events.map(({ event }) => event), createdAt: checkpoint.createdAt };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const files = process.argv.slice(2);
    must(files.length === 3, 'usage: node check-proof.mjs <proof> <checkpoint> <public key>');
    const { events, createdAt } = checkProof(...files.map((file) => readFileSync(file, 'utf8')));
    for (const { log, partition, position, stream, type, recordedAt, data } of events)
      console.log(`${log}-${partition}-${position} ${recordedAt} ${stream} ${type} ${data}`);
    console.log(`proven: ${events.length} events are in the checkpoint of ${createdAt}`);
  } catch (error) {
    console.error(`not proven: ${error.message}`);
    process.exitCode = 1;
  }
}
