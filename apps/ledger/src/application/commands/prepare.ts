import type { Problem } from '@jifen/contracts';
import type { Transaction } from '@jifen/event-store';
import { instantFromMillis, type Outcome } from '@jifen/kernel';
import type { Policies } from '@jifen/ledger';
import { Book } from '../book.ts';
import type { Accounts, ProgramReads } from '../ports.ts';
import type { Call } from './call.ts';
import { currenciesByOwner, isForAll, type MemberReads } from './currencies.ts';
import type { Context, Plan } from './plan.ts';
import { planOf } from './plans.ts';
import { queriesFor } from './queries.ts';

export interface PrepareParts<Sql> {
  readonly accounts: Accounts<Sql>;
  readonly programs: ProgramReads<Sql>;
  readonly members: MemberReads<Sql>;
  /** Policies by program that the last flush found in force, kept from one to the next; by now others may be. */
  readonly expected: Map<string, Policies>;
}

/** What the calls come to under the policies of their programs, with the accounts that they are about. */
export interface Prepared<Sql> {
  readonly plans: ReadonlyMap<Call, Outcome<Plan, Problem>>;
  readonly book: Book<Sql>;
}

/** Programs whose policies are kept; the next of others only costs a round trip. */
const MAX_EXPECTED = 1_000;

type ByProgram = ReadonlyMap<string, Policies>;

/**
 * Asks for the policies in force and for the accounts in one round trip: accounts that the calls are about under the policies
 * that were in force when somebody asked last, which they mostly still are. Where they are not, it asks again.
 */
export async function prepareAll<Sql>(
  tx: Transaction<Sql>,
  parts: PrepareParts<Sql>,
  calls: readonly Call[],
): Promise<Prepared<Sql>> {
  const programs = [...new Set(calls.map(({ program }) => program))];
  const asked = parts.programs.policiesInForce(tx.sql, programs, tx.now);
  // What else these need to know must be asked first.
  if (calls.some(isForAll)) return prepare(tx, parts, calls, await asked);
  // Its own, for another flush may come to expect others while this one waits.
  const expected: ByProgram = pick(parts.expected, programs);
  const [policies, prepared] = await Promise.all([asked, prepare(tx, parts, calls, expected)]);
  // One version is one object.
  if (programs.every((program) => policies.get(program) === expected.get(program))) return prepared;
  if (parts.expected.size >= MAX_EXPECTED) parts.expected.clear();
  for (const program of programs) {
    const inForce = policies.get(program);
    if (inForce !== undefined) parts.expected.set(program, inForce);
  }
  return prepare(tx, parts, calls, policies);
}

const pick = (from: ByProgram, programs: readonly string[]): ByProgram =>
  new Map(
    programs.flatMap((program) => {
      const policies = from.get(program);
      return policies === undefined ? [] : [[program, policies] as const];
    }),
  );

async function prepare<Sql>(
  tx: Transaction<Sql>,
  { accounts, programs, members }: PrepareParts<Sql>,
  calls: readonly Call[],
  policies: ByProgram,
): Promise<Prepared<Sql>> {
  const capped = calls.filter((call) => isCapped(call, policies));
  const currencies = await currenciesByOwner(tx.sql, members, calls);
  // A plan asks for the tier when it is carried out: by then it is there.
  let tiers: ReadonlyMap<string, string> = new Map();
  const plans = new Map(
    calls.map((call) => {
      const { program, id, actor, owner, intent } = call;
      const context: Context = {
        program,
        now: instantFromMillis(tx.now),
        policies: policies.get(program),
        tierOf: () => tiers.get(owner),
        currenciesOf: () => currencies.get(owner) ?? [],
        id,
        actor,
      };
      return [call, planOf(context, intent)] as const;
    }),
  );
  const [found, book] = await Promise.all([
    programs.tiersOf(tx.sql, [...new Set(capped.map(({ owner }) => owner))]),
    Book.open(tx, accounts, queriesFor(calls, plans)),
  ]);
  tiers = found;
  return { plans, book };
}

/** Whether a tier says how much of the order may be paid with points. */
function isCapped({ program, intent }: Call, policies: ByProgram): boolean {
  const order = intent.kind === 'redeem' || intent.kind === 'hold' ? intent.order : undefined;
  return order !== undefined && policies.get(program)?.redemption?.some(({ tiers }) => tiers.size > 0) === true;
}
