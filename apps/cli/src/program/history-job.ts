import { setTimeout as sleep } from 'node:timers/promises';
import type { Totals } from '@jifen/app-rules';
import { RefusedError, type Server } from './server.ts';

const POLL_MS = 300;
/** Longer than a server lets a simulation wait and run. */
const MAX_POLLS = 12_000;

export interface EndedJob {
  readonly id: string;
  readonly state: 'done' | 'failed' | 'cancelled';
  readonly report?: Totals;
  readonly problem?: string;
}

interface Polled extends Omit<EndedJob, 'state'> {
  readonly state: EndedJob['state'] | 'queued' | 'running';
  readonly done: number;
  readonly total: number;
}

/** Lets the server simulate history, and follows it. Ctrl-C cancels it there. */
export async function followJob(
  server: Server,
  ask: object,
  progress: (done: number, total: number) => void,
): Promise<EndedJob> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  try {
    const { body } = await server.call('POST', '/v1/program/simulations', { body: ask });
    const path = `/v1/program/simulations/${String(body['id'])}`;
    for (let poll = 0; poll < MAX_POLLS; poll++) {
      const method = stop.signal.aborted ? 'DELETE' : 'GET';
      const job = JSON.parse((await server.call(method, path)).text) as Polled;
      const { state, done, total } = job;
      progress(done, total);
      if (state !== 'queued' && state !== 'running') return { ...job, state };
      await sleep(POLL_MS, undefined, { signal: stop.signal }).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
      });
    }
    throw new RefusedError(`simulation ${String(body['id'])} does not end`);
  } finally {
    process.off('SIGINT', onSignal);
  }
}
