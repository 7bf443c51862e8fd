import { eventsOfKey, prove, type InclusionProof } from '@jifen/event-store-postgres';
import { partitionOf } from '@jifen/kernel';
import { EXIT_OK, optional, required, UsageError, type Command, type Invocation } from '../command.ts';
import { fresh } from '../key-files.ts';
import { LOGS, partOf, withPool } from '../logs.ts';
import { checkpointOf } from './checkpoint.ts';

const PROOF_FORMAT = 'jifen-proof-1';
const DEFAULT_EVENTS = 100;
const MAX_EVENTS = 1_000;

/** `ledger-3-1234` */
const EVENT = /^([a-z]+)-(\d{1,4})-([1-9]\d{0,15})$/;

function eventAsked(invocation: Invocation) {
  const text = optional(invocation, 'event');
  if (text === undefined) return undefined;
  const [, name, partition, position] = EVENT.exec(text) ?? [];
  const log = LOGS.find((each) => each === name);
  if (log === undefined) throw new UsageError('--event is <log>-<partition>-<position>, as ids of events are');
  return { log, partition: Number(partition), position: Number(position) };
}

function memberAsked(invocation: Invocation): string | undefined {
  const member = optional(invocation, 'member');
  if (member !== undefined && !/^[^/]+\/[^/]+$/.test(member)) throw new UsageError('--member is <program>/<member>');
  return member;
}

function limitAsked(invocation: Invocation): number {
  const limit = Number(optional(invocation, 'limit') ?? DEFAULT_EVENTS);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_EVENTS) return limit;
  throw new UsageError(`--limit must be an integer from 1 to ${MAX_EVENTS}`);
}

const exportProof: Command = {
  name: 'proof export',
  summary: 'Prove to anybody who has the public key that events are in a checkpoint (examples/check-proof checks it)',
  usage:
    '--checkpoint <file> --public-key <file> --out <file> (--event <id> | --member <program>/<member> [--limit <n>])',
  options: {
    checkpoint: { type: 'string', help: 'signed checkpoint that has the events' },
    'public-key': { type: 'string', help: 'public key of who signed it (….pub)' },
    out: { type: 'string', help: 'file of the proof; must not exist' },
    event: { type: 'string', help: 'id of the event, e.g. ledger-3-1234' },
    member: { type: 'string', help: 'the postings of this member' },
    limit: { type: 'string', help: `of a member the newest, ${DEFAULT_EVENTS} when left out, at most ${MAX_EVENTS}` },
  },
  run: async (invocation) => {
    const out = required(invocation, 'out');
    const event = eventAsked(invocation);
    const member = memberAsked(invocation);
    const limit = limitAsked(invocation);
    if ((event === undefined) === (member === undefined)) throw new UsageError('give --event or --member');
    const checkpoint = await checkpointOf(invocation, 'checkpoint');
    const log = event?.log ?? 'ledger';
    const known = checkpoint.logs.find((each) => each.log === log);
    const partition = event?.partition ?? partitionOf(member ?? '', known?.partitions.length ?? 1);
    const witnessed = known?.partitions.find((each) => each.partition === partition);
    if (witnessed === undefined) throw new UsageError(`the checkpoint has no partition ${partition} of the log ${log}`);
    if (event !== undefined && event.position > witnessed.position)
      throw new UsageError(`the checkpoint ends before it, at position ${witnessed.position}`);
    return withPool(invocation, async (pool) => {
      const part = partOf(pool, log);
      const positions =
        event === undefined
          ? await eventsOfKey(part, partition, member ?? '', witnessed.position, limit)
          : [event.position];
      if (positions.length === 0) throw new UsageError(`the checkpoint has no posting of ${member}`);
      const proofs: readonly InclusionProof[] = await prove(part, witnessed, positions);
      await fresh(out, `${JSON.stringify({ format: PROOF_FORMAT, events: proofs })}\n`);
      const ids = proofs.map((proof) => `${log}-${partition}-${proof.event.position}`);
      invocation.answer({ file: out, events: ids }, [`${out} proves ${ids.length} events of ${checkpoint.createdAt}.`]);
      return EXIT_OK;
    });
  },
};

export const PROOF_COMMANDS: readonly Command[] = [exportProof];
