import type { Condition, EarnRule } from '@jifen/contracts';
import { SCHEMAS } from '@jifen/contracts';
import { document, line, order, program, rateOrder, reasonOf, SPEND, targets } from './examples.ts';
import { validateProgram } from './validate-program.ts';

const MAX_MILLIS = 2_000;

const refusal = (value: unknown): readonly [pointer: string, message: string] | undefined => {
  const started = performance.now();
  const validation = validateProgram(value);
  expect(performance.now() - started).toBeLessThan(MAX_MILLIS);
  const first = validation.ok ? undefined : validation.violations[0];
  return first && [first.pointer, first.message];
};
const withIf = (condition: unknown, rule: EarnRule = SPEND): unknown => ({
  ...document([]),
  rules: [{ ...rule, if: condition }],
});
const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ not: inner }), { order: { quantity: { is: 1 } } });

describe('a hostile program is refused', () => {
  it.each<[string, unknown, string, RegExp]>([
    [
      '10,000 rules',
      { ...document([]), rules: Array.from({ length: 10_000 }, (_, index) => ({ ...SPEND, id: `r-${index}` })) },
      '/rules',
      /500/,
    ],
    ['a deep tree', withIf(nested(20)), '/rules/0/if', /nested deeper than 8/],
    ['a tree that would exhaust the stack', withIf(nested(100_000)), '', /nested deeper than 64/],
    [
      'thousands of conditions',
      withIf({
        all: Array.from({ length: 32 }, () => ({
          any: Array.from({ length: 32 }, () => ({ order: { quantity: { is: 1 } } })),
        })),
      }),
      '/rules/0/if',
      /more than 200/,
    ],
    ['an unknown field', withIf({ ordr: {} }), '/rules/0/if/ordr', /must NOT have additional properties/],
    [
      'a huge number',
      { ...document([]), rules: [{ ...SPEND, earn: { form: 'rate', points: '9'.repeat(40), per: '1' } }] },
      '/rules/0/earn/points',
      /pattern/,
    ],
    [
      'a group in itself',
      { ...document([SPEND]), groups: [{ id: 'a', mode: 'best', in: 'a' }] },
      '/groups/0/in',
      /lead back/,
    ],
    [
      'shares that are no whole',
      { ...document([]), experiments: [{ id: 'x', arms: [{ id: 'a', percent: 99 }] }] },
      '/experiments/0/arms',
      /100/,
    ],
    [
      'conditions of an order for an activity',
      withIf(
        { order: { quantity: { is: 1 } } },
        { ...SPEND, when: { activity: 'login' }, earn: { form: 'fixed', points: 1 } },
      ),
      '/rules/0/if/order',
      /needs an order/,
    ],
    ['a tier that is none', withIf({ member: { tier: { is: 'king' } } }), '/rules/0/if/member/tier', /bronze, silver/],
    [
      'a benefit that no tier gives',
      withIf({ member: { benefits: { any: ['jet'] } } }),
      '/rules/0/if/member/benefits',
      /gives "jet"/,
    ],
    [
      'a schedule that ends before it begins',
      { ...document([]), rules: [{ ...SPEND, schedule: { from: '2026-02-01', to: '2026-01-01' } }] },
      '/rules/0/schedule/to',
      /before from/,
    ],
    [
      'a rate of nothing',
      { ...document([SPEND]), exchange: { rates: [{ from: 'USD', to: 'CNY', on: '2026-01-01', rate: '0' }] } },
      '/exchange/rates/0/rate',
      /greater than 0/,
    ],
  ])('%s', (_, value, pointer, message) => {
    const [at, why] = refusal(value) ?? [];
    expect(at).toBe(pointer);
    expect(why).toMatch(message);
  });

  it.each([
    ['a catastrophic pattern', 'source.matches("(a+)+$")', /"matches" cannot be called/],
    ['a syntax error', 'tier ==', /is no expression/],
    ['an unknown name', 'process.exit() == 1', /cannot be called|Unknown/],
    ['a number', '1 + 1', /must be true or false/],
    ['lines in lines in lines', 'lines.exists(a, lines.exists(b, lines.exists(c, a.sku == c.sku)))', /steps/],
    ['lines in lines', 'lines.all(a, lines.all(b, a.sku == b.sku))', /steps/],
    ['deep brackets', `${'('.repeat(400)}true${')'.repeat(400)}`, /is no expression/],
    ['more than 1,000 characters', Array.from({ length: 200 }, () => 'true').join(' && '), /1000 characters/],
    ['what belongs to activities', 'data.x == 1', /is not there for orders/],
    ['a mix of types', 'tier > 1', /is no expression/],
  ])('CEL: %s', (_, cel, message) => {
    const [at, why] = refusal(withIf({ cel })) ?? [];
    expect(at).toBe('/rules/0/if/cel');
    expect(why).toMatch(message);
  });
});

describe('what can only go wrong at run time', () => {
  const rated = (condition: Condition) => rateOrder(program([{ ...SPEND, if: condition }]), order([line('10.00')]));

  it.each([
    ['a division by zero', 'order.attributes.size() == 1 / (order.attributes.size() - order.attributes.size())'],
    ['a missing key', 'order.attributes.missing == 1'],
    ['a conversion', 'int(tier) > 0'],
  ])('%s counts as no', (_, cel) => {
    expect(reasonOf(rated({ cel }), 'spend')).toBe('condition-not-met');
  });

  it('the dearest expression on the largest order takes milliseconds', () => {
    const cel = 'lines.exists(l, l.tags.exists(t, t == "zzz"))';
    const recorded = order(
      Array.from({ length: 1_000 }, (_, index) =>
        line('1.00', { lineId: String(index), tags: Array.from({ length: 32 }, (__, tag) => `t-${tag}`) }),
      ),
    );
    const compiled = program([{ ...SPEND, if: { cel } }]);
    const started = performance.now();
    expect(targets(rateOrder(compiled, recorded))).toEqual({});
    expect(performance.now() - started).toBeLessThan(MAX_MILLIS);
  });
});

describe('the schema', () => {
  type Node = Readonly<Record<string, unknown>>;
  const isNode = (value: unknown): value is Node =>
    typeof value === 'object' && value !== null && !Array.isArray(value);

  /** Pointers of fields that have no title, or a title or description in one language only. */
  function untold(node: unknown, pointer: string): string[] {
    if (Array.isArray(node)) return node.flatMap((each, index) => untold(each, `${pointer}/${index}`));
    if (!isNode(node)) return [];
    const fields = isNode(node['properties']) ? Object.entries(node['properties']) : [];
    const own = fields.flatMap(([name, field]) => {
      if (!isNode(field) || '$ref' in field) return [];
      const chinese = isNode(field['x-zh']) ? field['x-zh'] : {};
      const told = 'title' in field && 'title' in chinese && 'description' in field === 'description' in chinese;
      return told ? [] : [`${pointer}/properties/${name}`];
    });
    return [...own, ...Object.entries(node).flatMap(([key, value]) => untold(value, `${pointer}/${key}`))];
  }

  it('tells every field in English and Chinese', () => {
    expect(untold(SCHEMAS.program, '')).toEqual([]);
  });
});
