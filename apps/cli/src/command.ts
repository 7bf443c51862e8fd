/** How a command was called and how it answers. */
export interface Invocation {
  /** Options by name; every option takes a text but those declared as flags. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  readonly json: boolean;
  /** The owner's URL of the database: asked for by commands that need one. */
  readonly databaseUrl: () => Promise<string>;
  readonly dataDir: string;
  /** The answer: the value with `--json`, else the lines. */
  answer(value: unknown, lines: readonly string[]): void;
  /** Long work: done of total. */
  progress(label: string): (done: number, total: number) => void;
}

export interface Command {
  /** One or two words. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name. */
  readonly usage: string;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly help: string }>>;
  /** How many words follow the name: `some` is one or more, `any` none or more. */
  readonly positionals?: number | 'some' | 'any';
  /** The exit code. */
  run(invocation: Invocation): Promise<number>;
}

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The text of a required option. */
export function required(invocation: Invocation, name: string): string {
  const value = invocation.values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new UsageError(`--${name} is required`);
}

export const optional = (invocation: Invocation, name: string): string | undefined => {
  const value = invocation.values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What others wrote may hold the commands of a terminal, or ends of lines. */
const printable = (cell: string): string => cell.replaceAll(/\p{Cc}/gu, '\uFFFD');

/** Columns as wide as their widest cell. */
export function table(header: readonly string[], cells: readonly (readonly string[])[]): readonly string[] {
  const rows = cells.map((row) => row.map(printable));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
