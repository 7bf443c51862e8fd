import { ConfigError } from '@jifen/service-host';
import { HELP, readArguments, UsageError } from './arguments.ts';
import { DataDirectoryError } from './data-directory.ts';
import { runDoctor } from './doctor/run.ts';
import { runServices } from './run-services.ts';
import { runStandalone } from './run-standalone.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2), process.env);
  switch (args.mode) {
    case 'help':
      process.stdout.write(`${HELP}\n`);
      return;
    case 'doctor':
      process.exitCode = await runDoctor(args);
      return;
    case 'services':
      return runServices(args);
    case 'standalone':
      return runStandalone(args);
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nTry --help.\n`);
    process.exit(EXIT_USAGE);
  }
  const known = error instanceof ConfigError || error instanceof DataDirectoryError;
  const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(EXIT_FAILED);
}
