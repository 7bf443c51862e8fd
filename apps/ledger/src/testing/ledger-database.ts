import { createPool, withClient } from '@jifen/event-store-postgres';
import { policyPart, type PolicyPart } from '@jifen/ledger';
import { startPostgres } from '@jifen/testing';
import type { Pool } from 'pg';
import { programTables } from '../adapters/program-tables.ts';
import { migrateLedger, openLedger, type LedgerProcess, type LedgerProcessOptions } from './ledger-process.ts';

/** A PostgreSQL with the ledger's schema, and the processes on it. */
export interface LedgerDatabase {
  readonly url: string;
  /** The owner's. */
  readonly admin: Pool;
  open(options: Omit<LedgerProcessOptions, 'url'>): LedgerProcess;
  /** With all that was opened. */
  stop(): Promise<void>;
}

export async function startLedgerDatabase(): Promise<LedgerDatabase> {
  const postgres = await startPostgres({ fsync: false });
  const { url } = postgres;
  const admin = createPool(url);
  await migrateLedger(admin);
  const opened: LedgerProcess[] = [];
  return {
    url,
    admin,
    open: (options) => {
      const process = openLedger({ url, ...options });
      opened.push(process);
      return process;
    },
    stop: async () => {
      for (const process of opened) if (!process.pool.ended) await process.close();
      await admin.end();
      await postgres.stop();
    },
  };
}

/** Lets a program have these policies, in version 1 since the first of January unless told otherwise. */
export async function publishPolicies(
  { pool }: LedgerProcess,
  part: Partial<PolicyPart>,
  { program = 'demo', version = 1, effectiveFrom = '2026-01-01T00:00:00Z' } = {},
): Promise<void> {
  const document = {
    name: { en: 'Demo', zh: '示例' },
    timeZone: 'Asia/Shanghai',
    moneyCurrency: 'CNY',
    currencies: [{ code: 'points', decimals: 0 }],
    rules: [],
    ...part,
  };
  await withClient(pool, (client) =>
    programTables().savePolicy(client, { program, version, effectiveFrom, part: policyPart(document) }),
  );
}
