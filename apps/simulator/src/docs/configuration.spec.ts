import { readText, rowsOf } from './pages.ts';

const SOURCES = [
  'apps/ledger/src/adapters/auditor.ts',
  'libs/service-host/src/boot/config.ts',
  'libs/service-host/src/boot/kafka-security.ts',
  'apps/notifications/src/adapters/config.ts',
];

const source = SOURCES.map(readText).join('\n');

/** Names of the variables that the code reads. */
const read = new Set(
  [...source.matchAll(/(?:environment\[|given\(|integer\()'([A-Z][A-Z_]+)'/g)].map(([, name = '']) => name),
);

/** Defaults of the numbers, as they stand in the code. */
const numbers = new Map(
  [...source.matchAll(/integer\('([A-Z_]+)', (?:settings\.\w+, )?([\d_]+|DEFAULT_PARTITIONS),/g)].map(
    ([, name = '', value = '']) => [name, value === 'DEFAULT_PARTITIONS' ? '16' : value.replaceAll('_', '')],
  ),
);

describe.each(['docs/operations.md', 'docs/operations.zh-CN.md'])('the configuration of %s', (page) => {
  const table = new Map(
    rowsOf(readText(page))
      .map(([name = '', fallback = '']) => [/^`([A-Z][A-Z_]+)`$/.exec(name)?.[1] ?? '', fallback] as const)
      .filter(([name]) => name !== ''),
  );

  it('lists every variable that the code reads, and no other', () => {
    expect([...table.keys()].sort()).toEqual([...read].sort());
  });

  it('tells the defaults of the code', () => {
    expect(numbers.size).toBeGreaterThan(8);
    for (const [name, value] of numbers) expect([name, table.get(name)]).toEqual([name, `\`${value}\``]);
  });
});
