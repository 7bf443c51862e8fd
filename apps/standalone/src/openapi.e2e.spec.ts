import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { ApiDocument } from '@jifen/testing';
import { standaloneShape, type Shape } from './testing/shape.ts';

const COMMITTED = new URL('../../../docs/reference/openapi.json', import.meta.url);
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
const REMEDY = 'run npm run generate -w apps/standalone';

describe('the OpenAPI document of all services', () => {
  let shape: Shape;
  let text: string;
  let document: ApiDocument;

  beforeAll(async () => {
    shape = await standaloneShape();
    text = await (await fetch(`${shape.urls.rules}/openapi.json`)).text();
    document = JSON.parse(text) as ApiDocument;
  }, 180_000);
  afterAll(() => shape.stop());

  it('says of every operation what it answers', () => {
    const silent = Object.entries(document.paths).flatMap(([path, operations]) =>
      METHODS.flatMap((method) => {
        const operation = operations[method];
        if (operation === undefined) return [];
        const success = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
        if (success.length === 1 && success[0]?.[0] === '204') return [];
        const contents = success.flatMap(([, { content }]) => Object.values(content ?? {}));
        if (contents.length > 0 && contents.every(({ schema }) => schema !== undefined)) return [];
        const remedy = `give ${operation.operationId} a return type with its fields, then ${REMEDY}`;
        return [`${method.toUpperCase()} ${path} has no success schema: ${remedy}`];
      }),
    );
    expect(silent).toEqual([]);
    expect(Object.keys(document.paths).length).toBeGreaterThan(40);
  });

  it('passes the linter', async () => {
    const config = await createConfig({
      extends: ['recommended'],
      // Every refusal is in `default`: the closed list of codes holds for each route alike.
      rules: { 'operation-4xx-response': 'off' },
    });
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  it(`is committed as it is served: else ${REMEDY}`, async () => {
    expect(JSON.parse(await readFile(COMMITTED, 'utf8'))).toEqual(document);
  });
});
