import { readAudit } from '@jifen/app-ledger';
import { EXIT_FAILED, EXIT_OK, type Command } from '../command.ts';
import { withPool } from '../logs.ts';

const SHOWN = 20;

export const AUDIT: Command = {
  name: 'audit',
  summary: 'What the continuous audit of the ledger has found; exit code 1 when anything',
  usage: '',
  options: {},
  run: (invocation) =>
    withPool(invocation, async (pool) => {
      const report = await readAudit(pool);
      const { accounts, rounds, roundFinishedAt, findings } = report;
      invocation.answer(report, [
        `${accounts} accounts audited in ${rounds} whole rounds, the last one finished ${roundFinishedAt ?? 'never'}.`,
        findings.length === 0 ? 'The tables agree with the log.' : `${findings.length} rows do not agree with the log:`,
        ...findings.slice(0, SHOWN).map((each) => `  ✗ ${each.account} ${each.table} ${each.row} ${each.detail}`),
      ]);
      return findings.length === 0 ? EXIT_OK : EXIT_FAILED;
    }),
};
