import { Environment } from '@marcbachmann/cel-js';

/** What an expression can name, with its type. The documentation of the language lists the same. */
const CEL_VARIABLES = {
  activity: 'string',
  source: 'string',
  date: 'string',
  time: 'string',
  month: 'int',
  day: 'int',
  weekday: 'int',
  tier: 'string',
  benefits: 'list<string>',
  tags: 'list<string>',
  segments: 'list<string>',
  facts: 'map<string, dyn>',
  data: 'map<string, dyn>',
  order: 'map<string, dyn>',
  lines: 'list<map<string, dyn>>',
} as const;

export type CelVariable = keyof typeof CEL_VARIABLES;

/** What an expression can call: everything takes time in proportion to its input; there are no regular expressions. */
export const CEL_FUNCTIONS: readonly string[] = [
  'all',
  'contains',
  'double',
  'endsWith',
  'exists',
  'exists_one',
  'filter',
  'has',
  'int',
  'lowerAscii',
  'size',
  'startsWith',
  'string',
  'trim',
  'upperAscii',
];

/** How many elements a loop is reckoned with, by what it goes through. */
const LONGEST: Readonly<Record<string, number>> = { lines: 1_000, tags: 100, segments: 100 };
const LONGEST_TAGS_OF_A_LINE = 32;
const LONGEST_OTHER = 1_000;
/** Steps that an expression may take at most, reckoned by its loops. */
export const MAX_CEL_COST = 500_000;

export const celEnvironment = Object.entries(CEL_VARIABLES).reduce(
  (environment, [name, type]) => environment.registerVariable(name, type),
  new Environment({
    limits: { maxAstNodes: 300, maxDepth: 24, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 8 },
  }),
);

interface Node {
  readonly op: string;
  readonly args: unknown;
}

export interface CelReading {
  readonly variables: ReadonlySet<string>;
  /** Keys that are named of `facts` and `data`; `all` where one is taken as a whole. */
  readonly keys: Readonly<Record<'facts' | 'data', ReadonlySet<string> | 'all'>>;
  readonly cost: number;
  readonly forbidden: string | undefined;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'op' in value;

const childrenOf = ({ args }: Node): readonly Node[] =>
  (Array.isArray(args) ? args.flat(3) : [args]).filter((each) => isNode(each));

/** What an expression looks at and how long it can take, from its syntax alone. */
export function readCel(ast: unknown): CelReading {
  const variables = new Set<string>();
  const keys: { facts: Set<string> | 'all'; data: Set<string> | 'all' } = { facts: new Set(), data: new Set() };
  let forbidden: string | undefined;

  const keyed = ({ op, args }: Node): boolean => {
    if ((op !== '.' && op !== '[]') || !Array.isArray(args)) return false;
    const [owner, key]: readonly unknown[] = args;
    if (!isNode(owner) || owner.op !== 'id' || (owner.args !== 'facts' && owner.args !== 'data')) return false;
    const name = isNode(key) && key.op === 'value' ? key.args : key;
    const known = keys[owner.args];
    if (typeof name !== 'string') return false;
    variables.add(owner.args);
    if (known !== 'all') known.add(name);
    return true;
  };
  const costOf = (node: Node): number => {
    if (keyed(node)) return 2;
    const { op, args } = node;
    if (op === 'id' && typeof args === 'string') {
      variables.add(args);
      if (args === 'facts' || args === 'data') keys[args] = 'all';
    }
    if (op !== 'call' && op !== 'rcall') return childrenOf(node).reduce((sum, child) => sum + costOf(child), 1);
    const [name, receiver]: readonly unknown[] = Array.isArray(args) ? args : [];
    if (typeof name !== 'string') return 1;
    if (!CEL_FUNCTIONS.includes(name)) forbidden ??= name;
    const loops = op === 'rcall' && LOOPS.has(name);
    const inner = childrenOf(node).reduce((sum, child) => sum + costOf(child), 1);
    if (!loops) return inner;
    return inner * longest(receiver);
  };
  const cost = isNode(ast) ? costOf(ast) : 0;
  return { variables, keys, cost, forbidden };
}

function longest(receiver: unknown): number {
  if (!isNode(receiver)) return LONGEST_OTHER;
  const { op, args } = receiver;
  if (op === 'id' && typeof args === 'string') return LONGEST[args] ?? LONGEST_OTHER;
  return op === '.' && Array.isArray(args) && args[1] === 'tags' ? LONGEST_TAGS_OF_A_LINE : LONGEST_OTHER;
}

const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter']);
