import { eventsOfStreams, type Broken, type Findings, type StreamRange } from '@jifen/event-store-postgres';
import type { PoolClient } from 'pg';
import type { Queryable } from '../adapters/queryable.ts';
import type { ProgramCatalog } from '../application/program-catalog.ts';
import type { BudgetFold, Places } from './budget-fold.ts';
import { compareRange, type RowDifference } from './compare.ts';
import { factsOf, parkedIn, timelinesIn, unreadable, type Elsewhere } from './elsewhere.ts';
import { MemberFold, type FoldedRow, type MemberRows } from './member-fold.ts';
import { ownerOf } from './member-range.ts';
import { referralRows } from './referral-check.ts';
import { LOG, PLACE } from './session.ts';

/** What a walk over members found. */
export interface RulesFindings extends Findings {
  /** Tables that were not compared, because the log that they are made of is in another database. */
  readonly left: readonly string[];
}

export interface WalkParts {
  readonly catalog: ProgramCatalog<Queryable>;
  readonly elsewhere: Elsewhere;
}

export interface RangeFound {
  readonly events: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly differences: readonly RowDifference[];
  readonly broken: readonly Broken[];
}

/** Positions of the log's partitions. */
export async function headsOf(client: PoolClient): Promise<Places> {
  const text = `SELECT partition, position FROM ${PLACE.schema}.shard WHERE log = $1`;
  const { rows } = await client.query<{ partition: number; position: number }>(text, [LOG]);
  return new Map(rows.map(({ partition, position }) => [partition, position]));
}

/** The members of a range, folded and compared: inside a transaction, at the moment that it sees. */
export async function checkRange(
  client: PoolClient,
  { catalog, elsewhere }: WalkParts,
  range: StreamRange,
  budgets?: BudgetFold,
): Promise<RangeFound> {
  await catalog.refresh(client);
  const { events, members, broken } = await foldRange(client, catalog, range, budgets);
  const folded: FoldedRow[] = members.flatMap(({ rows }) => rows);
  folded.push(...(await referralRows(client, members)));
  if (elsewhere.tier) folded.push(...(await timelinesIn(client, range)));
  if (elsewhere.activity)
    folded.push(
      ...(await factsOf(
        client,
        members.map(({ owner }) => owner),
      )),
    );
  const parked = await parkedIn(client, range);
  const away = unreadable(elsewhere);
  const unfolded = new Set(broken.map(({ account }) => account));
  const differences = await compareRange(client, range, folded, ({ name }, owner) => {
    const isToldByOthers = name === 'member_facts' || name === 'tier_timeline';
    return away.includes(name) || unfolded.has(owner) || (isToldByOthers && parked.has(owner));
  });
  const rows: Record<string, number> = {};
  for (const { book, due } of folded) if (due === 'exactly') rows[book] = (rows[book] ?? 0) + 1;
  return { events, rows, differences, broken };
}

interface Folded {
  readonly events: number;
  readonly members: readonly MemberRows[];
  readonly broken: readonly Broken[];
}

/** A member in the making, and why it cannot be made. */
interface Attempt {
  readonly fold: MemberFold<Queryable>;
  failed: string | undefined;
}

async function foldRange(
  client: PoolClient,
  catalog: ProgramCatalog<Queryable>,
  range: StreamRange,
  budgets: BudgetFold | undefined,
): Promise<Folded> {
  const members: MemberRows[] = [];
  const broken: Broken[] = [];
  const end = async (one: Attempt | undefined): Promise<void> => {
    if (one === undefined) return;
    await attempt(one, async () => void members.push(await one.fold.rows()));
    if (one.failed !== undefined) broken.push({ account: one.fold.owner, detail: one.failed });
  };
  let events = 0;
  let one: Attempt | undefined;
  for await (const page of eventsOfStreams(client, PLACE, range))
    for (const event of page) {
      events++;
      const owner = ownerOf(event.stream);
      if (one?.fold.owner !== owner) {
        await end(one);
        one = { fold: new MemberFold<Queryable>(owner, catalog, client), failed: undefined };
      }
      const { fold } = one;
      await attempt(one, async () => {
        const made = await fold.add(event);
        budgets?.add(event.partition, event.position, event.stream, made);
      });
    }
  await end(one);
  return { events, members, broken };
}

/** What fails is of the member alone; but a statement that failed has ended the transaction. */
async function attempt(one: Attempt, work: () => Promise<void>): Promise<void> {
  if (one.failed !== undefined) return;
  try {
    await work();
  } catch (error) {
    if (error instanceof Error && 'severity' in error) throw error;
    one.failed = error instanceof Error ? error.message : String(error);
  }
}
