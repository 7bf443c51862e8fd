import { createPool, verifyLog, type Verification } from '@jifen/event-store-postgres';
import { partitionOf } from '@jifen/kernel';
import { SERVICE_OF_LOG, type LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import { EXIT_FAILED, EXIT_OK, optional, UsageError, type Command, type Invocation } from '../command.ts';

const LOGS = Object.keys(SERVICE_OF_LOG) as readonly LogName[];

interface Outcome {
  readonly log: LogName;
  readonly result: Verification;
}

/** Partitions that the log has, 0 when it does not exist here. */
async function partitionsOf(pool: Pool, log: LogName): Promise<number> {
  const schema = SERVICE_OF_LOG[log];
  const exists = await pool.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    `${schema}.shard`,
  ]);
  if (exists.rows[0]?.found !== true) return 0;
  const { rows } = await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${schema}.shard WHERE log = $1`, [log]);
  return Number(rows[0]?.n ?? 0);
}

function partitionAsked(invocation: Invocation, partitions: number): number | undefined {
  const member = optional(invocation, 'member');
  const text = optional(invocation, 'partition');
  if (member !== undefined) {
    if (!member.includes('/')) throw new UsageError('--member is <program>/<member>');
    return partitionOf(member, partitions);
  }
  if (text === undefined) return undefined;
  const partition = Number(text);
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw new UsageError(`--partition must be an integer from 0 to ${partitions - 1}`);
}

const lineOf = ({ log, result }: Outcome): string =>
  result.ok
    ? `  ✓ ${log.padEnd(13)}${result.events} events`
    : `  ✗ ${log.padEnd(13)}partition ${result.broken.partition}, position ${result.broken.position}: ${result.broken.what}`;

export const VERIFY: Command = {
  name: 'verify',
  summary: 'Walk the hash chains of the logs and name the first broken row',
  usage: '[--log <name>] [--partition <n> | --member <program>/<member>]',
  options: {
    log: { type: 'string', help: `one of ${LOGS.join(', ')}` },
    partition: { type: 'string', help: 'only this partition' },
    member: { type: 'string', help: 'only the partition of this member' },
  },
  run: async (invocation) => {
    const asked = optional(invocation, 'log');
    const logs = asked === undefined ? LOGS : LOGS.filter((log) => log === asked);
    if (logs.length === 0) throw new UsageError(`no such log: ${asked}`);
    const pool = createPool(await invocation.databaseUrl(), { max: 2, applicationName: 'jifen-verify' });
    try {
      const outcomes: Outcome[] = [];
      for (const log of logs) {
        const partitions = await partitionsOf(pool, log);
        if (partitions === 0) continue;
        const partition = partitionAsked(invocation, partitions);
        const progress = invocation.progress(`Verifying ${log}`);
        const where = { pool, schema: SERVICE_OF_LOG[log], log, ...(partition === undefined ? {} : { partition }) };
        const result = await verifyLog(where, ({ position, of }) => progress(position, of));
        outcomes.push({ log, result });
      }
      const broken = outcomes.filter(({ result }) => !result.ok);
      const end = broken.length === 0 ? 'Every row is as it was written.' : 'Somebody changed what was written.';
      invocation.answer({ ok: broken.length === 0, logs: outcomes }, [...outcomes.map(lineOf), end]);
      return broken.length === 0 ? EXIT_OK : EXIT_FAILED;
    } finally {
      await pool.end();
    }
  },
};
