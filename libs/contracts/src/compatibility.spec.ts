import { readFileSync, readdirSync } from 'node:fs';
import { findBreaks } from './compatibility.ts';
import { SCHEMAS } from './index.ts';

type Schema = Parameters<typeof findBreaks>[0];

const published = new URL('../published/', import.meta.url);
const names = readdirSync(published).map((file) => file.replace(/\.json$/, ''));
const schemas: Readonly<Record<string, unknown>> = SCHEMAS;

describe('published messages', () => {
  it.each(names)('%s keeps what it promised', (name) => {
    const before = JSON.parse(readFileSync(new URL(`${name}.json`, published), 'utf8')) as Schema;
    expect(findBreaks(before, schemas[name] as Schema)).toEqual([]);
  });

  it('are all held to their published form', () => {
    expect(names.toSorted()).toEqual(
      Object.keys(SCHEMAS)
        .filter((name) => name !== 'program' && name !== 'program-test')
        .toSorted(),
    );
  });
});

describe('findBreaks', () => {
  const schema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'string', maxLength: 8, description: 'words' }, b: { enum: ['x', 'y'] } },
  };

  it.each<[string, Schema, readonly string[]]>([
    ['a new optional field', { ...schema, properties: { ...schema.properties, c: { type: 'number' } } }, []],
    ['other words', { ...schema, properties: { ...schema.properties, a: { type: 'string', maxLength: 8 } } }, []],
    ['a higher maximum', { ...schema, properties: { ...schema.properties, a: { type: 'string', maxLength: 9 } } }, []],
    ['one more value', { ...schema, properties: { ...schema.properties, b: { enum: ['x', 'y', 'z'] } } }, []],
    [
      'a lower maximum',
      { ...schema, properties: { ...schema.properties, a: { type: 'string', maxLength: 7 } } },
      ['/properties/a/maxLength'],
    ],
    [
      'a value that is gone',
      { ...schema, properties: { ...schema.properties, b: { enum: ['x'] } } },
      ['/properties/b/enum'],
    ],
    ['a field that is gone', { ...schema, properties: { a: schema.properties.a } }, ['/properties/b']],
    ['a field that must be there', { ...schema, required: ['a', 'b'] }, ['/required']],
    ['another type', { ...schema, type: 'array' }, ['/type']],
    ['a new restriction', { ...schema, maxProperties: 2 }, ['/maxProperties']],
  ])('sees %s for what it is', (_name, after, expected) => {
    expect(findBreaks(schema, after).map(({ pointer }) => pointer)).toEqual(expected);
  });
});
