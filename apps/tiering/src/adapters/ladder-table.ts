import type { ProgramPublished } from '@jifen/contracts';
import { instantFromMillis, present } from '@jifen/kernel';
import { countsPoints, ladderOf, sameSteps, type Ladder } from '@jifen/tiering';
import type { QueryConfig } from 'pg';
import type { LadderVersion } from '../application/ports.ts';
import type { Queryable } from './queryable.ts';

interface LadderRow {
  readonly program: string;
  readonly version: number;
  readonly since_version: number;
  readonly document: Readonly<Record<string, unknown>> | null;
}

/** The newest version, and those that changed the steps: every flush reads them, and most versions publish other rules. */
const IN_FORCE = `
  SELECT program, version, since_version, effective_from, document
    FROM ladder l
   WHERE program = ANY ($1::text[]) AND effective_from <= $2 AND NOT awaits_orders
     AND (version = since_version OR NOT EXISTS (
           SELECT FROM ladder n
            WHERE n.program = l.program AND n.version > l.version AND n.effective_from <= $2 AND NOT n.awaits_orders))
   ORDER BY program, version`;

const PROGRAMS = 'SELECT DISTINCT program FROM ladder ORDER BY program';

const BEFORE = `
  SELECT program, version, since_version, document, counts_orders, awaits_orders
    FROM ladder WHERE program = $1 AND version < $2 ORDER BY version DESC LIMIT 1`;

const INSERT = `
  INSERT INTO ladder (program, version, since_version, effective_from, document, counts_orders, awaits_orders)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (program, version) DO NOTHING`;

const COUNTING_ORDERS = 'SELECT DISTINCT program FROM ladder WHERE program = ANY ($1::text[]) AND counts_orders';

const AWAITING_ORDERS = 'SELECT DISTINCT program FROM ladder WHERE awaits_orders ORDER BY program';

const HAVE_ORDERS = 'UPDATE ladder SET awaits_orders = false WHERE program = $1 AND awaits_orders';

interface BeforeRow extends LadderRow {
  readonly counts_orders: boolean;
  readonly awaits_orders: boolean;
}

interface InForceRow extends LadderRow {
  readonly effective_from: Date;
}

const versionOf = (row: LadderRow): LadderVersion => {
  const parsed = row.document === null ? undefined : ladderOf(row.document);
  return {
    program: row.program,
    version: row.version,
    sinceVersion: row.since_version,
    ladder: parsed?.ok === true ? parsed.value : undefined,
  };
};

export async function laddersInForce(
  sql: Queryable,
  programs: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, LadderVersion>> {
  const { rows } = await sql.query<InForceRow>({
    name: 'ladders-in-force',
    text: IN_FORCE,
    values: [programs, instantFromMillis(now)],
  });
  const byProgram = new Map<string, InForceRow[]>();
  for (const row of rows) byProgram.set(row.program, [...(byProgram.get(row.program) ?? []), row]);
  return new Map([...byProgram].map(([program, versions]) => [program, inForce(versions)]));
}

/** The newest version, its ladder with those that held before it. Of two that hold from one instant the newer one counts. */
function inForce(rows: readonly InForceRow[]): LadderVersion {
  const held: { readonly ladder: Ladder; readonly from: number }[] = [];
  for (const row of rows) {
    const { ladder } = versionOf(row);
    if (ladder === undefined || row.version !== row.since_version) continue;
    const from = row.effective_from.getTime();
    while ((held.at(-1)?.from ?? -1) >= from) held.pop();
    held.push({ ladder, from });
  }
  const newest = versionOf(present(rows.at(-1), 'a version in force'));
  if (newest.ladder === undefined) return newest;
  const chain = held.reduce<Ladder | undefined>((before, { ladder, from }) => {
    if (before === undefined) return ladder;
    return { ...ladder, before: { ladder: before, until: instantFromMillis(from) } };
  }, undefined);
  // The newest version says how the steps are named and shown, the one they are the same since what held before them.
  return { ...newest, ladder: { ...newest.ladder, ...(chain?.before === undefined ? {} : { before: chain.before }) } };
}

export const programsWithLadders = (sql: Queryable): Promise<readonly string[]> => programsOf(sql, { text: PROGRAMS });

/** What of a program document says where members stand. */
const partOf = ({ ladder, timeZone, moneyCurrency }: ProgramPublished['document']): object => ({
  ladder,
  timeZone,
  moneyCurrency,
});

export async function saveLadder(
  sql: Queryable,
  published: ProgramPublished,
  ladder: Ladder | undefined,
): Promise<void> {
  const { program, version, effectiveFrom } = published;
  const { rows } = await sql.query<BeforeRow>(BEFORE, [program, version]);
  const [earlier] = rows;
  const before = earlier && versionOf(earlier);
  const counted = earlier?.counts_orders === true;
  const counts = counted || (ladder !== undefined && !countsPoints(ladder));
  const same = before !== undefined && sameSteps(before.ladder, ladder);
  await sql.query(INSERT, [
    program,
    version,
    same ? before.sinceVersion : version,
    effectiveFrom,
    ladder === undefined ? null : JSON.stringify(partOf(published.document)),
    counts,
    counts && (!counted || earlier.awaits_orders),
  ]);
}

const programsOf = async (sql: Queryable, query: QueryConfig): Promise<readonly string[]> =>
  (await sql.query<{ readonly program: string }>(query)).rows.map(({ program }) => program);

export const countingOrders = async (sql: Queryable, programs: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set(await programsOf(sql, { name: 'counting-orders', text: COUNTING_ORDERS, values: [programs] }));

export const awaitingOrders = (sql: Queryable): Promise<readonly string[]> =>
  programsOf(sql, { text: AWAITING_ORDERS });

export async function haveOrders(sql: Queryable, program: string): Promise<void> {
  await sql.query(HAVE_ORDERS, [program]);
}
