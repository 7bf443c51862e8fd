import type { EventStore } from '@jifen/event-store';
import type { Precedence } from '@jifen/messaging';
import type { PoolClient } from 'pg';
import { parkBreach, type Breach } from '../application/breach.ts';
import type { Call } from '../application/commands/call.ts';
import { runCommands, type CommandParts } from '../application/commands/run.ts';
import type { Accounts, ProgramReads } from '../application/ports.ts';
import { answerTable } from './answer-table.ts';
import { createCommandQueue, type CommandQueue } from './command-queue.ts';
import { createCommandDoor, type CommandDoor } from './http/command-door.ts';
import type { LedgerMetrics } from './ledger-metrics.ts';
import { MEMBER_TABLES } from './standing-table.ts';

export interface DoorContext {
  readonly store: EventStore<PoolClient>;
  readonly accounts: Accounts<PoolClient>;
  readonly programs: ProgramReads<PoolClient>;
  readonly metrics: Pick<LedgerMetrics, 'posted' | 'commands' | 'answered'>;
  readonly precedence: Precedence;
  readonly breached: (breaches: readonly Breach[]) => void;
  readonly sent: () => void;
}

/** What a command that broke a member's books leaves behind, and the member parked. */
const breachOf = ({ owner, partition, intent, key, id, actor }: Call, detail: string): Breach => ({
  owner,
  partition,
  detail,
  evidence: { command: intent, idempotencyKey: key, id, actor },
});

/** Commands over HTTP, from the door through the queue to the flush. */
export function openDoor(context: DoorContext): { readonly door: CommandDoor; readonly queue: CommandQueue } {
  const { store, accounts, programs, metrics, precedence, breached, sent } = context;
  const parts: CommandParts<PoolClient> = {
    store,
    accounts,
    answers: answerTable,
    programs,
    expected: new Map(),
    ...MEMBER_TABLES,
    posted: metrics.posted,
    breached: async (call, detail) => {
      const breach = breachOf(call, detail);
      breached([breach]);
      await store.transact({ partitions: [breach.partition] }, (tx) => Promise.resolve(parkBreach(tx, breach)));
    },
  };
  const queue = createCommandQueue({
    run: async (calls) => {
      const outcomes = await runCommands(parts, calls);
      outcomes.forEach((outcome, index) => {
        const what = outcome.ok ? (outcome.value.replayed ? 'replayed' : 'done') : outcome.refusal.code;
        metrics.answered(calls[index]?.intent.kind ?? 'unknown', what);
      });
      return outcomes;
    },
    observe: metrics.commands,
  });
  return { door: createCommandDoor({ queue, precedence, partitions: store.partitions, sent }), queue };
}
