import { compareBalances, isSound, type Findings } from '@jifen/app-ledger';
import { compareRules, type RulesFindings } from '@jifen/app-rules';
import type { Checkpoint } from '@jifen/event-store';
import { verifyLog, type Verification } from '@jifen/event-store-postgres';
import { partitionOf } from '@jifen/kernel';
import type { LogName } from '@jifen/messaging';
import type { Pool } from 'pg';
import { EXIT_FAILED, EXIT_OK, optional, UsageError, type Command, type Invocation } from '../command.ts';
import { LOGS, memberAsked, partitionsOf, partOf, withPool } from '../logs.ts';
import { threadsFor, WORKERS_OPTION } from '../workers.ts';
import { checkpointOf } from './checkpoint.ts';
import { findingLines, rulesLines } from './rebuild.ts';

interface ChainOutcome {
  readonly log: LogName;
  readonly result: Verification;
}

function partitionAsked(invocation: Invocation, partitions: number): number | undefined {
  const member = memberAsked(invocation);
  const text = optional(invocation, 'partition');
  if (member !== undefined && text !== undefined) throw new UsageError('give --partition or --member');
  if (member !== undefined) return partitionOf(`${member.program}/${member.member}`, partitions);
  if (text === undefined) return undefined;
  const partition = Number(text);
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
  throw new UsageError(`--partition must be an integer from 0 to ${partitions - 1}`);
}

const lineOf = ({ log, result }: ChainOutcome): string =>
  result.ok
    ? `  ✓ ${log.padEnd(13)}${result.events} events`
    : `  ✗ ${log.padEnd(13)}partition ${result.broken.partition}, position ${result.broken.position}: ${result.broken.what}`;

async function walkChains(
  invocation: Invocation,
  pool: Pool,
  logs: readonly LogName[],
  checkpoint: Checkpoint | undefined,
): Promise<readonly ChainOutcome[]> {
  const outcomes: ChainOutcome[] = [];
  for (const log of logs) {
    const partitions = await partitionsOf(pool, log);
    if (partitions === 0) continue;
    const partition = partitionAsked(invocation, partitions);
    const witnessed = checkpoint?.logs.find((each) => each.log === log)?.partitions ?? [];
    const progress = invocation.progress(`Verifying ${log}`);
    const where = {
      ...partOf(pool, log),
      ...(await threadsFor(invocation, pool, log)),
      witnessed,
      ...(partition === undefined ? {} : { partition }),
    };
    const result = await verifyLog(where, ({ events, total }) => progress(events, total));
    outcomes.push({ log, result });
  }
  return outcomes;
}

/** The ledger's tables against its log; nothing when it is not here, or not asked for. */
async function compareTables(
  invocation: Invocation,
  pool: Pool,
  logs: readonly LogName[],
): Promise<Findings | undefined> {
  const partitions = logs.includes('ledger') ? await partitionsOf(pool, 'ledger') : 0;
  if (partitions === 0 || invocation.values['chain-only'] === true) return undefined;
  const member = memberAsked(invocation);
  const partition = member === undefined ? partitionAsked(invocation, partitions) : undefined;
  const progress = invocation.progress('Folding ledger');
  return compareBalances({
    pool,
    ...(await threadsFor(invocation, pool, 'ledger')),
    ...(member === undefined ? {} : { member }),
    ...(partition === undefined ? {} : { partition }),
    onProgress: ({ position, of }) => progress(position, of),
  });
}

/** The books of the rules against the rating log; of one partition they cannot be told apart. */
async function compareBooks(
  invocation: Invocation,
  pool: Pool,
  logs: readonly LogName[],
): Promise<RulesFindings | undefined> {
  const asked = logs.includes('rating') && optional(invocation, 'partition') === undefined;
  if (!asked || invocation.values['chain-only'] === true || (await partitionsOf(pool, 'rating')) === 0)
    return undefined;
  const member = memberAsked(invocation);
  const progress = invocation.progress('Folding rating');
  return compareRules({
    pool,
    ...(member === undefined ? {} : { member }),
    onProgress: ({ position, of }) => progress(position, of),
  });
}

const COLUMN_HELP =
  'Exit code 0: everything is as it was written; 1: something is not, and is named; 2: called wrongly.';

export const VERIFY: Command = {
  name: 'verify',
  summary: `Walk the hash chains, then fold the ledger and rating logs and compare every row of their tables. ${COLUMN_HELP}`,
  usage:
    '[--log <name>] [--partition <n> | --member <program>/<member>] [--checkpoint <file> --public-key <file>] [--workers <n>]',
  options: {
    log: { type: 'string', help: `one of ${LOGS.join(', ')}` },
    partition: { type: 'string', help: 'only this partition' },
    member: { type: 'string', help: 'only the partition of this member, and its accounts' },
    'chain-only': { type: 'boolean', help: 'do not compare tables' },
    checkpoint: { type: 'string', help: 'signed checkpoint that the chains must pass through' },
    'public-key': { type: 'string', help: 'public key of who signed it (….pub)' },
    ...WORKERS_OPTION,
  },
  run: async (invocation) => {
    const asked = optional(invocation, 'log');
    const logs = asked === undefined ? LOGS : LOGS.filter((log) => log === asked);
    if (logs.length === 0) throw new UsageError(`no such log: ${asked}`);
    const signed = optional(invocation, 'checkpoint') !== undefined;
    const checkpoint = signed ? await checkpointOf(invocation, 'checkpoint') : undefined;
    return withPool(invocation, async (pool) => {
      const chains = await walkChains(invocation, pool, logs, checkpoint);
      const intact = chains.every(({ result }) => result.ok);
      // A log that was changed proves nothing about the tables.
      const balances = intact ? await compareTables(invocation, pool, logs) : undefined;
      const rules = intact ? await compareBooks(invocation, pool, logs) : undefined;
      const isRight = rules === undefined || rules.differing + rules.broken.length === 0;
      const ok = intact && (balances === undefined || isSound(balances)) && isRight;
      const found = { ...(balances === undefined ? {} : { balances }), ...(rules === undefined ? {} : { rules }) };
      invocation.answer({ ok, logs: chains, ...found }, [
        ...chains.map(lineOf),
        intact ? 'Every row is as it was written.' : 'Somebody changed what was written.',
        ...(balances === undefined ? [] : ['Ledger:', ...findingLines(balances)]),
        ...(rules === undefined ? [] : ['Rules:', ...rulesLines(rules)]),
      ]);
      return ok ? EXIT_OK : EXIT_FAILED;
    });
  },
};
