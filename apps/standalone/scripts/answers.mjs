// Writes apps/<service>/src/answers.json: JSON Schemas of what each route answers, from the return types of its controllers.
// `--check` only compares.
import { glob, readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import {
  AnnotatedType,
  Context,
  createFormatter,
  createParser,
  DefinitionType,
  EnumType,
  NumberType,
  SchemaGenerator,
  StringType,
} from 'ts-json-schema-generator';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROUTE = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'CommandRoute']);
/** What an answer comes wrapped in. */
const WRAPPERS = new Set(['Promise', 'JsonText']);
/** Branded types are what they are on the wire. */
const BRANDS = {
  Instant: () => new AnnotatedType(new StringType(), { format: 'date-time' }, false),
  Points: () => new AnnotatedType(new NumberType(), { type: 'integer' }, false),
  Money: () => new AnnotatedType(new NumberType(), { type: 'integer' }, false),
};

const files = [];
for await (const file of glob('apps/*/src/**/*.controller.ts', { cwd: ROOT })) files.push(ROOT + file);
files.sort();
const { config } = ts.readConfigFile(`${ROOT}tsconfig.spec.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files }, ts.sys, ROOT);
const program = ts.createProgram(files, options);

const settings = {
  expose: 'export',
  jsDoc: 'extended',
  additionalProperties: true,
  strictTuples: true,
  functions: 'fail',
};
const brands = {
  supportsNode: (node) =>
    ts.isTypeAliasDeclaration(node) && node.name.text in BRANDS && node.getSourceFile().fileName.includes('/kernel/'),
  createType: (node) => BRANDS[node.name.text](),
};
/** `keyof typeof VALUE`: the names that the compiler finds, however the value is put together. */
const keys = {
  supportsNode: (node) =>
    ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword && ts.isTypeQueryNode(node.type),
  createType: (node) => {
    const type = program.getTypeChecker().getTypeAtLocation(node);
    return new EnumType(
      node.getText(),
      (type.isUnion() ? type.types : [type]).map(({ value }) => value),
    );
  },
};
const parser = createParser(program, settings, (chain) => chain.addNodeParser(brands).addNodeParser(keys));
const generator = new SchemaGenerator(program, parser, createFormatter(settings), settings);

const problems = [];
const written = new Map();
for (const file of files) {
  const service = relative(`${ROOT}apps`, file).split('/')[0];
  const source = program.getSourceFile(file);
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    for (const member of statement.members) {
      if (!ts.isMethodDeclaration(member) || !isRoute(member)) continue;
      const name = `${statement.name.text}_${member.name.text}`;
      const answers = written.get(service) ?? { operations: {}, schemas: {} };
      written.set(service, answers);
      if (answersNothing(member)) continue;
      const schema = schemaOf(name, member.type, file);
      if (schema === undefined) continue;
      answers.operations[name] = contentOf(member, named(schema));
      for (const [key, definition] of Object.entries(schema.definitions ?? {})) {
        const known = answers.schemas[nameOf(key)];
        const next = named(definition);
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(next))
          problems.push(`${service}: two types are called ${nameOf(key)}; rename one`);
        answers.schemas[nameOf(key)] = next;
      }
    }
  }
}

function isRoute(method) {
  return (ts.getDecorators(method) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && ROUTE.has(expression.expression.getText()),
  );
}

/** `@HttpCode(204)`: done, and nothing to tell. */
function answersNothing(method) {
  return (ts.getDecorators(method) ?? []).some(({ expression }) => expression.getText() === 'HttpCode(204)');
}

/** A route that `ApiProduces` says to answer in other forms too gives them as text. */
function contentOf(method, schema) {
  const produces = (ts.getDecorators(method) ?? [])
    .map(({ expression }) => expression)
    .filter((call) => ts.isCallExpression(call) && call.expression.getText() === 'ApiProduces')
    .flatMap((call) => call.arguments.map((argument) => argument.text));
  const types = produces.length === 0 ? ['application/json'] : produces;
  return Object.fromEntries(
    types.map((type) => [type, { schema: type === 'application/json' ? schema : { type: 'string' } }]),
  );
}

function schemaOf(name, type, file) {
  const node = type === undefined ? undefined : answerOf(type);
  if (node === undefined || ['unknown', 'any', 'object', 'void'].includes(node.getText())) {
    problems.push(
      `${relative(ROOT, file)}: ${name} must declare what it answers: give the method a return type with its fields, e.g. Promise<TierView>, then run npm run generate -w apps/standalone`,
    );
    return undefined;
  }
  // A text is the other form of an answer, see ApiProduces.
  if (node.kind === ts.SyntaxKind.StringKeyword) return { type: 'string' };
  try {
    const schema = generator.createSchemaFromNodes([node]);
    const type = parser.createType(node, new Context());
    if (!(type instanceof DefinitionType)) return schema;
    const { definitions, ...root } = schema;
    const key = encodeURIComponent(type.getName());
    return { $ref: `#/definitions/${key}`, definitions: { ...definitions, [key]: root } };
  } catch (error) {
    problems.push(`${relative(ROOT, file)}: ${name}: ${error.message}`);
    return undefined;
  }
}

