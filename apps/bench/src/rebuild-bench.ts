import { compareBalances, discardKept, rebuildBalances, rollbackRebuild, type Findings } from '@jifen/app-ledger';
import { createClient, PROOF_PROGRAM, startSystem, untilReady, type System } from '@jifen/app-simulator';
import { createPool, verifyLog, type Threads } from '@jifen/event-store-postgres';
import { createKey } from '@jifen/service-host';
import type { Pool } from 'pg';
import { haveRead } from './due-lots.ts';
import { writeLedgerLog } from './ledger-log.ts';
import { cpuSeconds, ownCpuSeconds } from './machine.ts';
import { Shoppers } from './shoppers.ts';

export interface RebuildOptions {
  readonly events: number;
  /** Redemptions that go on meanwhile, each with a read of the balance after it. */
  readonly commandsPerSecond: number;
  /** Threads that walk, fold and compare; with 1 the process itself does, which then also makes the load. */
  readonly workers: number;
  readonly say: (line: string) => void;
}

/** One pass over the whole log. */
export interface Pass {
  readonly what: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** CPU seconds of this process, in which the pass runs, and of PostgreSQL. */
  readonly cpuNode: number;
  readonly cpuPostgres: number;
}

export interface RebuildResult {
  readonly events: number;
  readonly rows: number;
  readonly passes: readonly Pass[];
  /** While tables were rebuilt, swapped and swapped back. */
  readonly beside: { readonly commands: number; readonly p50: number; readonly p99: number; readonly worst: number };
  /** What is not as it must be; empty when nothing differed, no command was refused and no read was behind. */
  readonly wrong: readonly string[];
}

const PROGRAM = 'bench';
const SHOPPERS = 500;
const SHOWN = 3;

/** A log of so many events, verified, folded, rebuilt beside the live tables and rolled back, at last while commands go on. */
export async function measureRebuild({
  events,
  commandsPerSecond,
  workers,
  say,
}: RebuildOptions): Promise<RebuildResult> {
  const wrong: string[] = [];
  const onCrash = (name: string, code: number | null): void => void wrong.push(`${name} ended with ${code}`);
  const system = await startSystem({ shape: 'standalone', program: PROGRAM, onCrash });
  const { databaseUrl } = system;
  const pool = createPool(databaseUrl, { max: 4 });
  const common = { pool, ...(workers === 1 ? {} : { threads: { databaseUrl, count: workers } }) };
  try {
    await createClient(system.targets, system.key).publishProgram(PROOF_PROGRAM);
    const till = await createKey(pool, { program: PROGRAM, name: 'till', scopes: ['points:spend'] });
    const written = await prepare(system, common, events, say);
    const passes: Pass[] = [];
    const pass = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      say(what);
      const postgres = system.pids()['postgres'] ?? 0;
      const before = { at: performance.now(), node: ownCpuSeconds(), postgres: cpuSeconds(postgres) };
      const result = await work();
      const seconds = (performance.now() - before.at) / 1_000;
      passes.push({
        what,
        seconds: rounded(seconds),
        eventsPerSecond: Math.round(written / seconds),
        cpuNode: rounded(ownCpuSeconds() - before.node),
        cpuPostgres: rounded(cpuSeconds(postgres) - before.postgres),
      });
      return result;
    };
    const onProgress = progressOf(say);
    const sound = (what: string, { differing, broken, differences }: Findings): void => {
      if (differing + broken.length === 0) return;
      wrong.push(`${what}: ${differing} rows differ, ${broken.length} accounts do not fold`);
      wrong.push(...[...differences, ...broken].slice(0, SHOWN).map((each) => JSON.stringify(each)));
    };

    const chain = await pass('hash chain', () => verifyLog({ ...common, schema: 'ledger', log: 'ledger' }));
    if (!chain.ok) wrong.push(`the chain breaks: ${JSON.stringify(chain.broken)}`);
    sound(
      'tables against the log',
      await pass('tables against the log', () => compareBalances({ ...common, onProgress })),
    );
    const alone = await pass('rebuild, alone', () => rebuildBalances({ ...common, onProgress }));
    sound('rebuild, alone', alone);

    const [, standalone] = system.parts;
    await standalone?.start();
    await untilReady(system.urls[0] ?? '');
    const shoppers = await Shoppers.open({ system, till: till.key, count: SHOPPERS });
    const going = shoppers.go(commandsPerSecond);
    sound(
      'beside',
      await pass('rebuild, beside commands', () => rebuildBalances({ ...common, keepOld: true, onProgress })),
    );
    await pass('rollback, beside commands', () => rollbackRebuild({ pool }));
    shoppers.stop();
    await going;
    wrong.push(...(await shoppers.wrong()));
    sound('in the end', await compareBalances(common));
    await discardKept({ pool });
    const rows = Object.values(alone.rows).reduce((sum, each) => sum + each, 0);
    return { events: written, rows, passes, beside: shoppers.figures(), wrong };
  } finally {
    await pool.end();
    await system.stop();
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The log is written and the tables are filled from it while no service runs, and those who follow it have read it. */
async function prepare(
  system: System,
  common: { readonly pool: Pool; readonly threads?: Threads },
  events: number,
  say: (line: string) => void,
): Promise<number> {
  await system.parts[1]?.stop();
  const written = await writeLedgerLog({ databaseUrl: system.databaseUrl, program: PROGRAM, events, say });
  for (const schema of ['tiering', 'notifications']) await common.pool.query(haveRead(schema));
  say(`${written} events are in the log; the tables are filled from it`);
  await rebuildBalances(common);
  return written;
}

const SAY_MS = 10_000;

function progressOf(say: (line: string) => void): (at: { readonly position: number; readonly of: number }) => void {
  let said = performance.now();
  return ({ position, of }) => {
    if (performance.now() - said < SAY_MS) return;
    said = performance.now();
    say(`  ${position} of ${of} events`);
  };
}
