import { readText, typeScriptFiles } from './workspace.ts';

const MAX_LINES = 400;

/** What no file may say, with the reason. Written in pieces, so that this file does not say it either. */
const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['the type any', new RegExp(String.raw`(?:: |<|\bas )` + String.raw`any(?=[;,>)\[\]}=|&]| [=|&]|$)`, 'm')],
  ['a cast through unknown', new RegExp('as unknown ' + 'as ')],
  ['a silenced compiler', new RegExp('@ts-' + '(ignore|nocheck|expect-error)')],
  ['an unfinished note', new RegExp(String.raw`\b(TO` + 'DO|FIX' + String.raw`ME)\b`)],
  ['a test left out or alone', new RegExp(String.raw`\b(describe|it|test)\.` + String.raw`(skip|only|todo)\(`)],
  ['a machine path', new RegExp('/(work|home|Users)' + '/')],
];

/** The one place that registers a skipped test on purpose, with the reason. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'libs/testing/src/left-out.ts': ['a test left out or alone'],
};

/** Files that may give a problem to somebody. */
const saysCodes = (path: string): boolean => !/\.spec\.ts$|^libs\/(contracts|api-client)\//.test(path);

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/ .*$/gm, '');

describe('every source file', () => {
  const files = typeScriptFiles();

  it(`has at most ${MAX_LINES} lines`, () => {
    // What is generated from a schema is as long as the schema.
    const generated = /^libs\/(contracts\/src\/[^/]+\/type|api-client\/src\/api)\.ts$/;
    const written = files.filter((path) => !generated.test(path));
    const long = written.filter((path) => readText(path).split('\n').length > MAX_LINES + 1);
    expect(long).toEqual([]);
  });

  it.each(FORBIDDEN)('has no %s', (what, pattern) => {
    const bad = files.filter((path) => {
      if (EXCEPTIONS[path]?.includes(what) === true) return false;
      const text = readText(path);
      return pattern.test(what === 'an unfinished note' ? text : withoutComments(text));
    });
    expect(bad).toEqual([]);
  });

  it('is named in kebab-case', () => {
    const odd = files.filter((path) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*\.ts$/.test(path.split('/').at(-1) ?? ''));
    expect(odd).toEqual([]);
  });

  it('belongs to a library that is not a drawer', () => {
    expect(files.filter((path) => /\/(utils?|common|shared|helpers)(\/|\.ts)/.test(path))).toEqual([]);
  });
});

describe('every problem code', () => {
  it('is said somewhere: one that nobody gets needs no words', () => {
    const [list = '', ...rest] = ['libs/contracts/src/problem.ts', ...typeScriptFiles().filter(saysCodes)].map(
      readText,
    );
    const codes = [...list.matchAll(/^  (\w+): \{ status:/gm)].map(([, code = '']) => code);
    expect(codes.length).toBeGreaterThan(40);
    const said = rest.join('\n');
    expect(codes.filter((code) => !said.includes(`'${code}'`))).toEqual([]);
  });
});
