import { PROBLEMS } from '@jifen/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';

export type Schema = Readonly<Record<string, unknown>>;

/** What the routes of a service answer: `answers.json`, generated from the return types of its controllers. */
export interface Answers {
  /** Content of the success answer, by operation id. */
  readonly operations: Readonly<Record<string, Readonly<Record<string, { readonly schema: Schema }>>>>;
  /** The schemas that they refer to, by name. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: unknown;
  readonly responses: Record<string, { content?: unknown }>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
const COMPONENTS = '#/components/schemas/';
const text = { type: 'string' } as const;

/** The one form of every refusal: RFC 9457 with the closed list of codes. */
const HTTP_PROBLEM: Schema = {
  type: 'object',
  additionalProperties: true,
  description: 'RFC 9457. Some codes have figures beside these fields, e.g. the points that are `available`.',
  required: ['type', 'title', 'status', 'code', 'detail', 'traceId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    detail: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: { pointer: { type: 'string', description: 'JSON pointer (RFC 6901)' }, message: text },
      },
    },
    traceId: text,
  },
};

export const REFUSAL = {
  status: 'default' as const,
  description: 'Refused, or it failed: a problem with a code of a closed list.',
  content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}HttpProblem` } } },
};

/** The document with the answers of the services, and every schema once, by its name. */
export function completed(document: OpenAPIObject, answers: readonly Answers[]): OpenAPIObject {
  const schemas = new Map<string, object>(Object.entries(document.components?.schemas ?? {}));
  const add = (name: string, schema: object): void => {
    const known = schemas.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two schemas of the API are called ${name}: rename one of the types`);
    schemas.set(name, schema);
  };
  add('HttpProblem', HTTP_PROBLEM);
  for (const service of answers) for (const [name, schema] of Object.entries(service.schemas)) add(name, schema);
  const contents = new Map(answers.flatMap(({ operations }) => Object.entries(operations)));
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const done = METHODS.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      return operation === undefined ? [] : [[method, operationWith(operation, contents, add)]];
    });
    return [path, { ...item, ...Object.fromEntries(done) }];
  });
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: Object.fromEntries(schemas) },
  };
}

type Add = (name: string, schema: object) => void;

function operationWith(operation: Operation, contents: ReadonlyMap<string, unknown>, add: Add): Operation {
  const content = contents.get(operation.operationId ?? '');
  const responses = Object.entries(operation.responses).map(([status, response]) => [
    status,
    status.startsWith('2') && content !== undefined ? { ...response, content } : response,
  ]);
  const body = operation.requestBody === undefined ? {} : { requestBody: hoisted(operation.requestBody, add) };
  return { ...operation, ...body, responses: Object.fromEntries(responses) };
}

/** Schemas that stand for themselves (`$id`) go to the components, under their titles. */
function hoisted(node: unknown, add: Add): unknown {
  if (Array.isArray(node)) return node.map((one) => hoisted(one, add));
  if (typeof node !== 'object' || node === null) return node;
  const { $schema: _, $id, ...rest } = node as Schema;
  const done = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, hoisted(value, add)]));
  if (typeof $id !== 'string') return done;
  const title = String(rest['title']);
  add(title, done);
  return { $ref: COMPONENTS + title };
}
