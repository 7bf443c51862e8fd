import { parseInstant } from '@jifen/kernel';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** What is read of an OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

export interface ApiOperation {
  readonly operationId?: string;
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

interface ApiResponse {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

export interface ReceivedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const REMEDY =
  'declare it in the return type of the controller method, then `npm run generate -w apps/standalone` (docs/downstream.md)';

/** What of an answer is not as the document says; `undefined` when all is, or when the path is none of the document's. */
export type AnswerCheck = (answer: ReceivedAnswer) => string | undefined;

/** Holds answers to the document, closely: a field that the schema has not is a breach as well. */
export function answerCheck(document: ApiDocument): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: true });
  ajv.addFormat('date-time', (text: string) => parseInstant(text) !== undefined);
  ajv.addSchema({ components: { schemas: closed(document.components?.schemas ?? {}) } }, 'api');
  const routes = Object.entries(document.paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/[.]/g, '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    parameters: path.split('{').length,
    operations,
  }));
  const compiled = new Map<unknown, ValidateFunction>();
  const validatorOf = (schema: unknown): ValidateFunction => {
    const known = compiled.get(schema) ?? ajv.compile(absolute(closed(schema)) as object);
    compiled.set(schema, known);
    return known;
  };
  return ({ method, path, status, contentType, text }) => {
    const named = routes.filter(({ pattern }) => pattern.test(path)).sort((a, b) => a.parameters - b.parameters);
    const operation = named[0]?.operations[method.toLowerCase()];
    if (operation === undefined) return undefined;
    const where = `${method} ${path} answered ${status}`;
    const response =
      operation.responses[String(status)] ?? (status >= 300 ? operation.responses['default'] : undefined);
    if (response === undefined) return `${where}, which ${operation.operationId} does not document`;
    if (status === 204) return undefined;
    const type = contentType.split(';')[0] ?? '';
    const schema = response.content?.[type]?.schema;
    if (schema === undefined) return `${where} as ${type}, which ${operation.operationId} does not document: ${REMEDY}`;
    if (!type.endsWith('json')) return undefined;
    const validate = validatorOf(schema);
    if (validate(JSON.parse(text))) return undefined;
    const faults = validate.errors?.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    return `${where}; it breaks the schema of ${operation.operationId}: ${faults?.join('; ')}: ${REMEDY}\n${text.slice(0, 500)}`;
  };
}

/** From now on `fetch` throws in this test file when an answer of the server is not as its own `/openapi.json` says. */
export async function checkAnswersOf(...urls: readonly string[]): Promise<void> {
  const fetched = globalThis.fetch;
  const checks = new Map<string, AnswerCheck>();
  for (const url of new Set(urls)) {
    const response = await fetched(`${url}/openapi.json`);
    checks.set(new URL(url).origin, answerCheck((await response.json()) as ApiDocument));
  }
  globalThis.fetch = async (input, init) => {
    const response = await fetched(input, init);
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
    const breach = checks.get(origin)?.({
      method: init?.method ?? (input instanceof Request ? input.method : 'GET'),
      path: pathname,
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      text: await response.clone().text(),
    });
    if (breach !== undefined) throw new Error(breach);
    return response;
  };
}

/** Objects with named fields have no others. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const done = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return isObjectSchema(node) && !('additionalProperties' in node) ? { ...done, additionalProperties: false } : done;
}

const isObjectSchema = (node: object): boolean => 'properties' in node && 'type' in node && node.type === 'object';

function absolute(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(absolute);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `api${value}` : absolute(value),
    ]),
  );
}
