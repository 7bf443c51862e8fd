import { createHash } from 'node:crypto';
import { canonicalJson, memberKey, partitionOf } from '@jifen/kernel';
import type { LedgerEvent } from '@jifen/ledger';
import type { ClientBase } from 'pg';
import { answerTable } from '../adapters/answer-table.ts';
import { dueLegs, legTable } from '../adapters/leg-table.ts';
import { programTables } from '../adapters/program-tables.ts';
import { MEMBER_TABLES } from '../adapters/standing-table.ts';
import { parkBreach } from '../application/breach.ts';
import type { Call, CallOutcome } from '../application/commands/call.ts';
import type { Intent } from '../application/commands/intent.ts';
import { runCommands, type CommandParts } from '../application/commands/run.ts';
import { deliverLegs } from '../application/deliver-legs.ts';
import type { LedgerProcess } from './ledger-process.ts';

/** What a caller sends, without HTTP. */
export interface Sent {
  readonly key: string;
  readonly member: string;
  readonly intent: Intent;
  readonly program?: string;
}

export interface CommandProcess {
  call(sent: Sent): Call;
  /** All in one flush. */
  run(...sent: readonly Sent[]): Promise<readonly CallOutcome[]>;
  /** The answer of one command, parsed; its refusal's code when it was refused. */
  answer(sent: Sent): Promise<Record<string, unknown> | string>;
  /** Delivers what is in flight until nothing is. */
  deliver(): Promise<readonly LedgerEvent[]>;
  readonly breaches: string[];
}

const ROUNDS = 10;

/** Commands and legs of one ledger process. */
export function commandsOf(process: LedgerProcess): CommandProcess {
  const { store, accounts, pool } = process;
  const breaches: string[] = [];
  const parts: CommandParts<ClientBase> = {
    store,
    accounts,
    answers: answerTable,
    expected: new Map(),
    programs: programTables(),
    ...MEMBER_TABLES,
    posted: () => undefined,
    breached: async ({ owner, partition }, detail) => {
      breaches.push(owner);
      await store.transact({ partitions: [partition] }, (tx) =>
        Promise.resolve(parkBreach(tx, { owner, partition, detail, evidence: {} })),
      );
    },
  };
  const call = ({ key, member, intent, program = 'demo' }: Sent): Call => {
    const owner = memberKey(program, member);
    const partition = partitionOf(owner, store.partitions);
    return {
      program,
      key,
      requestHash: createHash('sha256').update(canonicalJson(intent)).digest(),
      owner,
      partition,
      intent,
      id: `${intent.kind.slice(0, 2)}-${partition}-${createHash('sha256').update(`${program}\n${key}`).digest('hex').slice(0, 26)}`,
      actor: 'key:test',
      meta: {},
    };
  };
  const run = (...sent: readonly Sent[]): Promise<readonly CallOutcome[]> => runCommands(parts, sent.map(call));
  return {
    call,
    run,
    breaches,
    answer: async (sent) => {
      const [outcome] = await run(sent);
      if (outcome === undefined) throw new Error('no answer');
      return outcome.ok ? (JSON.parse(outcome.value.answer) as Record<string, unknown>) : outcome.refusal.code;
    },
    deliver: async () => {
      const events: LedgerEvent[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        let found = 0;
        for (let partition = 0; partition < store.partitions; partition++) {
          const legs = await dueLegs(pool, partition, 8.64e12, 100);
          found += legs.length;
          if (legs.length > 0)
            events.push(...(await deliverLegs({ store, accounts, legs: legTable, ...MEMBER_TABLES }, legs)).events);
        }
        if (found === 0) return events;
      }
      throw new Error('transfers are in flight for ever');
    },
  };
}
