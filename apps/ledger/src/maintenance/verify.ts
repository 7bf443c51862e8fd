import { verifyLog, type Verification } from '@jifen/event-store-postgres';
import { rebuildBalances, type RebuildOptions, type RebuildReport } from './rebuild.ts';
import { LOG, SCHEMA } from './session.ts';

export interface LedgerVerification {
  readonly ok: boolean;
  /** The hash chain of the log; names the first row that was changed, removed or added. */
  readonly chain: Verification;
  /** The live balances against a fold of the log; left out when the chain is broken, because then the log proves nothing. */
  readonly balances?: RebuildReport;
}

/** Walks the hash chain, then folds the log and compares every account and lot. Changes nothing, blocks nobody. */
export async function verifyLedger(options: Omit<RebuildOptions, 'verifyOnly'>): Promise<LedgerVerification> {
  const { pool, onProgress } = options;
  const chain = await verifyLog({ pool, schema: SCHEMA, log: LOG }, onProgress);
  if (!chain.ok) return { ok: false, chain };
  const balances = await rebuildBalances({ ...options, verifyOnly: true });
  return { ok: balances.differing === 0, chain, balances };
}
