import { InvariantError, present } from '@jifen/kernel';
import {
  budgetBucket,
  rate,
  valuesIn,
  type CompiledBudget,
  type CompiledProgram,
  type Funds,
  type Held,
  type Rating,
  type RatingInput,
} from '@jifen/rules';
import { givesBack, rejectedOf } from '../approval/rejected-of.ts';
import type { BatchSession } from '../batch-session.ts';
import type { RatedCause } from '../settle-rating.ts';
import type { BudgetBook, Purse } from './budget-book.ts';
import { heldBy } from './held-by.ts';

/** What awards ask for of a window of a budget, beyond what they hold already. */
interface Asked {
  readonly budget: CompiledBudget;
  readonly more: number;
}

/**
 * What a cause is worth, as far as budgets have it. An award keeps what it was granted while it wishes as much, and gets more
 * when it wishes more and there is more. What is missing in the partition's slice is drawn.
 */
export async function rateFunded<Sql>(
  session: BatchSession<Sql>,
  { head, partition, last }: Pick<RatedCause, 'head' | 'partition' | 'last'>,
  program: CompiledProgram,
  asked: RatingInput,
): Promise<Rating> {
  const book = session.budgets;
  const { budgets, version } = program;
  const isAsked = asked.rejected !== undefined || program.rules.some(givesBack);
  const input = isAsked ? { ...asked, rejected: await rejectedOf(session, head, program, asked) } : asked;
  if (budgets === undefined || input.kind === 'member') return rate(program, input);
  const purse: Purse = { program: head.program, partition };
  const before = heldBy(last?.made);
  const at = input.kind === 'order' ? input.order.at : input.at;
  const valueOf = valuesIn(input);
  const buckets = new Map(budgets.all.map((budget) => [budgetBucket(budget, at, valueOf), budget]));
  const own: Record<string, Held> = {};
  for (const [bucket, held] of Object.entries(before?.h ?? {})) {
    const budget = buckets.get(bucket);
    if (budget !== undefined) own[budget.key] = held;
  }
  const seen = new Map<string, CompiledBudget>();
  let funds: Funds = { left: {}, own };
  // Each turn sees a budget for the first time, or draws on one until it has enough or no more.
  for (let turns = 4 * buckets.size + 4; turns > 0; turns--) {
    const rating = rate(program, { ...input, funds });
    const wanted = askedBy(rating, own, buckets);
    const unseen = [...wanted].filter(([bucket]) => !seen.has(bucket));
    if (unseen.length === 0 && !(await drawn(book, purse, seen, rating, version))) return rating;
    await book.load(
      purse,
      unseen.map(([bucket]) => bucket),
    );
    for (const [bucket, { budget }] of unseen) {
      await book.follow(purse, bucket, budget, version);
      seen.set(bucket, budget);
    }
    const left: Record<string, number> = {};
    for (const [bucket, budget] of seen)
      left[budget.key] = book.left(
        purse,
        bucket,
        budget,
        (rating.funding?.revenue?.[bucket] ?? 0) - (before?.r?.[bucket] ?? 0),
      );
    // The usual case: nothing was cut, and there is enough of everything.
    const enough = [...wanted.values()].every(({ budget, more }) => more <= (left[budget.key] ?? 0));
    if (enough && rating.funding?.short === undefined) return rating;
    funds = { left, own };
  }
  throw new InvariantError(`the budgets of ${input.kind} ${input.source}/${input.id} do not settle`);
}

function askedBy(
  { funding }: Rating,
  own: Readonly<Record<string, Held>>,
  buckets: ReadonlyMap<string, CompiledBudget>,
): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  for (const [bucket, held] of Object.entries(funding?.held ?? {})) {
    const budget = present(buckets.get(bucket), `budget of ${bucket}`);
    let more = 0;
    for (const [rule, [granted]] of Object.entries(held))
      more += Math.max(0, granted - (own[budget.key]?.[rule]?.[0] ?? 0));
    asked.set(bucket, { budget, more });
  }
  return asked;
}

async function drawn<Sql>(
  book: BudgetBook<Sql>,
  purse: Purse,
  seen: ReadonlyMap<string, CompiledBudget>,
  { funding }: Rating,
  version: number,
): Promise<boolean> {
  let more = false;
  for (const [bucket, budget] of seen) {
    const need = funding?.short?.[budget.key] ?? 0;
    if (need > 0 && (await book.draw(purse, bucket, budget, { version, need }))) more = true;
  }
  return more;
}
