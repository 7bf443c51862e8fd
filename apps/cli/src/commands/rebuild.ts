import { rebuildBalances, type RebuildReport } from '@jifen/app-ledger';
import { createPool } from '@jifen/event-store-postgres';
import { EXIT_FAILED, EXIT_OK, type Command } from '../command.ts';

const SHOWN = 20;

const linesOf = (report: RebuildReport): readonly string[] => [
  `${report.events} events give ${report.accounts} accounts and ${report.lots} lots.`,
  report.differing === 0
    ? 'The live balances are the same.'
    : `${report.differing} rows of the live balances differ from the log:`,
  ...report.differences.slice(0, SHOWN).map((difference) => `  ${JSON.stringify(difference)}`),
  report.swapped ? 'The rebuilt balances are in place.' : 'Nothing was changed (--verify-only).',
];

export const REBUILD: Command = {
  name: 'rebuild balances',
  summary: 'Build the balances anew from the log beside the live ones, compare, swap; writes go on',
  usage: '[--verify-only]',
  options: { 'verify-only': { type: 'boolean', help: 'only compare' } },
  run: async (invocation) => {
    const verifyOnly = invocation.values['verify-only'] === true;
    const pool = createPool(await invocation.databaseUrl(), { max: 4, applicationName: 'jifen-rebuild' });
    const progress = invocation.progress('Rebuilding');
    try {
      const onProgress = ({ position, of }: { readonly position: number; readonly of: number }) =>
        progress(position, of);
      const report = await rebuildBalances({ pool, verifyOnly, onProgress });
      invocation.answer(report, linesOf(report));
      return verifyOnly && report.differing > 0 ? EXIT_FAILED : EXIT_OK;
    } finally {
      await pool.end();
    }
  },
};
