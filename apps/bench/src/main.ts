import { HELP, readArguments, UsageError, type Settings } from './arguments.ts';
import { BENCHES } from './benches.ts';
import { machine } from './machine.ts';
import { resultText } from './result.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const say = (line: string): void => console.error(line);

async function run(settings: Settings): Promise<void> {
  const where = machine();
  say(`${where.cpu}, ${where.cores} cores, ${where.memoryGiB} GiB, ${where.os}, load ${where.loadBefore}`);
  const result = await BENCHES[settings.bench](settings, say);
  console.log(resultText(where, new Date(), result, settings.json));
  if (result.fine === false) process.exitCode = EXIT_FAILED;
}

try {
  const settings = readArguments(process.argv.slice(2));
  if (settings.help) console.log(HELP);
  else await run(settings);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\nTry --help.`);
  process.exitCode = EXIT_USAGE;
}