/** The type without its wrappers, and without a plain text beside it. */
function answerOf(node) {
  if (ts.isParenthesizedTypeNode(node)) return answerOf(node.type);
  if (ts.isTypeReferenceNode(node) && WRAPPERS.has(node.typeName.getText())) return answerOf(node.typeArguments[0]);
  if (!ts.isUnionTypeNode(node)) return node;
  const rest = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.StringKeyword);
  return rest.length === 1 ? answerOf(rest[0]) : node;
}

/** `Page<LotView>` → `PageOfLotView`. */
function nameOf(key) {
  return decodeURIComponent(key)
    .replaceAll(/[<,]/g, 'Of')
    .replaceAll(/[^A-Za-z0-9]/g, '');
}

/** The schema as it stands in an OpenAPI document: references by name, no draft, nothing that JSON leaves out. */
function named(node) {
  if (Array.isArray(node)) return node.map(named);
  if (typeof node !== 'object' || node === null) return node;
  const result = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === '$schema' || key === 'definitions' || (key === 'additionalProperties' && value === true)) continue;
    if (key === '$ref') result.$ref = `#/components/schemas/${nameOf(value.slice('#/definitions/'.length))}`;
    else if (key === 'properties') {
      const entries = Object.entries(value).map(([field, schema]) => [field, named(withoutUndefined(schema))]);
      result.properties = Object.fromEntries(entries);
    } else if (key === 'required') {
      const required = value.filter((field) => !maybeUndefined(node.properties?.[field]));
      if (required.length > 0) result.required = required;
    } else result[key] = named(value);
  }
  return result;
}

function isUndefined(schema) {
  return schema?.not !== undefined && Object.keys(schema.not).length === 0;
}

function maybeUndefined(schema) {
  return schema?.anyOf?.some(isUndefined) === true;
}

function withoutUndefined(schema) {
  if (!maybeUndefined(schema)) return schema;
  const { anyOf, ...rest } = schema;
  const left = anyOf.filter((one) => !isUndefined(one));
  return left.length === 1 ? { ...rest, ...left[0] } : { ...rest, anyOf: left };
}

if (problems.length > 0) {
  console.log(problems.join('\n'));
  process.exit(1);
}
const check = process.argv.includes('--check');
let stale = 0;
for (const [service, answers] of written) {
  const target = `${ROOT}apps/${service}/src/answers.json`;
  const sorted = { operations: byKey(answers.operations), schemas: byKey(answers.schemas) };
  const text = await format(JSON.stringify(sorted), { ...(await resolveConfig(target)), parser: 'json' });
  if ((await readFile(target, 'utf8').catch(() => '')) === text) continue;
  stale += 1;
  const path = relative(ROOT, target);
  if (!check) await writeFile(target, text);
  console.log(check ? `stale: ${path}; run npm run generate -w apps/standalone` : `written: ${path}`);
}
if (check && stale > 0) process.exit(1);

function byKey(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
