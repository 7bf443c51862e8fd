import { discardKept, rebuildBalances, rollbackRebuild, type Findings, type RebuildReport } from '@jifen/app-ledger';
import { compareRules, rebuildRules, type RulesFindings } from '@jifen/app-rules';
import { EXIT_FAILED, EXIT_OK, type Command } from '../command.ts';
import { memberAsked, partitionsOf, withPool } from '../logs.ts';
import { threadsFor, WORKERS_OPTION } from '../workers.ts';

const SHOWN = 20;

/** What a fold of the log gave, and how the live tables differ from it. */
export const findingLines = ({ events, rows, differing, differences, broken }: Findings): readonly string[] => [
  `${events} events give ${Object.entries(rows)
    .map(([table, count]) => `${count} rows of ${table}`)
    .join(' and ')}.`,
  differing === 0 ? 'The live tables are the same.' : `${differing} rows of the live tables differ from the log:`,
  ...differences.slice(0, SHOWN).map((difference) => `  ✗ ${JSON.stringify(difference)}`),
  ...broken.slice(0, SHOWN).map(({ account, detail }) => `  ✗ ${account} does not fold: ${detail}`),
];

const endOf = ({ swapped }: RebuildReport, kept: boolean): string => {
  if (!swapped) return 'Nothing was changed (--verify-only).';
  const end = 'The rebuilt tables are in place.';
  return kept ? `${end} The replaced ones are kept: jifen rebuild rollback returns to them.` : end;
};

const balances: Command = {
  name: 'rebuild balances',
  summary: 'Build all projections of the ledger anew beside the live tables, compare, swap; commands and reads go on',
  usage: '[--verify-only | --keep-old] [--workers <n>]',
  options: {
    'verify-only': { type: 'boolean', help: 'only compare; exit code 1 when rows differ' },
    'keep-old': { type: 'boolean', help: 'keep the replaced tables, to be able to roll back' },
    ...WORKERS_OPTION,
  },
  run: (invocation) =>
    withPool(invocation, async (pool) => {
      const verifyOnly = invocation.values['verify-only'] === true;
      const keepOld = invocation.values['keep-old'] === true;
      const progress = invocation.progress('Rebuilding');
      const report = await rebuildBalances({
        pool,
        ...(await threadsFor(invocation, pool, 'ledger')),
        verifyOnly,
        keepOld,
        onProgress: ({ position, of }) => progress(position, of),
      });
      invocation.answer(report, [...findingLines(report), endOf(report, keepOld)]);
      return verifyOnly && report.differing > 0 ? EXIT_FAILED : EXIT_OK;
    }),
};

/** The books of the rules, and which of them could not be looked at. */
export const rulesLines = (found: RulesFindings): readonly string[] => [
  ...findingLines(found),
  ...found.left.map((table) => `  ? ${table} was not compared: the log that it is made of is in another database`),
];

const rules: Command = {
  name: 'rebuild rules',
  summary:
    'Fold the rating log and put right what differs in the tables of the rules, member by member; commands and reads go on',
  usage: '[--verify-only] [--member <program>/<member>]',
  options: {
    'verify-only': { type: 'boolean', help: 'only compare; exit code 1 when rows differ' },
    member: { type: 'string', help: 'only the rows of this member; no budgets' },
  },
  run: (invocation) => {
    const member = memberAsked(invocation);
    return withPool(invocation, async (pool) => {
      if ((await partitionsOf(pool, 'rating')) === 0) throw new Error('there is no rating log in this database');
      const progress = invocation.progress('Folding rating');
      const options = {
        pool,
        ...(member === undefined ? {} : { member }),
        onProgress: ({ position, of }: { readonly position: number; readonly of: number }) => progress(position, of),
      };
      if (invocation.values['verify-only'] === true) {
        const found = await compareRules(options);
        invocation.answer(found, [...rulesLines(found), 'Nothing was changed (--verify-only).']);
        return found.differing + found.broken.length > 0 ? EXIT_FAILED : EXIT_OK;
      }
      const done = await rebuildRules(options);
      invocation.answer(done, [...rulesLines(done), `${done.replaced} rows were put right.`]);
      return done.broken.length > 0 ? EXIT_FAILED : EXIT_OK;
    });
  },
};

const rollback: Command = {
  name: 'rebuild rollback',
  summary: 'Return to the tables that the last rebuild replaced, caught up to now; commands and reads go on',
  usage: '',
  options: {},
  run: (invocation) =>
    withPool(invocation, async (pool) => {
      const report = await rollbackRebuild({ pool });
      invocation.answer(report, [
        `The previous tables are live again, with the ${report.events} events since.`,
        'The ones that they replaced are kept: the same command undoes this.',
      ]);
      return EXIT_OK;
    }),
};

const discard: Command = {
  name: 'rebuild discard',
  summary: 'Drop the tables kept by --keep-old',
  usage: '',
  options: {},
  run: (invocation) =>
    withPool(invocation, async (pool) => {
      const dropped = await discardKept({ pool });
      invocation.answer({ dropped }, [dropped ? 'The kept tables are dropped.' : 'No tables were kept.']);
      return EXIT_OK;
    }),
};

export const REBUILD_COMMANDS: readonly Command[] = [balances, rules, rollback, discard];
