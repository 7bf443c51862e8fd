import { parseArgs } from 'node:util';
import { compareLedgers } from './commands.ts';

const HELP = `test:model drives the deciders of the ledger and a naive, separate reference ledger with the same random commands, and compares
every answer, balance and lot.

  --commands N   random commands (default 1000000)
  --seed S       first seed (default: by the clock)
`;
const PROGRESS_EVERY_MS = 5_000;

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function main(): void {
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const wanted = Number(values.commands);
  if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
    console.error('--commands and --seed are whole numbers, --commands at least 1');
    process.exitCode = 2;
    return;
  }
  console.log(`seed ${seed}`);
  let shown = Date.now();
  const { commands, answers, difference } = compareLedgers(wanted, seed, (done) => {
    if (Date.now() - shown < PROGRESS_EVERY_MS) return;
    shown = Date.now();
    console.log(`${done}/${wanted} commands`);
  });
  const counts = [...answers].sort(([, a], [, b]) => b - a);
  console.log(counts.map(([answer, count]) => `${answer} ${count}`).join(', '));
  if (difference !== undefined) console.log(difference);
  console.log(`${commands} commands, ${difference === undefined ? 0 : 1} differences`);
  process.exitCode = difference === undefined ? 0 : 1;
}

if (values.help) console.log(HELP);
else main();
