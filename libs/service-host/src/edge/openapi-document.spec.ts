import type { OpenAPIObject } from '@nestjs/swagger';
import { completed, type Answers } from './openapi-document.ts';

const bare = (requestBody?: object): OpenAPIObject => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  paths: {
    '/v1/things': {
      post: {
        operationId: 'ThingController_write',
        ...(requestBody === undefined ? {} : { requestBody: requestBody as { content: object } }),
        responses: { '201': { description: 'made' }, default: { description: 'refused' } },
      },
    },
  } as OpenAPIObject['paths'],
});
const answers = (thing: object): Answers => ({
  operations: { ThingController_write: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
  schemas: { Thing: { ...thing } },
});

describe('the OpenAPI document', () => {
  it('says of the success what the service answers, and nothing else of a refusal', () => {
    const { paths, components } = completed(bare(), [answers({ type: 'object' })]);
    expect(paths['/v1/things']?.post?.responses).toEqual({
      '201': {
        description: 'made',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
      default: { description: 'refused' },
    });
    expect(Object.keys(components?.schemas ?? {})).toEqual(['HttpProblem', 'Thing']);
  });

  it('takes the same type of two services once, and refuses two under one name', () => {
    expect(() => completed(bare(), [answers({ type: 'object' }), answers({ type: 'object' })])).not.toThrow();
    expect(() => completed(bare(), [answers({ type: 'object' }), answers({ type: 'string' })])).toThrow(
      'called Thing: rename one',
    );
  });

  it('keeps a schema of the contracts once, by its title', () => {
    const order = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://x/order', title: 'Order' };
    const schema = { oneOf: [order, { type: 'array', items: order }] };
    const { paths, components } = completed(bare({ content: { 'application/json': { schema } } }), []);
    const ref = { $ref: '#/components/schemas/Order' };
    expect(paths['/v1/things']?.post?.requestBody).toEqual({
      content: { 'application/json': { schema: { oneOf: [ref, { type: 'array', items: ref }] } } },
    });
    expect(components?.schemas?.['Order']).toEqual({ title: 'Order' });
  });
});
