import { parseArgs } from 'node:util';
import { SHAPES } from '../faults/system.ts';
import { orderIndependent } from './pure.ts';
import { wholePath } from './whole.ts';
import { windowsIndependent } from './windows/run.ts';

const HELP = `test:order shows that any permutation, duplication and interleaving of order revisions, refunds and cancellations
gives the same balances and awards, and the ones of an independent model.

  --cases N    random cases through the pure deciders, against a model (default 10000)
  --programs N random programs of limits, streaks, win-backs and targets through the rules service on memory, against a
               slow evaluator of the whole history (default a fortieth of the cases: they take longer)
  --whole N    random cases through a whole running system (default 200; 0 leaves it out)
  --shape S    standalone, processes or services (default standalone)
  --seed N     first seed (default: by the clock)
`;
const PROGRESS_EVERY = 2_000;
const PROGRAMS_PROGRESS_EVERY = 200;
const PURE_CASES_PER_PROGRAM = 40;
const MAX_SHOWN = 10;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    programs: { type: 'string' },
    whole: { type: 'string', default: '200' },
    shape: { type: 'string', default: 'standalone' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const cases = Number(values.cases);
  const programs = Number(values.programs ?? Math.ceil(cases / PURE_CASES_PER_PROGRAM));
  const whole = Number(values.whole);
  const shape = SHAPES.find((each) => each === values.shape);
  if (shape === undefined) {
    console.error(`--shape must be one of ${SHAPES.join(', ')}, not '${values.shape}'`);
    process.exit(2);
  }
  console.log(`seed ${seed}`);
  const wrong: string[] = [];
  for (let index = 0; index < cases; index++) {
    const difference = orderIndependent(seed + index);
    if (difference !== undefined) wrong.push(difference);
    if ((index + 1) % PROGRESS_EVERY === 0)
      console.log(`${index + 1}/${cases} pure cases, ${wrong.length} differences`);
  }
  for (let index = 0; index < programs; index++) {
    const difference = await windowsIndependent(seed + index);
    if (difference !== undefined) wrong.push(difference);
    if ((index + 1) % PROGRAMS_PROGRESS_EVERY === 0)
      console.log(`${index + 1}/${programs} programs with windows, ${wrong.length} differences`);
  }
  if (whole > 0) {
    const answer = await wholePath(shape, whole, seed, (line) => console.log(line));
    console.log(`${answer.cases} cases through the whole path (${shape}), ${answer.wrong.length} differences`);
    wrong.push(...answer.wrong.map((member) => `whole path: ${member}`));
  }
  for (const line of wrong.slice(0, MAX_SHOWN)) console.log(line);
  console.log(`${cases + programs + whole} cases, ${wrong.length} differences`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (values.help) console.log(HELP);
else await main();
