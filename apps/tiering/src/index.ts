export { tieringService } from './tiering.module.ts';
