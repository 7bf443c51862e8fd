import type { Problem } from '@jifen/contracts';
import { decideAgain, inHalves, isOvertaken, mayBeOnes, type EventStore, type Transaction } from '@jifen/event-store';
import { accept, errorText, InvariantError, present, refuse } from '@jifen/kernel';
import type { LedgerEvent } from '@jifen/ledger';
import { nameOf, type Answers, type KeptAnswer } from '../answers.ts';
import type { InactiveMember, Standings } from '../ports.ts';
import { takesNoPart } from '../takes-no-part.ts';
import type { Call, CallOutcome } from './call.ts';
import { decideCall } from './decide-call.ts';
import type { IntentKind } from './intent.ts';
import { prepareAll, type PrepareParts } from './prepare.ts';

/** Commands of one transaction. */
export const MAX_COMMANDS = 250;

export interface CommandParts<Sql> extends PrepareParts<Sql> {
  readonly store: EventStore<Sql>;
  readonly answers: Answers<Sql>;
  readonly standings: Pick<Standings<Sql>, 'standingsOf'>;
  /** Told what a flush posted, once it is durable. */
  readonly posted: (events: readonly LedgerEvent[]) => void;
  /** Told of a command after which the books would not add up; nothing of it was written. */
  readonly breached: (call: Call, detail: string) => Promise<void>;
}

interface Flushed {
  readonly outcomes: readonly CallOutcome[];
  readonly events: readonly LedgerEvent[];
  readonly breaches: readonly { readonly call: Call; readonly detail: string }[];
}

const KEPT_BY_ANOTHER = 'answered_key';

const constraintOf = (error: unknown): unknown =>
  error instanceof Error && 'constraint' in error ? error.constraint : undefined;

const overtaken = (error: unknown): boolean => isOvertaken(error) || constraintOf(error) === KEPT_BY_ANOTHER;

/**
 * Carries out commands of many callers in one transaction under the rows of their partitions, in the order given, and
 * answers each when all is durable. It is the same whether this process owns the partitions or another does: the rows are the
 * judge. A command that is refused, or whose books break, leaves its neighbours as they are.
 */
export async function runCommands<Sql>(
  parts: CommandParts<Sql>,
  calls: readonly Call[],
): Promise<readonly CallOutcome[]> {
  const ran = await inHalves(calls, {
    attempt: async (some): Promise<readonly CallOutcome[]> => {
      const { outcomes, events, breaches } = await flush(parts, some);
      if (events.length > 0) parts.posted(events);
      for (const { call, detail } of breaches) await parts.breached(call, detail);
      return outcomes;
    },
    mayBeOnes,
    alone: async (call, error) => {
      await parts.breached(call, errorText(error));
      return [refuse(BREACH)];
    },
  });
  return ran.flat();
}

const BREACH: Problem = {
  code: 'member_parked',
  detail: 'the books of the member would not add up: nothing was done, the member is parked until somebody has looked',
};
const PARKED: Problem = {
  code: 'member_parked',
  detail: 'the member is parked after an error in its books; nothing can be spent until somebody has looked',
};

const SPENDING: ReadonlySet<IntentKind> = new Set(['redeem', 'hold', 'capture', 'transfer']);

/** Who takes no part does not spend; to who was removed nothing is done at all, so that nothing comes back. */
function refusedFor({ intent }: Call, inactive: InactiveMember | undefined): Problem | undefined {
  if (inactive === undefined) return undefined;
  if (inactive.standing !== 'removed' && !SPENDING.has(intent.kind)) return undefined;
  return takesNoPart(inactive);
}

async function flush<Sql>(parts: CommandParts<Sql>, calls: readonly Call[]): Promise<Flushed> {
  const partitions = [...new Set(calls.map(({ partition }) => partition))];
  // Whatever landed is answered as it was then by the next attempt.
  return decideAgain(() => parts.store.transact({ partitions }, (tx) => attemptAll(tx, parts, calls)), overtaken);
}

async function attemptAll<Sql>(
  tx: Transaction<Sql>,
  parts: CommandParts<Sql>,
  calls: readonly Call[],
): Promise<Flushed> {
  const owners = [...new Set(calls.map(({ owner }) => owner))];
  const [found, parked, standings, { plans, book }] = await Promise.all([
    parts.answers.find(tx.sql, calls),
    tx.parkedAmong(owners),
    parts.standings.standingsOf(tx.sql, owners),
    prepareAll(tx, parts, calls),
  ]);
  const kept = new Map(found.map((answer) => [nameOf(answer), answer]));
  const breaches: { call: Call; detail: string }[] = [];
  const keep: (KeptAnswer & { partition: number })[] = [];
  const decide = (call: Call): CallOutcome => {
    const plan = present(plans.get(call), call.id);
    if (parked.has(call.owner)) return refuse(PARKED);
    const closed = refusedFor(call, standings.get(call.owner));
    if (closed !== undefined) return refuse(closed);
    if (!plan.ok) return plan;
    try {
      return decideCall(tx, book, call, plan.value);
    } catch (error) {
      if (!(error instanceof InvariantError)) throw error;
      breaches.push({ call, detail: error.message });
      return refuse(BREACH);
    }
  };
  const outcomes = calls.map((call): CallOutcome => {
    const known = kept.get(nameOf(call));
    if (known !== undefined) return again(call, known);
    const outcome = decide(call);
    if (outcome.ok) {
      const { program, key, requestHash, partition } = call;
      const { status, answer } = outcome.value;
      const first = { program, key, requestHash, partition, status, answer };
      kept.set(nameOf(call), first);
      keep.push(first);
    }
    return outcome;
  });
  book.save(parts.accounts);
  tx.sending(parts.answers.keep(tx.sql, keep, tx.now));
  return { outcomes, events: book.events, breaches };
}

function again({ requestHash }: Call, known: KeptAnswer): CallOutcome {
  if (Buffer.compare(known.requestHash, requestHash) === 0)
    return accept({ status: known.status, answer: known.answer, replayed: true });
  return refuse({
    code: 'idempotency_conflict',
    detail: 'the idempotency key was used with another body or for another route',
  });
}
