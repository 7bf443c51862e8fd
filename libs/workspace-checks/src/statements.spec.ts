import ts from 'typescript';
import { readText, typeScriptFiles } from './workspace.ts';

/** A statement that PostgreSQL is asked to keep the plan of, by its name. */
interface Named {
  readonly file: string;
  readonly name: string;
  /** Its text, with all that it is put together from. */
  readonly sql: string;
}

const isService = (path: string): boolean =>
  /^(apps|libs)\//.test(path) && !/\.spec\.ts$|\/testing\/|^apps\/(bench|simulator)\//.test(path);
const projectOf = (path: string): string => path.split('/').slice(0, 2).join('/');

const trees = typeScriptFiles()
  .filter(isService)
  .map((path) => ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true));

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** What a block or a file declares under a name: a function, or what a constant is. */
function declaredIn(scope: ts.Block | ts.SourceFile, name: string): ts.Node | undefined {
  for (const statement of scope.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) return statement;
    if (!ts.isVariableStatement(statement)) continue;
    const constant = statement.declarationList.declarations.find((each) => each.name.getText() === name);
    if (constant?.initializer !== undefined) return constant.initializer;
  }
  return undefined;
}

const isParameterOf = (scope: ts.Node, name: string): boolean =>
  ts.isFunctionLike(scope) && scope.parameters.some((each) => each.name.getText() === name);

/** What a name stands for, where it is used; of an imported one in the first file of that project, or of any, that exports it. */
function declarationOf({ text: name, parent }: ts.Identifier): ts.Node | undefined {
  let scope: ts.Node = parent;
  for (; !ts.isSourceFile(scope); scope = scope.parent) {
    if (isParameterOf(scope, name)) return undefined;
    const found = ts.isBlock(scope) ? declaredIn(scope, name) : undefined;
    if (found !== undefined) return found;
  }
  const own = declaredIn(scope, name);
  const project = projectOf(scope.fileName);
  const isImported = scope.statements.some(
    (each) => ts.isImportDeclaration(each) && new RegExp(`\\b${name}\\b`).test(each.importClause?.getText() ?? ''),
  );
  if (own !== undefined || !isImported) return own;
  const others = trees.toSorted(
    (a, b) => Number(projectOf(b.fileName) === project) - Number(projectOf(a.fileName) === project),
  );
  return others.map((tree) => declaredIn(tree, name)).find((found) => found !== undefined);
}

/** The text of a node with that of all constants and functions which it names. */
function textOf(node: ts.Node, seen = new Set<ts.Node>()): string {
  if (seen.has(node)) return '';
  seen.add(node);
  const parts = [node.getText()];
  visit(node, (each) => {
    if (!ts.isIdentifier(each) || (ts.isPropertyAccessExpression(each.parent) && each.parent.name === each)) return;
    const other = declarationOf(each);
    if (other !== undefined) parts.push(textOf(other, seen));
  });
  return parts.join('\n');
}

const propertyOf = (object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined => {
  for (const property of object.properties) {
    if (property.name?.getText() !== name) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
};

/** Where a text is a parameter that is passed on: what the callers in the file give for it. */
function given(use: ts.Expression): readonly ts.Expression[] {
  let within: ts.Node | undefined = use.parent;
  const isIt = ({ name }: ts.ParameterDeclaration): boolean => name.getText() === use.getText();
  while (within !== undefined && !(ts.isFunctionLike(within) && within.parameters.some(isIt))) within = within.parent;
  if (within === undefined) return [use];
  const place = within.parameters.findIndex(isIt);
  const owner = ts.isVariableDeclaration(within.parent) ? within.parent.name : within.name;
  const found: ts.Expression[] = [];
  visit(use.getSourceFile(), (node) => {
    if (!ts.isCallExpression(node)) return;
    const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
    const argument = node.arguments[place];
    const isNameless = node.arguments.some((each) => each.getText() === 'undefined');
    if (callee.getText() === owner?.getText() && argument !== undefined && !isNameless) found.push(...given(argument));
  });
  return found;
}

const named: Named[] = [];
for (const tree of trees) {
  visit(tree, (node) => {
    if (!ts.isObjectLiteralExpression(node)) return;
    const [name, text] = [propertyOf(node, 'name'), propertyOf(node, 'text')];
    if (name === undefined || text === undefined || propertyOf(node, 'values') === undefined) return;
    for (const each of given(text)) named.push({ file: tree.fileName, name: name.getText(), sql: textOf(each) });
  });
}

/** In no flush: there a name saves parsing alone, and every execution is planned for what it is asked with. */
const PLANNED_ANEW = ['libs/event-store-postgres/src/leases.ts', 'apps/ledger/src/maintenance/compare.ts'];

describe('a statement with a name', () => {
  it('is found with its text', () => {
    expect(named.length).toBeGreaterThan(50);
    const unread = named.filter(({ sql }) => !/\b(SELECT|INSERT|UPDATE|DELETE)\b/.test(sql));
    expect(unread).toEqual([]);
  });

  it('joins nothing but what it looks up row by row: a flush keeps its plan, maybe one for empty tables', () => {
    const joining = named.filter(({ sql }) => /\bJOIN\b(?!\s+LATERAL\b)/.test(sql)).map(({ file }) => file);
    expect([...new Set(joining)].sort()).toEqual(PLANNED_ANEW.toSorted());
  });
});
