import type { EventStore } from '@jifen/event-store';
import { streamBoundary, type Difference, type StreamRange } from '@jifen/event-store-postgres';
import { instantFromMillis, memberKey, partitionOf } from '@jifen/kernel';
import type { Pool, PoolClient } from 'pg';
import { ownerOf } from '../application/owner.ts';
import { foldRange, rangeOfMember } from './account-range.ts';
import { compareRange } from './compare.ts';
import { compareSums, SUMS } from './compare-sums.ts';
import { AlreadyRunningError, besideNoRebuild, inTransaction, LOG, SCHEMA } from './session.ts';

/** Something that does not agree with the log; the evidence is kept as it was found. */
export interface Finding {
  /** Of a sum of what is owed `program/currency`. */
  readonly account: string;
  readonly table: string;
  readonly row: string;
  /** JSON of the live and the rebuilt row, or why the events do not fold. */
  readonly detail: string;
}

export interface AuditStep {
  readonly events: number;
  readonly accounts: number;
  /** Rows that are known to differ now. */
  readonly open: number;
  /** Found now and not before. */
  readonly fresh: readonly Finding[];
  /** The last account was reached: the next step begins again. */
  readonly finished: boolean;
}

/** "jifen audit" in a number: one process audits at a time. */
const AUDIT_LOCK = 7_214_078;
/** Of the reason under which a member is parked. */
export const DRIFT = 'drift';

/**
 * Compares the next accounts with the fold of their events, in one short snapshot, and remembers the place. Everything is compared as
 * booked at that moment, nothing by the clock: so a difference is an error and never a matter of timing (U54). Nothing
 * when another process audits, or a rebuild runs.
 */
export async function auditStep(pool: Pool, events: number, now: number): Promise<AuditStep | undefined> {
  try {
    return await besideNoRebuild(pool, async (client) => {
      const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [AUDIT_LOCK]);
      return rows[0]?.got === true ? auditNext(client, events, now) : undefined;
    });
  } catch (error) {
    if (error instanceof AlreadyRunningError) return undefined;
    throw error;
  }
}

const auditNext = (client: PoolClient, events: number, now: number): Promise<AuditStep> =>
  inTransaction(client, 'REPEATABLE READ', async () => {
    const found = await client.query<{ place: string }>('SELECT place FROM audit');
    const after = found.rows[0]?.place ?? '';
    const upTo = await streamBoundary(client, { schema: SCHEMA, log: LOG }, after, events);
    const range: StreamRange = { after, ...(upTo === undefined ? {} : { upTo }) };
    const folder = await foldRange(client, range);
    const { differences } = await compareRange(client, range, folder);
    const findings: readonly Finding[] = [
      ...differences.map(findingOf),
      ...folder.broken.map(({ account, detail }) => ({ account, table: 'event', row: '', detail })),
    ];
    const fresh = [...(await remember(client, range, 'accounts', findings, now))];
    // Once a round, because it reads all lots; sums of rows that are wrong themselves would tell nothing.
    if (upTo === undefined && !(await anyAccountOpen(client))) {
      const sums = (await compareSums(client)).differences.map(findingOf);
      fresh.push(...(await remember(client, { after: '' }, 'sums', sums, now)));
    }
    const accounts = folder.folded.length + folder.broken.length;
    await client.query(
      `UPDATE audit SET place = $1, accounts = accounts + $2, audited_at = $3,
         rounds = rounds + CASE WHEN $4 THEN 1 ELSE 0 END, round_finished_at = CASE WHEN $4 THEN $3 ELSE round_finished_at END`,
      [upTo ?? '', accounts, instantFromMillis(now), upTo === undefined],
    );
    const open = await client.query<{ n: number | string }>('SELECT count(*) AS n FROM audit_finding');
    return { events: folder.events, accounts, open: Number(open.rows[0]?.n ?? 0), fresh, finished: upTo === undefined };
  });

async function anyAccountOpen(client: PoolClient): Promise<boolean> {
  const text = `SELECT EXISTS (SELECT FROM audit_finding WHERE "table" <> '${SUMS}') AS any`;
  return (await client.query<{ any: boolean }>(text)).rows[0]?.any === true;
}

