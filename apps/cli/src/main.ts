import { errorText } from '@jifen/kernel';
import { COMMANDS } from './commands/index.ts';
import { EXIT_FAILED } from './command.ts';
import { run } from './run.ts';

try {
  process.exitCode = await run(COMMANDS, process.argv.slice(2), {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  });
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = EXIT_FAILED;
}
