import { errorText } from '@jifen/kernel';
import { COMMANDS } from './commands/index.ts';
import { EXIT_FAILED } from './command.ts';
import { run } from './run.ts';

// Whoever reads may have read enough, as `head` has: the rest is for nobody, and unfinished.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`${errorText(error)}\n`);
  process.exit(EXIT_FAILED);
});

try {
  process.exitCode = await run(COMMANDS, process.argv.slice(2), {
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  });
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = EXIT_FAILED;
}
