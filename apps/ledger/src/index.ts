export { ledgerService } from './ledger.module.ts';
export { readAudit, type AuditReport } from './maintenance/audit.ts';
export { BrokenLogError } from './maintenance/fold-accounts.ts';
export {
  discardKept,
  NothingKeptError,
  rebuildBalances,
  rollbackRebuild,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildReport,
  type RollbackReport,
} from './maintenance/rebuild.ts';
export { AlreadyRunningError } from './maintenance/session.ts';
export { ShapeChangedError } from './maintenance/shadow.ts';
export {
  compareBalances,
  verifyLedger,
  type AccountScope,
  type CompareOptions,
  type LedgerVerification,
} from './maintenance/verify.ts';
export { isSound, type Difference, type Findings } from '@jifen/event-store-postgres';
