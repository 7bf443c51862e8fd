import { createHash } from 'node:crypto';
import { readState, writeState } from '../data-directory.ts';
import { issueKey, type RunningStandalone } from '../standalone.ts';
import { DEMO_PROGRAM, loadDemo } from './load.ts';

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

/** Loads the demo once per database and answers its API key; an interrupted load goes on where it was. */
export async function ensureDemo(
  running: RunningStandalone,
  now: Date,
  onProgress: (done: number, total: number) => void,
): Promise<string> {
  const database = fingerprint(running);
  const known = await readState<DemoState>(running.dataDir, STATE);
  const state: DemoState =
    known?.database === database
      ? known
      : {
          key: await issueKey(running.databaseUrl, { program: DEMO_PROGRAM, name: 'demo start' }),
          database,
          until: now.toISOString(),
          loaded: false,
        };
  if (state.loaded) return state.key;
  await writeState(running.dataDir, STATE, state);
  await loadDemo({ urls: running.urls, key: state.key, until: new Date(state.until), onProgress });
  await writeState(running.dataDir, STATE, { ...state, loaded: true });
  return state.key;
}
