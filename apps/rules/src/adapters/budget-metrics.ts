import { Counter, type Registry } from 'prom-client';
import type { BudgetDesk } from '../application/budget/budget-desk.ts';

/** The desk, counting how often the central rows of budgets are asked, and how often that was in vain or came in between. */
export function countedBudgets<Sql>(desk: BudgetDesk<Sql>, registry: Registry): BudgetDesk<Sql> {
  const registers = [registry];
  const draws = new Counter({
    name: 'jifen_rules_budget_draws_total',
    help: 'Slices of budgets filled from the central row: filled, or short of what was missing',
    labelNames: ['outcome'],
    registers,
  });
  const conflicts = new Counter({
    name: 'jifen_rules_budget_conflicts_total',
    help: 'Flushes decided again because another partition drew what a slice had left',
    registers,
  });
  return {
    ...desk,
    draw: async (sql, draw) => {
      const before = draw.planned + draw.need;
      const slice = await desk.draw(sql, draw);
      draws.inc({ outcome: slice.quota - slice.used < before ? 'short' : 'filled' });
      return slice;
    },
    save: async (sql, moves) => {
      const saved = await desk.save(sql, moves);
      if (!saved) conflicts.inc();
      return saved;
    },
  };
}
