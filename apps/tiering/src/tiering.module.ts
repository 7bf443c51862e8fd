import { Nudge, type ServiceContext, type ServiceDefinition, type ServiceParts } from '@jifen/service-host';
import type { Consumer } from '@jifen/messaging';
import { Module } from '@nestjs/common';
import { AssignmentController, TIER_DESK, type TierDesk } from './adapters/assignment.controller.ts';
import { createTieringConsumer } from './adapters/consumer.ts';
import { TIERING_MIGRATIONS } from './adapters/migrations.ts';
import { recomputeTask } from './adapters/recompute-task.ts';
import { reviewTask } from './adapters/review-task.ts';
import { tables } from './adapters/tables.ts';
import { StandingsController } from './adapters/standings.controller.ts';
import { TIER_READS, TierController, type TierReads } from './adapters/tier.controller.ts';
import answers from './answers.json' with { type: 'json' };

@Module({})
export class TieringModule {}

function create({ pool, store: storeOf, clock, metrics }: ServiceContext): Promise<ServiceParts> {
  const store = storeOf('tier');
  const reads: TierReads = { store, tables, sql: pool, clock };
  const ladderChanged = new Nudge();
  const consumers: readonly Consumer[] = [
    createTieringConsumer({ store, tables, onLadder: () => ladderChanged.nudge() }),
  ];
  return Promise.resolve({
    module: {
      module: TieringModule,
      controllers: [TierController, StandingsController, AssignmentController],
      providers: [
        { provide: TIER_READS, useValue: reads },
        { provide: TIER_DESK, useValue: { store, tables } satisfies TierDesk },
      ],
    },
    consumers,
    background: [
      recomputeTask({ store, tables, sql: pool, clock, ladderChanged }),
      reviewTask({ store, tables, sql: pool, clock, metrics }),
    ],
  });
}

/** Where members stand: `jifen.ledger.v1`, `jifen.activity.v1` and `jifen.program.v1` in, `jifen.tier.v1` out. */
export const tieringService: ServiceDefinition = {
  name: 'tiering',
  logs: ['tier'],
  migrations: TIERING_MIGRATIONS,
  answers,
  create,
};
