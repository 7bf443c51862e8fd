export { ledgerService } from './ledger.module.ts';
export type { Difference } from './maintenance/compare.ts';
export { BrokenLogError } from './maintenance/fold-page.ts';
export {
  rebuildBalances,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildReport,
} from './maintenance/rebuild.ts';
export { AlreadyRunningError } from './maintenance/session.ts';
export { verifyLedger, type LedgerVerification } from './maintenance/verify.ts';
