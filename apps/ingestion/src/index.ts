export { ingestionService } from './ingestion.module.ts';