const findingOf = ({ account, table, row = '', live, rebuilt }: Difference): Finding => ({
  account,
  table,
  row,
  detail: JSON.stringify({ live, rebuilt }),
});

/** What the range has now replaces what it had; answers what is new. */
async function remember(
  client: PoolClient,
  { after, upTo }: StreamRange,
  of: 'accounts' | 'sums',
  findings: readonly Finding[],
  now: number,
): Promise<readonly Finding[]> {
  const known = await client.query<{ id: string }>(
    `DELETE FROM audit_finding WHERE account > $1 AND ($2::text IS NULL OR account <= $2) AND ("table" = '${SUMS}') = $3
     RETURNING account || ' ' || "table" || ' ' || row AS id`,
    [after, upTo ?? null, of === 'sums'],
  );
  const before = new Set(known.rows.map(({ id }) => id));
  await client.query(
    `INSERT INTO audit_finding (account, "table", row, found_at, detail)
     SELECT account, "table", row, $5, detail FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       AS t (account, "table", row, detail)`,
    [
      findings.map(({ account }) => account),
      findings.map(({ table }) => table),
      findings.map(({ row }) => row),
      findings.map(({ detail }) => detail),
      instantFromMillis(now),
    ],
  );
  return findings.filter(({ account, table, row }) => !before.has(`${account} ${table} ${row}`));
}

/**
 * Parks the members whose accounts differ, after looking once more under their partition's row: from then on nothing of theirs
 * is posted or spent until somebody has looked. Nobody is parked for a sum of many. Answers who was parked.
 */
export async function parkDrifted(
  store: EventStore<PoolClient>,
  findings: readonly Finding[],
): Promise<readonly string[]> {
  const parked: string[] = [];
  const owners = new Map(
    findings
      .filter(({ table }) => table !== SUMS)
      .map(({ account }) => ownerOf(account))
      .map((owner) => [memberKey(owner.program, owner.member), owner]),
  );
  for (const [key, { program, member }] of owners) {
    const partition = partitionOf(key, store.partitions);
    await store.transact({ partitions: [partition] }, async ({ sql, now }) => {
      const range = rangeOfMember(program, member);
      const folder = await foldRange(sql, range);
      const { count } = await compareRange(sql, range, folder);
      if (count === 0 && folder.broken.length === 0) return;
      await sql.query(
        'INSERT INTO parked (log, key, reason, since) VALUES ($1, $2, $3, $4) ON CONFLICT (log, key) DO NOTHING',
        [LOG, key, DRIFT, instantFromMillis(now)],
      );
      parked.push(key);
    });
  }
  return parked;
}

export interface AuditReport {
  readonly accounts: number;
  readonly rounds: number;
  readonly roundFinishedAt: string | undefined;
  readonly auditedAt: string | undefined;
  readonly findings: readonly (Finding & { readonly foundAt: string })[];
}

const MAX_LISTED = 1_000;

/** How far the audit is, and what it found and finds still. */
export async function readAudit(pool: Pool): Promise<AuditReport> {
  const state = await pool.query<{ accounts: number; rounds: number; finished: Date | null; audited: Date | null }>(
    `SELECT accounts, rounds, round_finished_at AS finished, audited_at AS audited FROM ${SCHEMA}.audit`,
  );
  const found = await pool.query<Finding & { foundAt: Date }>(
    `SELECT account, "table", row, detail, found_at AS "foundAt" FROM ${SCHEMA}.audit_finding
     ORDER BY account, "table", row LIMIT ${MAX_LISTED}`,
  );
  const row = state.rows[0];
  return {
    accounts: row?.accounts ?? 0,
    rounds: row?.rounds ?? 0,
    roundFinishedAt: row?.finished?.toISOString(),
    auditedAt: row?.audited?.toISOString(),
    findings: found.rows.map((each) => ({ ...each, foundAt: each.foundAt.toISOString() })),
  };
}
