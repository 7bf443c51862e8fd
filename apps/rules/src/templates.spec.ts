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

it.each([
  'e01',
  'e02',
  'e03',
  'e04',
  'e06',
  'e07',
  'e09',
  'e10',
  'e11',
  'e12',
  'e13',
  'e14',
  'e16',
  'e17',
  'e18',
  'e19',
])('there is a template for %s', (item) => expect(templates.some((file) => file.startsWith(`${item}-`))).toBe(true));

it.each([
  'c01',
  'c02',
  'c07',
  'e15',
  'e20',
  'e21',
  'e22',
  'e23',
  'e26',
  'e28',
  'e29',
  'e30',
  'e32',
  'e34',
  'e35',
  'e36',
  't01',
  'v06',
])('there is a template for %s', (item) => expect(templates.some((file) => file.startsWith(`${item}-`))).toBe(true));
