import { runProgramTest, type CaseReport, type Mismatch } from '@jifen/app-rules';
import { EXIT_FAILED, EXIT_OK, optional, UsageError, type Command } from '../command.ts';
import { faultLine, readProgram, readTestFile, testFilesOf, type FileFault } from './files.ts';

type Language = 'en' | 'zh';

interface FileReport {
  readonly file: string;
  readonly faults: readonly FileFault[];
  readonly cases: readonly CaseReport[];
}

const LANGUAGES: readonly string[] = ['en', 'zh'];
const isLanguage = (text: string): text is Language => LANGUAGES.includes(text);

export const TEST: Command = {
  name: 'program test',
  summary: 'Run *.program-test.yaml files: what members earn must be what the cases expect',
  usage: '<file or folder>… [--program <file>] [--language en|zh]',
  options: {
    program: { type: 'string', help: 'run the cases under this program instead of the one that they name' },
    language: { type: 'string', help: 'of the explanations: en (default) or zh' },
  },
  positionals: 'some',
  run: async (invocation) => {
    const language = optional(invocation, 'language') ?? 'en';
    if (!isLanguage(language)) throw new UsageError('--language is en or zh');
    const reports: FileReport[] = [];
    for (const file of await testFilesOf(invocation.positionals)) {
      reports.push(await runFile(file, optional(invocation, 'program')));
    }
    const cases = reports.flatMap((report) => report.cases);
    const failed = cases.filter(({ passed }) => !passed).length;
    const broken = reports.filter(({ faults }) => faults.length > 0).length;
    const end = `${cases.length - failed} of ${cases.length} cases pass${broken === 0 ? '' : `, ${broken} files cannot be read`}`;
    const passed = failed === 0 && broken === 0;
    invocation.answer({ passed, files: reports }, [...reports.flatMap((each) => linesOf(each, language)), end]);
    return passed ? EXIT_OK : EXIT_FAILED;
  },
};

async function runFile(file: string, program: string | undefined): Promise<FileReport> {
  const read = await readTestFile(file);
  if (!read.ok) return { file, faults: read.faults, cases: [] };
  const { test, text } = read.value;
  const document = await readProgram(program ?? read.value.program);
  if (!document.ok) return { file, faults: document.faults, cases: [] };
  const cases = await runProgramTest(document.value, test);
  const faults = cases.flatMap(({ violations }) => violations);
  return { file, faults: faults.map((each) => ({ file, ...text.place(each.pointer), ...each })), cases };
}

function linesOf({ file, faults, cases }: FileReport, language: Language): readonly string[] {
  const results = cases.flatMap((each) => [
    `  ${each.passed ? '✓' : '✗'} ${each.name[language]}`,
    ...each.mismatches.flatMap((mismatch) => mismatchLines(mismatch, language)),
    ...(each.dependsOnArrival === undefined ? [] : [arrivalLine(each.dependsOnArrival, language)]),
  ]);
  return [file, ...faults.map(faultLine), ...results];
}

function mismatchLines({ member, what, of, expected, actual, because }: Mismatch, language: Language): string[] {
  const head = `      ${member} ${what} ${of}:`;
  return [
    head,
    `        - ${language === 'en' ? 'expected' : '期望'} ${expected}`,
    `        + ${language === 'en' ? 'is' : '实际'} ${actual}`,
    ...because[language].map((sentence) => `          ${sentence}`),
  ];
}

const arrivalLine = (arrival: string, language: Language): string =>
  language === 'en'
    ? `      the totals are others when it arrives ${arrival.replace('-', ' and ')}`
    : `      以其他顺序到达（${arrival}）时合计不同`;
