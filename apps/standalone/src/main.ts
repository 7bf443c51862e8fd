import { HELP, readArguments, UsageError } from './arguments.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

// Whoever reads may have read enough, as `head` has: what is running goes on, and tells the rest on standard error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** Each loads only what it needs. */
async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2), process.env);
  switch (args.mode) {
    case 'help':
      process.stdout.write(`${HELP}\n`);
      return;
    case 'doctor':
      process.exitCode = await (await import('./doctor/run.ts')).runDoctor(args);
      return;
    case 'services':
      return (await import('./run-services.ts')).runServices(args);
    case 'standalone':
      return (await import('./run-standalone.ts')).runStandalone(args);
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nTry --help.\n`);
    process.exit(EXIT_USAGE);
  }
  const { faultText } = await import('@jifen/service-host');
  process.stderr.write(`${faultText(error)}\n`);
  process.exit(EXIT_FAILED);
}
