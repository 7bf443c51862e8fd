import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { Instant } from '@jifen/kernel';
import { mountains } from './merkle.ts';

/** How far a partition went at the moment of a checkpoint. */
export interface CheckpointPartition {
  readonly partition: number;
  /** Position of its last event; 0 without any. */
  readonly position: number;
  /** Hash of its last event in hexadecimal digits; 64 zeros without any. */
  readonly hash: string;
  /** Peaks of the Merkle mountain range over all its events. */
  readonly peaks: readonly string[];
}

export interface CheckpointLog {
  readonly log: string;
  readonly partitions: readonly CheckpointPartition[];
}

export const CHECKPOINT_FORMAT = 'jifen-checkpoint-1';

/** What is signed: how far every log went. */
export interface Checkpoint {
  readonly format: typeof CHECKPOINT_FORMAT;
  readonly createdAt: Instant;
  readonly logs: readonly CheckpointLog[];
}

/** As a file has it: the exact text that was signed, and its Ed25519 signature in hexadecimal digits. */
export interface SignedCheckpoint {
  readonly statement: string;
  readonly signature: string;
}

/** The text is no checkpoint, or its signature is not that of the key. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

export function signCheckpoint(checkpoint: Checkpoint, privateKeyPem: string): SignedCheckpoint {
  const key = ed25519(createPrivateKey(privateKeyPem));
  const statement = JSON.stringify(checkpoint);
  return { statement, signature: sign(null, Buffer.from(statement), key).toString('hex') };
}

const HASH = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;

/** The checkpoint of a file's text. Throws CheckpointError unless the key signed it. */
export function openCheckpoint(text: string, publicKeyPem: string): Checkpoint {
  const { statement, signature } = parsed(text) as Partial<Record<keyof SignedCheckpoint, unknown>>;
  if (typeof statement !== 'string' || typeof signature !== 'string' || !SIGNATURE.test(signature))
    throw new CheckpointError('this is no signed checkpoint');
  const key = ed25519(createPublicKey(publicKeyPem));
  if (!verify(null, Buffer.from(statement), key, Buffer.from(signature, 'hex')))
    throw new CheckpointError(
      'the signature is not that of the key: the checkpoint was changed, or another key signed it',
    );
  const checkpoint = parsed(statement) as Checkpoint;
  if (checkpoint.format !== CHECKPOINT_FORMAT || !checkpoint.logs.every(({ partitions }) => partitions.every(isWhole)))
    throw new CheckpointError(`the checkpoint is not of the format ${CHECKPOINT_FORMAT}`);
  return checkpoint;
}

const isWhole = ({ position, hash, peaks }: CheckpointPartition): boolean =>
  Number.isSafeInteger(position) &&
  position >= 0 &&
  HASH.test(hash) &&
  peaks.length === mountains(position).length &&
  peaks.every((peak) => HASH.test(peak));

function parsed(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below, whatever the parser found.
  }
  throw new CheckpointError('this is no signed checkpoint');
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new CheckpointError(`an Ed25519 key is needed, and this one is ${key.asymmetricKeyType ?? 'none'}`);
}
