import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueKey, startStandalone } from '@jifen/app-standalone';
import { fakeClock, startPostgres, type FakeClock } from '@jifen/testing';
import { createDoor, until, type Door } from './door.ts';
import { modelProgram } from './program.ts';

/** A program of the system, behind its HTTP API. */
export interface Tenant {
  readonly door: Door;
  /** Of points that come back after their lot has expired; 0: they lapse. */
  readonly graceDays: number;
}

export interface ModelSystem {
  /** The clock that all services go by: it stands still until it is moved. */
  readonly clock: FakeClock;
  readonly tenants: readonly Tenant[];
  stop(): Promise<void>;
}

const GRACE_DAYS = [0, 1] as const;
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');

/** All services in this process on a PostgreSQL of their own, listening on a port, with a program for each grace. */
export async function startModelSystem(startMillis: number): Promise<ModelSystem> {
  const clock = fakeClock(startMillis);
  const database = await startPostgres({ fsync: false });
  const dataDir = await mkdtemp(join(tmpdir(), 'jifen-model-'));
  const stopAll = async (running?: { stop(): Promise<void> }): Promise<void> => {
    await running?.stop();
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const settings = { secretKey: SECRET_KEY, port: 0, logLevel: 'warn', environment: {} } as const;
  const running = await startStandalone({
    ...settings,
    dataDir,
    databaseUrl: database.url,
    clock: clock.now,
  }).catch(async (error: unknown) => {
    await stopAll();
    throw error;
  });
  try {
    const tenants: Tenant[] = [];
    for (const graceDays of GRACE_DAYS) {
      const key = await issueKey(database.url, { program: `model-${graceDays}`, name: 'model' });
      const door = createDoor(running.url, key);
      await door.publishProgram(modelProgram(graceDays));
      await untilTheLedgerKnows(door);
      tenants.push({ door, graceDays });
    }
    return { clock, tenants, stop: () => stopAll(running) };
  } catch (error) {
    await stopAll(running);
    throw error;
  }
}

/** Programs come to the ledger by their topic; a refusal is not remembered under its key. */
const untilTheLedgerKnows = ({ command }: Door): Promise<unknown> =>
  until(
    'the ledger knows the program',
    () => command('/v1/members/nobody/unfreeze', { reason: 'audit', actor: 'model' }, 'known'),
    ({ code }) => code !== 'not_found',
  );
