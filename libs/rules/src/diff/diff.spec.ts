import fc from 'fast-check';
import { document, SIGN_UP, SPEND, TIER_BONUS } from '../examples.ts';
import { diffLines } from './diff-lines.ts';
import { diffPrograms, isSame } from './diff-programs.ts';

const before = document([SPEND, SIGN_UP]);

describe('N14, Q27: what changed between two programs', () => {
  it('is told by rule id', () => {
    const after = document([{ ...SPEND, earn: { form: 'rate', points: '2', per: '1.00' } }, TIER_BONUS]);
    expect(diffPrograms(before, after)).toEqual({
      rules: {
        added: ['tier-bonus'],
        removed: ['sign-up'],
        changed: [{ rule: 'spend', fields: [{ path: '/earn/points', before: '1', after: '2' }] }],
        reordered: false,
      },
      settings: [],
    });
  });

  it.each<[string, unknown, unknown, object]>([
    [
      'a tier by its code',
      before,
      gold('20000'),
      { path: '/ladder/tiers/silver/threshold', before: 5000, after: 20000 },
    ],
    ['a new field', { a: 1 }, { a: 1, b: [1] }, { path: '/b', after: [1] }],
    ['a field that is gone', { a: 1, b: [1] }, { a: 1 }, { path: '/b', before: [1] }],
    ['a list without ids', { a: [1, 2] }, { a: [2] }, { path: '/a', before: [1, 2], after: [2] }],
    ['an item of a list that was empty', { a: [] }, { a: [{ id: 'x' }] }, { path: '/a/x', after: { id: 'x' } }],
  ])('names %s', (_, a, b, change) => {
    expect(diffPrograms(a, b).settings).toEqual([change]);
  });

  it('notices that rules stand in another order', () => {
    const diff = diffPrograms(before, document([SIGN_UP, SPEND]));
    expect(diff.rules).toMatchObject({ added: [], removed: [], changed: [], reordered: true });
    expect(isSame(diff)).toBe(false);
    expect(isSame(diffPrograms(before, structuredClone(before)))).toBe(true);
  });

  it.each([[undefined], [[]], [7], [{ rules: 'none' }], [{ rules: [1, null] }]])(
    'bears a draft that is %j',
    (draft) => {
      expect(() => diffPrograms(before, draft)).not.toThrow();
    },
  );
});

function gold(threshold: string): unknown {
  const text = JSON.stringify(before).replace('"threshold":5000', `"threshold":${threshold}`);
  return JSON.parse(text) as unknown;
}

describe('the difference of two texts', () => {
  it('reads like diff -u', () => {
    const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
    const a = text('1', '2', '3', '4', '5', '6', '7', '8');
    const b = text('1', '2', '3', '4', 'five', '6', '7', '8', '9');
    expect(diffLines(a, b, 'version 1', 'draft')).toBe(
      text('--- version 1', '+++ draft', '@@ -2,7 +2,8 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8', '+9'),
    );
    expect(diffLines(a, a, 'x', 'y')).toBe('');
  });

  it('turns one text into the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const diff = diffLines(`${a.join('\n')}\n`, `${b.join('\n')}\n`, 'a', 'b');
        expect(patched(a, diff)).toEqual(b);
      }),
      { numRuns: 500 },
    );
  });
});

/** Applies hunks to lines, as patch does. */
function patched(lines: readonly string[], diff: string): readonly string[] {
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2)) {
    const hunk = /^@@ -(\d+),/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - 1;
      result.push(...lines.slice(at, start));
      at = start;
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else if (line.startsWith('-')) at++;
    else if (line.startsWith(' ')) result.push(lines[at++] ?? '');
  }
  return [...result, ...lines.slice(at)];
}
