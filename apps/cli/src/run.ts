import { parseArgs } from 'node:util';
import { progressBar } from '@jifen/app-standalone';
import { errorText } from '@jifen/kernel';
import { EXIT_OK, EXIT_USAGE, UsageError, type Command } from './command.ts';
import { connect, type Connection } from './connection.ts';

const COMMON = {
  json: { type: 'boolean', help: 'the answer as JSON' },
  help: { type: 'boolean', help: 'this text' },
  progress: { type: 'boolean', help: 'how far long work is, on standard error, also with --json' },
  'data-dir': { type: 'string', help: 'data directory of npm start (default .jifen)' },
  'database-url': { type: 'string', help: 'PostgreSQL to work on (default DATABASE_URL, else the data directory)' },
} as const;

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

const optionLines = (options: Command['options']): readonly string[] =>
  Object.entries(options).map(
    ([name, { type, help }]) => `  --${`${name}${type === 'string' ? ' <…>' : ''}`.padEnd(22)}${help}`,
  );

function helpOf(command: Command): string {
  const head = [`Usage: jifen ${command.name} ${command.usage}`.trimEnd(), '', command.summary, ''];
  return [...head, ...optionLines(command.options), ...optionLines(COMMON)].join('\n');
}

function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(20)}${summary}`);
  return ['Usage: jifen <command> [options]', '', ...lines, '', 'jifen <command> --help tells more.'].join('\n');
}

function find(commands: readonly Command[], args: readonly string[]) {
  const words = args.filter((arg) => !arg.startsWith('-'));
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined && args.slice(0, length).join(' ') === name) return { command, rest: args.slice(length) };
  }
  return undefined;
}

/** The exit code. */
export async function run(commands: readonly Command[], args: readonly string[], output: Output): Promise<number> {
  const found = find(commands, args);
  if (found === undefined) {
    const asked = args.length === 0 || args.includes('--help') || args.includes('-h') || args[0] === 'help';
    const ofGroup = commands.filter(({ name }) => name.startsWith(`${args[0]} `));
    const text = overview(ofGroup.length === 0 ? commands : ofGroup);
    if (asked) output.out(text);
    else output.err(`no such command: ${args.join(' ')}\n\n${text}`);
    return asked ? EXIT_OK : EXIT_USAGE;
  }
  try {
    return await runCommand(found.command, found.rest, output);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.err(`${error.message}\n\n${helpOf(found.command)}`);
    return EXIT_USAGE;
  }
}

async function runCommand(command: Command, rest: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(command, rest);
  if (values['help'] === true) {
    output.out(helpOf(command));
    return EXIT_OK;
  }
  if (!fits(positionals.length, command.positionals ?? 0))
    throw new UsageError(`expected: ${command.name} ${command.usage}`);
  const json = values['json'] === true;
  const dataDir = typeof values['data-dir'] === 'string' ? values['data-dir'] : '.jifen';
  const given = typeof values['database-url'] === 'string' ? values['database-url'] : undefined;
  let connection: Connection | undefined;
  try {
    return await command.run({
      values,
      positionals,
      json,
      dataDir,
      databaseUrl: async () => {
        connection ??= await connect(given, dataDir);
        return connection.url;
      },
      answer: (value, lines) => output.out(json ? JSON.stringify(value) : lines.join('\n')),
      progress: (label) => progressBar(label, { quiet: json && values['progress'] !== true }),
    });
  } finally {
    await connection?.close();
  }
}

const fits = (given: number, wanted: number | 'some' | 'any'): boolean =>
  typeof wanted === 'number' ? given === wanted : wanted === 'any' || given > 0;

function parse(command: Command, rest: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...COMMON }).map(([name, { type }]) => [name, { type }]),
  );
  try {
    return parseArgs({ args: [...rest], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}
