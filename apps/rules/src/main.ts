import { runHost } from '@jifen/service-host';
import { rulesService } from './rules.module.ts';

await runHost([rulesService]);
