import { answerThreads, createPool, threadDatabaseUrl, withClient, type Findings } from '@jifen/event-store-postgres';
import { checkRange, type RangeAsked } from './walk.ts';

/** A thread that folds and compares one range after another. */
const pool = createPool(threadDatabaseUrl(), { max: 1, applicationName: 'jifen-walk' });
answerThreads<RangeAsked, never, Findings>(
  ({ range, into }) => withClient(pool, (client) => checkRange(client, range, into)),
  () => pool.end(),
);
