import { randomUUID } from 'node:crypto';
import { Nudge, type ServiceContext, type ServiceDefinition, type ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { ApprovalController, APPROVAL_DESK, type ApprovalDesk } from './adapters/approval.controller.ts';
import { observeApprovals } from './adapters/approval-metrics.ts';
import { BUDGET_READS, BudgetController, type BudgetQueries } from './adapters/budget.controller.ts';
import { countedBudgets } from './adapters/budget-metrics.ts';
import { budgetTables } from './adapters/budget-tables.ts';
import { createRulesConsumer, decode } from './adapters/consumer.ts';
import { RULES_MIGRATIONS } from './adapters/migrations.ts';
import { PROGRAM_DESK, ProgramController, type ProgramDesk } from './adapters/program.controller.ts';
import { PREVIEW_READS, PreviewController, type PreviewReads } from './adapters/preview.controller.ts';
import type { Queryable } from './adapters/queryable.ts';
import { RATING_READS, RatingController, type RatingReads } from './adapters/rating.controller.ts';
import { SimulateController } from './adapters/simulate.controller.ts';
import { SIMULATION_DESK, SimulationController, type SimulationDesk } from './adapters/simulation.controller.ts';
import { simulationTables } from './adapters/simulation-tables.ts';
import { SHADOW_DESK, ShadowController } from './adapters/shadow.controller.ts';
import { shadowTables } from './adapters/shadow-tables.ts';
import { referralTeller } from './adapters/referral-teller.ts';
import { tables } from './adapters/tables.ts';
import { observeTrials } from './adapters/trial-metrics.ts';
import { observeUnrated } from './adapters/unrated.ts';
import { ProgramCatalog } from './application/program-catalog.ts';
import { ShadowCrew } from './application/shadow/shadow-crew.ts';
import type { ShadowParts } from './application/shadow/shadow-desk.ts';
import { runNextJob } from './application/simulation/job-runner.ts';
import answers from './answers.json' with { type: 'json' };

@Module({})
export class RulesModule {}

/** Looks for simulations that another process was asked for. */
const POLL_MS = 2_000;

function create({
  pool: sql,
  partitions,
  store: storeOf,
  clock,
  logger,
  metrics,
}: ServiceContext): Promise<ServiceParts> {
  const store = storeOf('rating');
  const catalog = new ProgramCatalog<Queryable>(tables);
  const desk: ProgramDesk = { store: storeOf('program'), tables, catalog, sql, clock };
  const reads: RatingReads = { store, tables, catalog, sql, clock };
  const budgets = countedBudgets(budgetTables(sql, partitions), metrics);
  const budgetReads: BudgetQueries = { budgets, catalog, sql, clock };
  const previews: PreviewReads = { store, tables, catalog, budgets, sql, clock };
  const approvalDesk: ApprovalDesk = { store, tables, catalog, budgets, sql, clock };
  observeApprovals(metrics, sql, clock);
  observeTrials(metrics, sql, clock);
  const simulations = new Nudge();
  const referrals = new Nudge();
  const jobs = simulationTables;
  const simulationDesk: SimulationDesk = { tables, catalog, sql, jobs, clock, nudge: () => simulations.nudge() };
  const runner = { activities: storeOf('activity'), tables, sql, decode, jobs, clock };
  const crew = new ShadowCrew({
    ...{ shadows: shadowTables, tables, sql, holder: randomUUID() },
    onFault: (error, program) => logger.error({ err: error, program }, 'a shadow broke and is left alone'),
  });
  const shadowDesk: ShadowParts<Queryable> = { shadows: shadowTables, tables, catalog, sql, clock };
  return Promise.resolve({
    module: {
      module: RulesModule,
      controllers: [
        ProgramController,
        SimulateController,
        SimulationController,
        ShadowController,
        RatingController,
        BudgetController,
        ApprovalController,
        PreviewController,
      ],
      providers: [
        { provide: PROGRAM_DESK, useValue: desk },
        { provide: RATING_READS, useValue: reads },
        { provide: BUDGET_READS, useValue: budgetReads },
        { provide: PREVIEW_READS, useValue: previews },
        { provide: APPROVAL_DESK, useValue: approvalDesk },
        { provide: SHADOW_DESK, useValue: shadowDesk },
        { provide: SIMULATION_DESK, useValue: simulationDesk },
      ],
    },
    consumers: [
      createRulesConsumer({
        store,
        tables,
        catalog,
        budgets,
        watch: (items) => crew.offer(items),
        referred: () => referrals.nudge(),
        unrated: observeUnrated(metrics, logger, clock),
      }),
    ],
    background: [
      referralTeller({ store, tables, catalog, budgets, sql, logger, nudge: referrals }),
      { name: 'shadows', run: (signal) => crew.run(signal) },
      {
        name: 'simulations',
        run: async (signal) => {
          while (!signal.aborted) if (!(await runNextJob(runner, signal))) await simulations.wait(POLL_MS, signal);
        },
      },
    ],
  });
}

/** What causes are worth: `jifen.activity.v1` and `jifen.tier.v1` in, `jifen.rating.v1` and `jifen.program.v1` out. */
export const rulesService: ServiceDefinition = {
  name: 'rules',
  logs: ['rating', 'program'],
  migrations: RULES_MIGRATIONS,
  answers,
  create,
};
