import { createMemoryDatabase, type MemorySql } from '@jifen/event-store';
import { Registry } from 'prom-client';
import { memoryBudgets } from '../application/memory/memory-budgets.ts';
import { countedBudgets } from './budget-metrics.ts';

const place = { program: 'demo', bucket: 'spend:day/2026-11-01', partition: 0 };
const move = (used: number) => ({ ...place, used, revenue: 0, rules: [] });

it('counts draws, those in vain, and flushes that lost their slice', async () => {
  const registry = new Registry();
  const desk = countedBudgets<MemorySql>(memoryBudgets(4), registry);
  const counted = async (name: string): Promise<readonly (readonly [unknown, number])[]> => {
    const found = (await registry.getSingleMetric(name)?.get())?.values ?? [];
    return found.map(({ labels, value }) => [labels['outcome'], value]);
  };
  await createMemoryDatabase().exclusive(async (sql) => {
    await desk.draw(sql, { ...place, total: 100, version: 1, need: 60, planned: 0 });
    expect(await desk.save(sql, [move(60)])).toBe(true);
    await desk.draw(sql, { ...place, total: 100, version: 1, need: 60, planned: 0 });
    expect(await desk.save(sql, [move(60)])).toBe(false);
    expect(await desk.save(sql, [move(40)])).toBe(true);
  });
  expect(await counted('jifen_rules_budget_draws_total')).toEqual([
    ['filled', 1],
    ['short', 1],
  ]);
  expect(await counted('jifen_rules_budget_conflicts_total')).toEqual([[undefined, 1]]);
});
