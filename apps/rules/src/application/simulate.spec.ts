import type { EarnRule, ProgramDocument } from '@jifen/contracts';
import type { MemorySql } from '@jifen/event-store';
import { instant } from '@jifen/kernel';
import { memoryTables } from './memory/memory-tables.ts';
import type { PublishedVersion } from './ports.ts';
import { ProgramCatalog } from './program-catalog.ts';
import { simulate, type Sample } from './simulate.ts';
import { PLAIN_PROGRAM } from '../testing/program.ts';

const PROGRAM = 'demo';
const rule = (id: string, points: string, more: Partial<EarnRule> = {}): EarnRule => ({
  id,
  when: { order: 'paid' },
  earn: { form: 'rate', points, per: '1.00' },
  currency: 'points',
  ...more,
});
const document = (points: string): ProgramDocument => ({
  ...PLAIN_PROGRAM,
  rules: [
    rule('spend', points),
    rule('double', '1', { earn: { form: 'multiplier', of: ['spend'], by: '2' } }),
    rule('singles-day', '1', { schedule: { from: '2026-11-11T00:00:00+08:00', to: '2026-11-12T00:00:00+08:00' } }),
    rule('big', '1', { if: { order: { amount: { atLeast: '500.00' } } }, earn: { form: 'fixed', points: 50 } }),
  ],
  limits: [{ id: 'shared', per: 'day', currency: 'points', points: 1_000, rules: ['singles-day', 'big'] }],
});
const order = (placedAt: string) => ({
  source: 'shop',
  orderId: 'A',
  revision: 1,
  status: 'paid',
  occurredAt: placedAt,
  placedAt,
  currency: 'CNY',
  lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '100.00' }],
});

const rows = new Map<string, Map<string, unknown>>();
const sql: MemorySql = {
  table: <Row>(name: string) => {
    const table = rows.get(name) ?? new Map<string, unknown>();
    rows.set(name, table);
    return table as Map<string, Row>;
  },
};
const parts = { tables: memoryTables, catalog: new ProgramCatalog<MemorySql>(memoryTables), sql };
const ask = (sample: Omit<Sample, 'program'>) => simulate(parts, { program: PROGRAM, ...sample });

beforeAll(async () => {
  const published: Omit<PublishedVersion, 'version' | 'document' | 'effectiveFrom'> = {
    program: PROGRAM,
    publishedAt: instant('2026-01-01T00:00:00Z'),
    publishedBy: 'k',
  };
  const first = { ...published, version: 1, document: document('1') };
  const second = { ...published, version: 2, document: document('3') };
  await memoryTables.insertVersion(sql, { ...first, effectiveFrom: instant('2026-01-01T00:00:00Z') });
  await memoryTables.insertVersion(sql, { ...second, effectiveFrom: instant('2026-12-01T00:00:00Z') });
});

describe('Q25: a dry run', () => {
  it('Q25: rates as of a future instant, by what holds then, and writes nothing', async () => {
    const before = JSON.stringify([...rows].map(([name, table]) => [name, [...table]]));
    expect(await ask({ order: order('2026-11-11T04:00:00Z') })).toMatchObject({
      value: { programVersion: 1, totals: { points: 300 } },
    });
    expect(await ask({ order: order('2027-01-15T04:00:00Z') })).toMatchObject({
      value: { programVersion: 2, totals: { points: 600 } },
    });
    expect(JSON.stringify([...rows].map(([name, table]) => [name, [...table]]))).toBe(before);
  });

  it('Q25: explains the rules that failed and those that did not qualify', async () => {
    const answer = await ask({ order: order('2026-11-20T04:00:00Z') });
    const words = answer.ok ? answer.value.explanation.words : [];
    expect(words.map(({ rule: id, fired }) => [id, fired])).toEqual([
      ['spend', true],
      ['singles-day', false],
      ['big', false],
      ['double', true],
    ]);
    const told = new Map(words.map((each) => [each.rule, each]));
    expect(told.get('singles-day')?.en.at(-1)).toMatch(/^Rule singles-day gives nothing: /);
    expect(told.get('big')?.en[0]).toContain('must be at least 500.00 CNY: no');
    expect(told.get('big')?.zh.at(-1)).toBe('规则 big 未给予积分：条件不成立。');
  });

  it('Q25: tries the campaigns that are chosen, and no others', async () => {
    const at = { order: order('2026-11-11T04:00:00Z') };
    const some = await ask({ ...at, rules: ['spend', 'double'] });
    expect(some).toMatchObject({
      value: { totals: { points: 200 }, awards: [{ ruleId: 'spend' }, { ruleId: 'double' }] },
    });
    expect(await ask({ ...at, rules: ['singles-day'] })).toMatchObject({ value: { totals: { points: 100 } } });
    expect(await ask({ ...at, rules: ['spend', 'lost'] })).toMatchObject({
      refusal: { code: 'invalid_request', errors: [{ pointer: '/rules/1' }] },
    });
    expect(await ask({ ...at, rules: ['double'] })).toMatchObject({ refusal: { code: 'invalid_program' } });
  });

  it('Q25: tries a version that is not in force, and says what it costs and changes', async () => {
    const answer = await ask({ order: order('2026-11-20T04:00:00Z'), version: 2 });
    expect(answer).toMatchObject({
      value: {
        programVersion: 2,
        totals: { points: 600 },
        comparison: {
          baseline: 'version 1',
          totals: [
            { candidate: 600, baseline: 200, change: 400, cost: { candidate: { amount: '6.00', currency: 'CNY' } } },
          ],
          rules: [
            { rule: 'spend', change: 200 },
            { rule: 'double', change: 200 },
          ],
          costGate: { percent: '6.00', within: false },
        },
      },
    });
    expect(await ask({ order: order('2026-11-20T04:00:00Z'), version: 9 })).toMatchObject({
      refusal: { code: 'not_found', detail: 'there is no version 9' },
    });
    expect(await ask({ order: order('2026-11-20T04:00:00Z'), version: 1, draft: true })).toMatchObject({
      refusal: { code: 'invalid_request' },
    });
  });
});
