export { ledgerService } from './ledger.module.ts';
