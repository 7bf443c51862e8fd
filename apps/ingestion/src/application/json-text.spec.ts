import fc from 'fast-check';
import { findHostile, isPlain, MAX_DEPTH, splitRecords } from './json-text.ts';

describe('splitRecords', () => {
  it.each<[string, boolean, readonly string[]]>([
    ['{"a":1}', true, ['{"a":1}']],
    [' 42 ', true, [' 42 ']],
    ['[]', false, []],
    [' [ ] ', false, []],
    ['[1]', false, ['1']],
    ['[ {"a":[1,2]} , {"b":"],["} ]', false, ['{"a":[1,2]}', '{"b":"],["}']],
    ['["\\"", "\\\\", "\\\\\\""]', false, ['"\\""', '"\\\\"', '"\\\\\\""']],
    ['[1,,2]', false, ['1', '', '2']],
    ['[1,]', false, ['1', '']],
    ['[tru, {"x":}]', false, ['tru', '{"x":}']],
  ])('%s', (text, single, texts) => {
    expect(splitRecords(text)).toEqual({ single, texts });
  });

  it.each(['[', '[1', '[1}', '[{]', '["a]', '["a\\"]', '[1] 2', '[1]]', '[1],[2]'])('cannot take %s apart', (text) => {
    expect(splitRecords(text)).toBeUndefined();
  });

  it('gives what JSON.parse gives, for every value', () => {
    const values = [{ a: '"' }, { b: '\\' }, ['[', ']'], 'x,y', null, 1.5e3, { deep: [{ er: [] }] }, '中文 😀'];
    const split = splitRecords(JSON.stringify(values, null, 2));
    expect(split?.texts.map((text) => JSON.parse(text) as unknown)).toEqual(values);
  });
});

describe('findHostile', () => {
  const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

  it.each<[string, unknown, readonly string[]]>([
    ['nothing in plain values', { a: [1, 'x', null, true, 0.1, -5] }, []],
    ['a pair of surrogates as one character', { a: '😀' }, []],
    ['each place', JSON.parse('{"a~/b":"\\u0000","c":[1e400,9007199254740993]}'), ['/a~0~1b', '/c/0', '/c/1']],
    ['own keys that reach a prototype', JSON.parse('{"x":{"__proto__":1}}'), ['/x/__proto__']],
    ['a depth that is allowed', nested(MAX_DEPTH), []],
    ['a depth that is not', nested(MAX_DEPTH + 1), ['/0'.repeat(MAX_DEPTH)]],
    ['too many items', Array.from({ length: 1001 }, () => 0), ['']],
  ])('sees %s', (_name, value, pointers) => {
    expect(findHostile(value).map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('is spared only where it would find nothing', () => {
    const plainOf = (text: string): boolean => isPlain(text, JSON.parse(text));
    expect(plainOf('{"orderId":"A-1","lines":[{"amount":"129.90","quantity":2,"weight":0.5,"name":"茶 😀"}]}')).toBe(
      true,
    );
    const hostile = [
      '"\\u0000"',
      '"\\ud800"',
      '"\ud800"',
      '1e400',
      '[9007199254740993]',
      '{"__proto__":1}',
      '{"\\u005f_proto__":1}',
      '{"a":{"constructor":1}}',
      `${'['.repeat(MAX_DEPTH + 1)}${']'.repeat(MAX_DEPTH + 1)}`,
      `[${'0,'.repeat(1000)}0]`,
      JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`f${n}`, n]))),
    ];
    for (const text of hostile) {
      expect(findHostile(JSON.parse(text))).not.toEqual([]);
      expect(plainOf(text)).toBe(false);
    }
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        if (plainOf(text)) expect(findHostile(JSON.parse(text))).toEqual([]);
      }),
    );
  });

  it('names at most 20 places', () => {
    expect(findHostile(Array.from({ length: 100 }, () => '\0'))).toHaveLength(20);
  });
});
