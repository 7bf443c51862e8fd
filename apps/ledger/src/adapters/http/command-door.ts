import { createHash } from 'node:crypto';
import type { Problem } from '@jifen/contracts';
import type { Precedence } from '@jifen/messaging';
import { canonicalJson, memberKey, partitionOf } from '@jifen/kernel';
import { answered, ProblemError, type HostRequest, type Principal } from '@jifen/service-host';
import type { FastifyReply } from 'fastify';
import type { Call } from '../../application/commands/call.ts';
import type { CommandAnswers, JsonText } from '../../application/commands/command-answers.ts';
import type { Intent } from '../../application/commands/intent.ts';
import type { CommandQueue } from '../command-queue.ts';

export const COMMAND_DOOR = Symbol('COMMAND_DOOR');

const MAX_KEY = 255;
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Ids begin with what they name; then the partition that they were made in, so that they can be routed without a look-up. */
const PREFIX: Readonly<Partial<Record<Intent['kind'], string>>> = {
  redeem: 'rd',
  capture: 'rd',
  hold: 'hd',
  transfer: 'tr',
  merge: 'mg',
  unmerge: 'um',
};
const ID_CHARACTERS = 26;

/** Who asks, and where the answer goes. */
export interface Visit {
  readonly request: HostRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
}

export interface Asked<Of extends Intent> {
  /** `program/member` is decided from it. */
  readonly member: string;
  /** The body as its DTO, for the comparison with an earlier one under the same key. */
  readonly body: object;
  readonly intent: Of;
}

export interface CommandDoor {
  carryOut<Of extends Intent>(visit: Visit, asked: Asked<Of>): Promise<JsonText<CommandAnswers[Of['kind']]>>;
}

export interface DoorParts {
  readonly queue: CommandQueue;
  /** Somebody waits for every command. */
  readonly precedence: Precedence;
  readonly partitions: number;
  /** Called after a command that other accounts have a part in. */
  readonly sent: () => void;
}

/** From a request to the queue and back: the key, the hash of what is asked, the answer with its status. */
export const createCommandDoor = ({ queue, precedence, partitions, sent }: DoorParts): CommandDoor => ({
  carryOut: async ({ request, reply, principal }, { member, body, intent }) => {
    const { program, keyId } = principal;
    const key = keyOf(request);
    const owner = memberKey(program, member);
    const partition = partitionOf(owner, partitions);
    const route = `${request.method} ${request.url.split('?', 1)[0] ?? ''}`;
    const call: Call = {
      program,
      key,
      requestHash: createHash('sha256')
        .update(`${route}\n${canonicalJson({ ...body })}`)
        .digest(),
      owner,
      partition,
      intent,
      id: idOf(intent, partition, program, key),
      actor: `key:${keyId}`,
      meta: { correlationId: request.trace.traceId, traceparent: request.trace.traceparent },
    };
    const { status, answer, replayed } = answered(await precedence.urgent(() => queue.submit(call)));
    if (status === 202) sent();
    void reply.status(status).header('content-type', 'application/json; charset=utf-8');
    if (replayed) void reply.header('idempotency-replayed', 'true');
    return answer;
  },
});

const refused = (message: string): ProblemError => {
  const errors = [{ pointer: '/headers/idempotency-key', message }];
  const problem: Problem = { code: 'invalid_request', detail: 'the command needs an Idempotency-Key', errors };
  return new ProblemError(problem);
};

function keyOf({ headers }: HostRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key !== 'string') throw refused('must be there, once');
  if (key.length > MAX_KEY || !KEY.test(key)) throw refused(`must be 1 to ${MAX_KEY} printable ASCII characters`);
  return key;
}

/** The same key names the same thing for ever, also when the answer to it has been forgotten. */
function idOf({ kind }: Intent, partition: number, program: string, key: string): string {
  const digest = createHash('sha256').update(`${program}\n${key}`).digest('hex').slice(0, ID_CHARACTERS);
  return `${PREFIX[kind] ?? 'cm'}-${partition}-${digest}`;
}
