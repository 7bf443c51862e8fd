import { runHost } from '@jifen/service-host';
import { tieringService } from './tiering.module.ts';

await runHost([tieringService]);
