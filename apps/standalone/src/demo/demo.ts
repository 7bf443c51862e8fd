import { createHash } from 'node:crypto';
import { readState, writeState } from '../data-directory.ts';
import { issueKey, type RunningStandalone } from '../standalone.ts';
import { DemoClient } from './client.ts';
import { DEMO_PROGRAM, hasDemo, loadDemo } from './load.ts';

interface DemoState {
  readonly key: string;
  /** Which database the key and the orders are in. */
  readonly database: string;
  readonly until: string;
  readonly loaded: boolean;
}

const STATE = 'demo.json';

const fingerprint = (running: RunningStandalone): string =>
  running.embedded ? 'embedded' : createHash('sha256').update(running.databaseUrl).digest('hex');

/**
 * Loads the demo once per database and answers its API key, or `undefined` when it is stopped meanwhile: the next start goes
 * on where it was.
 */
export async function ensureDemo(
  running: RunningStandalone,
  onProgress: (done: number, total: number) => void,
  stopping: AbortSignal,
): Promise<string | undefined> {
  const database = fingerprint(running);
  const known = await readState<DemoState>(running.dataDir, STATE);
  const state = known?.database === database ? known : await newState(running, database);
  await writeState(running.dataDir, STATE, state);
  if (state.loaded) return state.key;
  try {
    await loadDemo({ urls: running.urls, key: state.key, until: new Date(state.until), onProgress, stopping });
  } catch (error) {
    // What was asked of a server that is stopping fails in many ways, and none of them matters.
    if (stopping.aborted) return undefined;
    throw error;
  }
  await writeState(running.dataDir, STATE, { ...state, loaded: true });
  return state.key;
}

/** A database may have its demo from another data directory, and of another day: then it only wants a key. */
async function newState(running: RunningStandalone, database: string): Promise<DemoState> {
  const key = await issueKey(running.databaseUrl, { program: DEMO_PROGRAM, name: 'demo start' });
  const loaded = await hasDemo(new DemoClient(running.urls, key));
  return { key, database, until: new Date().toISOString(), loaded };
}
