import { readDocumentText, yamlText } from './document-text.ts';

const TEXT = `name: { en: Test, zh: 测试 }
rules:
  - id: spend
    earn:
      form: rate
  - id: a/b
    earn: 7
`;

describe('a document as text', () => {
  it('is the value that JSON would give', () => {
    const read = readDocumentText(TEXT);
    expect(read).toMatchObject({
      ok: true,
      value: { name: { en: 'Test', zh: '测试' }, rules: [{ earn: { form: 'rate' } }, { id: 'a/b', earn: 7 }] },
    });
    expect(readDocumentText('{"a": [1, "x", true, null]}')).toMatchObject({ value: { a: [1, 'x', true, null] } });
  });

  it.each([
    ['', { line: 1, column: 1 }],
    ['/rules', { line: 2, column: 1 }],
    ['/rules/0', { line: 3, column: 5 }],
    ['/rules/0/earn/form', { line: 5, column: 7 }],
    ['/rules/1/earn', { line: 7, column: 5 }],
    ['/rules/0/earn/points', { line: 4, column: 5 }],
    ['/rules/9', { line: 2, column: 1 }],
  ])('knows where %j stands', (pointer, place) => {
    const read = readDocumentText(TEXT);
    expect(read.ok && read.place(pointer)).toEqual(place);
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 3],
    ['an open quote', 'a: 1\nb: "x\n', 3],
    ['a tag of its own', 'a: !!js/function x\n', 1],
    ['two documents', 'a: 1\n---\nb: 2\n', 2],
    ['tabs for spaces', 'a:\n\t- 1\n', 2],
  ])('points at %s', (_, text, line) => {
    const read = readDocumentText(text);
    expect(read.ok ? undefined : read.faults[0]?.line).toBe(line);
  });

  it.each([
    ['a bomb of aliases', `a: &a [x, x, x, x, x, x, x, x, x, x]\n${bomb(12)}`],
    ['a prototype', '__proto__: { admin: true }\n'],
    ['a great depth', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['a great length', `a: ${'x'.repeat(1_000_001)}`],
  ])('refuses %s quickly', (_, text) => {
    const start = performance.now();
    expect(readDocumentText(text).ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('comes back as it was written', () => {
    const value = { timeZone: 'Asia/Shanghai', rules: [{ points: '1', on: '2026-11-01', no: 'no' }] };
    const again = readDocumentText(yamlText(value));
    expect(again.ok && again.value).toEqual(value);
  });
});

function bomb(levels: number): string {
  const names = 'abcdefghijklmnop';
  return Array.from({ length: levels }, (_, level) => {
    const [own, below] = [names[level + 1] ?? '', names[level] ?? ''];
    return `${own}: &${own} [${Array.from({ length: 10 }, () => `*${below}`).join(', ')}]\n`;
  }).join('');
}
