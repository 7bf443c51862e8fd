import { runHost } from '@jifen/service-host';
import { ingestionService } from './ingestion.module.ts';

await runHost([ingestionService]);
