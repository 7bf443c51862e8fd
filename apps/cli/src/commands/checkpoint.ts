import {
  CHECKPOINT_FORMAT,
  CheckpointError,
  openCheckpoint,
  signCheckpoint,
  type Checkpoint,
  type CheckpointLog,
} from '@jifen/event-store';
import { brokenPromises, witnessLog } from '@jifen/event-store-postgres';
import { instantFromMillis } from '@jifen/kernel';
import { createPublicKey } from 'node:crypto';
import { EXIT_FAILED, EXIT_OK, optional, required, type Command, type Invocation } from '../command.ts';
import { fresh, readPrivateKey, readText, writeKeyPair } from '../key-files.ts';
import { LOGS, partitionsOf, partOf, withPool } from '../logs.ts';

const keygen: Command = {
  name: 'checkpoint keygen',
  summary: 'Make an Ed25519 key to sign checkpoints with: FILE for its owner only, FILE.pub for everybody',
  usage: '--out <file>',
  options: { out: { type: 'string', help: 'file of the private key; must not exist' } },
  run: async (invocation) => {
    const file = required(invocation, 'out');
    const { publicFile } = await writeKeyPair(file);
    invocation.answer({ privateKey: file, publicKey: publicFile }, [
      `${file} signs: keep it away from whoever runs the database.`,
      `${publicFile} checks: give it to whoever shall be able to.`,
    ]);
    return EXIT_OK;
  },
};

/** A checkpoint in a file, by the key that must have signed it. */
export async function checkpointOf(invocation: Invocation, option: string): Promise<Checkpoint> {
  const text = await readText(required(invocation, option));
  return openCheckpoint(text, await readText(required(invocation, 'public-key')));
}

async function previousOf(invocation: Invocation, privateKey: string): Promise<Checkpoint | undefined> {
  const file = optional(invocation, 'previous');
  if (file === undefined) return undefined;
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  return openCheckpoint(await readText(file), publicKey.toString());
}

const events = ({ partitions }: CheckpointLog): number => partitions.reduce((sum, { position }) => sum + position, 0);

const write: Command = {
  name: 'checkpoint write',
  summary: 'Sign how far every log went: who has it can tell later whether the past was rewritten',
  usage: '--key <file> --out <file> [--previous <file>]',
  options: {
    key: { type: 'string', help: 'private key, from checkpoint keygen' },
    out: { type: 'string', help: 'file of the checkpoint; must not exist' },
    previous: { type: 'string', help: 'last checkpoint of this key: only what came since is read' },
  },
  run: async (invocation) => {
    const out = required(invocation, 'out');
    const key = await readPrivateKey(required(invocation, 'key'));
    const previous = await previousOf(invocation, key);
    return withPool(invocation, async (pool) => {
      const logs: CheckpointLog[] = [];
      for (const log of LOGS) {
        if ((await partitionsOf(pool, log)) === 0) continue;
        const known = previous?.logs.find((each) => each.log === log);
        logs.push(await witnessLog(partOf(pool, log), known, invocation.progress(`Witnessing ${log}`)));
      }
      const checkpoint: Checkpoint = { format: CHECKPOINT_FORMAT, createdAt: instantFromMillis(Date.now()), logs };
      await fresh(out, `${JSON.stringify(signCheckpoint(checkpoint, key))}\n`);
      const answer = {
        file: out,
        createdAt: checkpoint.createdAt,
        logs: logs.map((log) => ({ log: log.log, events: events(log) })),
      };
      invocation.answer(answer, [
        ...logs.map((log) => `  ✓ ${log.log.padEnd(13)}${events(log)} events`),
        `${out} is signed. Keep it where whoever runs the database cannot write.`,
      ]);
      return EXIT_OK;
    });
  },
};

const verify: Command = {
  name: 'checkpoint verify',
  summary: 'Check a checkpoint: its signature, and that the logs still have what it says',
  usage: '--in <file> --public-key <file>',
  options: {
    in: { type: 'string', help: 'the checkpoint' },
    'public-key': { type: 'string', help: 'public key of who signed it (….pub)' },
  },
  run: async (invocation) => {
    let checkpoint: Checkpoint;
    try {
      checkpoint = await checkpointOf(invocation, 'in');
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      invocation.answer({ ok: false, detail: error.message }, [`  ✗ ${error.message}`]);
      return EXIT_FAILED;
    }
    return withPool(invocation, async (pool) => {
      const broken = [];
      const lines = [];
      for (const known of checkpoint.logs) {
        const log = LOGS.find((name) => name === known.log);
        const there = log === undefined || (await partitionsOf(pool, log)) === 0 ? undefined : log;
        const wrong = there === undefined ? known.partitions : await brokenPromises(partOf(pool, there), known);
        for (const { partition, position } of wrong) {
          broken.push({ log: known.log, partition, position });
          lines.push(
            `  ✗ ${known.log.padEnd(13)}partition ${partition}, position ${position}: not the event of the checkpoint`,
          );
        }
        if (wrong.length === 0) lines.push(`  ✓ ${known.log.padEnd(13)}${events(known)} events`);
      }
      const end =
        broken.length === 0
          ? `Every head of ${checkpoint.createdAt} is still there.`
          : `The past was rewritten after ${checkpoint.createdAt}.`;
      invocation.answer({ ok: broken.length === 0, createdAt: checkpoint.createdAt, broken }, [...lines, end]);
      return broken.length === 0 ? EXIT_OK : EXIT_FAILED;
    });
  },
};

export const CHECKPOINT_COMMANDS: readonly Command[] = [keygen, write, verify];
