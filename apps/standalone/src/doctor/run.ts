import type { Arguments } from '../arguments.ts';
import { account, broker, database, disk, memory, nodeVersion, npmVersion, port, type Finding } from './checks.ts';

const SIGNS: Readonly<Record<Finding['state'], string>> = { ok: '✓', warning: '!', failed: '✗' };

/** The exit code: 0 when nothing stands in the way of a start. */
export async function runDoctor(args: Pick<Arguments, 'port' | 'dataDir' | 'json'>): Promise<number> {
  const findings: readonly Finding[] = [
    nodeVersion(),
    await npmVersion(),
    await port(args.port),
    await disk(args.dataDir),
    memory(),
    account(),
    await database(process.env['DATABASE_URL']),
    await broker(),
  ];
  const lines = findings.map(({ check, state, detail }) => `  ${SIGNS[state]} ${check.padEnd(10)}${detail}`);
  process.stdout.write(`${args.json ? JSON.stringify(findings) : lines.join('\n')}\n`);
  return findings.some(({ state }) => state === 'failed') ? 1 : 0;
}
