import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readDocumentText, type DocumentText } from '@jifen/app-rules';
import { validateProgramTest, type ProgramTest, type Violation } from '@jifen/contracts';
import { validateProgram } from '@jifen/rules';
import { UsageError } from '../command.ts';

const MAX_FILE_BYTES = 5_000_000;
const MAX_FILES = 2_000;
const TEST_FILE = /\.program-test\.(ya?ml|json)$/;
const PROGRAM_ENDINGS = ['.yaml', '.yml', '.json'];

/** Something wrong in a file, at a place that an editor can jump to. */
export interface FileFault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string;
  readonly message: string;
}

export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly FileFault[] };

export const faultLine = ({ file, line, column, pointer, message }: FileFault): string =>
  `${file}:${line}:${column}: ${pointer === '' ? '' : `${pointer} `}${message}`;

async function readText(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`no such file: ${file}`);
  if (found.size > MAX_FILE_BYTES) throw new UsageError(`${file} is longer than ${MAX_FILE_BYTES} bytes`);
  return readFile(file, 'utf8');
}

/** YAML or JSON. */
export async function readDocument(
  file: string,
): Promise<Read<{ readonly value: unknown; readonly text: Extract<DocumentText, { ok: true }> }>> {
  const text = readDocumentText(await readText(file));
  if (text.ok) return { ok: true, value: { value: text.value, text } };
  return { ok: false, faults: text.faults.map((fault) => ({ file, pointer: '', ...fault })) };
}

export const located = (
  file: string,
  text: Extract<DocumentText, { ok: true }>,
  violations: readonly Violation[],
): readonly FileFault[] => violations.map((each) => ({ file, ...text.place(each.pointer), ...each }));

/** A program that could be published. */
export async function readProgram(file: string): Promise<Read<object>> {
  const read = await readDocument(file);
  if (!read.ok) return read;
  const { value, text } = read.value;
  const validation = validateProgram(value);
  if (validation.ok) return { ok: true, value: validation.document };
  return { ok: false, faults: located(file, text, validation.violations) };
}

export interface TestFile {
  readonly file: string;
  readonly test: ProgramTest;
  readonly text: Extract<DocumentText, { ok: true }>;
  readonly program: string;
}

export async function readTestFile(file: string): Promise<Read<TestFile>> {
  const read = await readDocument(file);
  if (!read.ok) return read;
  const { value, text } = read.value;
  const validation = validateProgramTest(value);
  if (!validation.ok) return { ok: false, faults: located(file, text, validation.violations) };
  const test = validation.value;
  return { ok: true, value: { file, test, text, program: await programOf(file, test) } };
}

async function programOf(file: string, { program }: ProgramTest): Promise<string> {
  if (program !== undefined) return resolve(dirname(file), program);
  const base = file.replace(TEST_FILE, '');
  for (const ending of PROGRAM_ENDINGS) {
    const found = await stat(base + ending).catch(() => undefined);
    if (found?.isFile() === true) return base + ending;
  }
  throw new UsageError(`${file} names no program, and there is no ${base}.yaml, .yml or .json`);
}

/** The test files among paths: files as they are, folders by what lies below them. */
export async function testFilesOf(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new UsageError(`no such file or folder: ${path}`);
    if (found.isFile()) files.push(path);
    else files.push(...(await below(path)));
  }
  if (files.length === 0) throw new UsageError('no *.program-test.yaml there');
  return files;
}

async function below(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && TEST_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
  if (files.length > MAX_FILES) throw new UsageError(`${folder} has more than ${MAX_FILES} test files`);
  return files.sort();
}
