import { createPool } from '../pool.ts';
import { answerThreads, threadDatabaseUrl } from '../threads.ts';
import { walkChain, type Chain, type Walked } from './chain-walk.ts';

/** A thread that walks one partition after another. Pages are read ahead on connections of their own. */
const CONNECTIONS = 3;

const pool = createPool(threadDatabaseUrl(), { max: CONNECTIONS, applicationName: 'jifen-verify' });
answerThreads<Chain, number, Walked>(
  (chain, tell) => walkChain(pool, chain, tell),
  () => pool.end(),
);
