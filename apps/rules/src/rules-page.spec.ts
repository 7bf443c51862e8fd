import { validateProgramTest } from '@jifen/contracts';
import { validateProgram } from '@jifen/rules';
import { readFileSync } from 'node:fs';
import { readDocumentText } from './adapters/document-text.ts';
import { runProgramTest } from './application/program-test/run.ts';
import { PLAIN_PROGRAM } from './testing/program.ts';

const BLOCK = /^```yaml\n(.*?)^```$/gms;
const FRAME = {
  ...PLAIN_PROGRAM,
};

const read = (text: string): object => {
  const document = readDocumentText(text);
  if (!document.ok || typeof document.value !== 'object' || document.value === null) throw new Error(text);
  return document.value;
};

/** Every example of a page with the cases that follow it. */
function examplesOf(page: string): readonly (readonly [rules: string, cases: string])[] {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(BLOCK)].map(([, block = '']) => block);
  return blocks.flatMap((block, index) => (index % 2 === 0 ? [[block, blocks[index + 1] ?? ''] as const] : []));
}

describe.each(['rules.md', 'rules.zh-CN.md'])('the examples of %s', (page) => {
  const examples = examplesOf(page);

  it.each(examples.map(([rules, cases], index) => [index + 1, rules, cases] as const))(
    'number %d does what it says',
    async (_, rules, cases) => {
      const validation = validateProgram({ ...FRAME, ...read(rules) });
      if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
      const test = validateProgramTest(read(cases));
      if (!test.ok) throw new Error(JSON.stringify(test.violations));
      const failed = (await runProgramTest(validation.document, test.value)).filter(({ passed }) => !passed);
      expect(failed).toEqual([]);
    },
  );

  it('are those of the other page', () => {
    expect(examples).toEqual(examplesOf('rules.md'));
    expect(examples.length).toBeGreaterThan(10);
  });
});
