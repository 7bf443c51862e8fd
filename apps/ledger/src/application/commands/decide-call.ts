import { formatToken, type Problem } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { accept, refuse } from '@jifen/kernel';
import type { Account, Refusal } from '@jifen/ledger';
import type { Book, Staged } from '../book.ts';
import type { Call, CallOutcome } from './call.ts';
import type { Plan } from './plan.ts';

/** Refusals of one currency that leave the others of a command for all currencies as they are. */
const NOTHING_THERE: ReadonlySet<string> = new Set(['nothing_to_change', 'not_merged']);

/** Carries out all steps of the plan on the accounts in hand, or none of them. Throws InvariantError when books would break. */
export function decideCall<Sql>(tx: Transaction<Sql>, book: Book<Sql>, call: Call, plan: Plan): CallOutcome {
  const staged: Staged[] = [];
  let nothing: Problem | undefined;
  for (const step of plan.steps) {
    const decided = step.command(book.account(step.key));
    if (!decided.ok) return decided;
    const asked = book.stage(step.key, decided.value);
    if (asked.ok) {
      staged.push(asked.value);
      continue;
    }
    if (plan.steps.length === 1 || !NOTHING_THERE.has(asked.refusal.code)) return refuse(problemOf(asked.refusal));
    nothing = asked.refusal;
  }
  if (staged.length === 0 && nothing !== undefined) return refuse(nothing);
  for (const one of staged) book.commit(one, call.meta);
  const accounts = plan.steps.map(({ key }): Account => book.account(key));
  const positions = new Map([[call.partition, tx.nextPosition(call.partition) - 1]]);
  const position = formatToken({ log: 'ledger', positions });
  const answer = JSON.stringify(plan.answer({ accounts, position }));
  return accept({ status: plan.status, answer, replayed: staged.length > 0 && staged.every((one) => one.repeated) });
}

/** The id of a command is the caller's key: another command under it is another body under the key. */
const problemOf = (refusal: Refusal): Problem =>
  refusal.code === 'content_conflict'
    ? { code: 'idempotency_conflict', detail: 'the idempotency key was used for another command' }
    : refusal;
