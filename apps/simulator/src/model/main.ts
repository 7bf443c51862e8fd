import { parseArgs } from 'node:util';
import { compareLedgers, type Outcome } from './commands.ts';
import { compareOverHttp } from './http/run.ts';

const HELP = `test:model drives the deciders of the ledger and a naive, separate reference ledger with the same random commands, and compares
every answer, balance and lot. Then it drives a running system with the same commands over HTTP: the answers as it goes, and balances,
lots and statements at the end.

  --commands N   random commands for the deciders (default 1000000)
  --http N       random commands through the API of a running system (default 5000; 0 leaves it out)
  --seed S       first seed (default: by the clock)
`;
const PROGRESS_EVERY_MS = 5_000;
const DECIDERS = 'of the deciders';
const SYSTEM = 'over HTTP';

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '1000000' },
    http: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const whole = (text: string, least: number): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${text} is no whole number of at least ${least}`);
};

interface Wanted {
  readonly commands: number;
  readonly http: number;
  readonly seed: number;
}

function wanted(): Wanted | undefined {
  try {
    return {
      commands: whole(values.commands, 0),
      http: whole(values.http, 0),
      seed: whole(values.seed ?? String(Date.now() % 1_000_000_000), 0),
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

function sayProgress(what: string, of: number): (done: number) => void {
  let shown = Date.now();
  return (done) => {
    if (Date.now() - shown < PROGRESS_EVERY_MS) return;
    shown = Date.now();
    console.log(`${done}/${of} commands ${what}`);
  };
}

function sayOutcome(what: string, { commands, answers, difference }: Outcome): void {
  const counts = [...answers].sort(([, a], [, b]) => b - a);
  console.log(`${commands} commands ${what}: ${counts.map(([answer, count]) => `${answer} ${count}`).join(', ')}`);
  if (difference !== undefined) console.log(difference);
}

async function main({ commands, http, seed }: Wanted): Promise<void> {
  console.log(`seed ${seed}`);
  const outcomes: Outcome[] = [];
  if (commands > 0) {
    const pure = compareLedgers(commands, seed, sayProgress(DECIDERS, commands));
    sayOutcome(DECIDERS, pure);
    outcomes.push(pure);
  }
  if (http > 0) {
    const whole = await compareOverHttp(http, seed, sayProgress(SYSTEM, http));
    sayOutcome(SYSTEM, whole);
    outcomes.push(whole);
  }
  const differences = outcomes.filter(({ difference }) => difference !== undefined).length;
  console.log(`${outcomes.reduce((sum, each) => sum + each.commands, 0)} commands, ${differences} differences`);
  process.exitCode = differences === 0 ? 0 : 1;
}

if (values.help) console.log(HELP);
else {
  const options = wanted();
  if (options === undefined) process.exitCode = 2;
  else await main(options);
}
