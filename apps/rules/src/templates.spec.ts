import { validateProgramTest } from '@jifen/contracts';
import { validateProgram } from '@jifen/rules';
import { readdirSync, readFileSync } from 'node:fs';
import { readDocumentText } from './adapters/document-text.ts';
import { runProgramTest } from './application/program-test/run.ts';

const folder = new URL('../../../programs/templates/', import.meta.url);
const TEST = '.program-test.yaml';
const files = readdirSync(folder);
const templates = files.filter((file) => file.endsWith('.yaml') && !file.endsWith(TEST));

function read(file: string): unknown {
  const text = readDocumentText(readFileSync(new URL(file, folder), 'utf8'));
  if (!text.ok) throw new Error(JSON.stringify(text.faults));
  return text.value;
}

describe.each(templates)('the template %s', (file) => {
  it('is a program whose cases pass, in any order of arrival', async () => {
    const validation = validateProgram(read(file));
    if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
    const { document } = validation;
    expect(document.rules.every(({ name }) => name !== undefined)).toBe(true);
    const test = validateProgramTest(read(file.replace('.yaml', TEST)));
    if (!test.ok) throw new Error(JSON.stringify(test.violations));
    const failed = (await runProgramTest(document, test.value)).filter(({ passed }) => !passed);
    expect(failed).toEqual([]);
  });
});

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `e${String(from + index).padStart(2, '0')}`);

it.each([...range(1, 30), 'e32', ...range(34, 36), 'c01', 'c02', 'c07', 't01', 'v06'])(
  'there is a template for %s',
  (item) => expect(templates.some((file) => file.startsWith(`${item}-`))).toBe(true),
);
