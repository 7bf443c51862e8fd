import { runHost } from '@jifen/service-host';
import { ledgerService } from './ledger.module.ts';

await runHost([ledgerService]);
