import { answerCheck, type ApiDocument } from './checked-answers.ts';

const document: ApiDocument = {
  paths: {
    '/v1/things/{id}': {
      get: {
        operationId: 'ThingController_one',
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          default: { content: { 'application/problem+json': { schema: { type: 'object' } } } },
        },
      },
    },
    '/v1/things/all': {
      get: {
        operationId: 'ThingController_all',
        responses: { '200': { content: { 'text/csv': { schema: { type: 'string' } } } } },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'at'],
        properties: { id: { type: 'string' }, at: { type: 'string', format: 'date-time' } },
      },
    },
  },
};

const check = answerCheck(document);
const thing = { id: 'a', at: '2026-01-01T00:00:00Z' };
const answer = (body: unknown, more: object = {}) =>
  check({
    method: 'GET',
    path: '/v1/things/a',
    status: 200,
    contentType: 'application/json; charset=utf-8',
    text: typeof body === 'string' ? body : JSON.stringify(body),
    ...more,
  });

describe('answers held to the document', () => {
  it.each([
    ['as it says', answer(thing)],
    ['a refusal', answer({}, { status: 404, contentType: 'application/problem+json' })],
    ['a plain path before one with parameters', answer('a,b', { path: '/v1/things/all', contentType: 'text/csv' })],
    ['a path of somebody else', answer({ any: 1 }, { path: '/healthz' })],
  ])('%s passes', (_, breach) => expect(breach).toBeUndefined());

  it.each([
    ['a field that it has not', answer({ ...thing, more: 1 }), /additional properties.*npm run generate/],
    ['a field missing', answer({ id: 'a' }), /required property 'at'/],
    ['a wrong form', answer({ ...thing, at: 'noon' }), /date-time/],
    ['another status', answer(thing, { status: 201 }), /answered 201, which ThingController_one does not document/],
    ['another media type', answer('x', { contentType: 'text/plain' }), /as text\/plain/],
  ])('%s is a breach', (_, breach, expected) => expect(breach).toMatch(expected));
});
