import type { ServiceContext, ServiceDefinition, ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { createRulesConsumer } from './adapters/consumer.ts';
import { RULES_MIGRATIONS } from './adapters/migrations.ts';
import { PROGRAM_DESK, ProgramController, type ProgramDesk } from './adapters/program.controller.ts';
import type { Queryable } from './adapters/queryable.ts';
import { RATING_READS, RatingController, type RatingReads } from './adapters/rating.controller.ts';
import { SimulateController } from './adapters/simulate.controller.ts';
import { tables } from './adapters/tables.ts';
import { ProgramCatalog } from './application/program-catalog.ts';

@Module({})
export class RulesModule {}

function create({ pool: sql, store: storeOf, clock }: ServiceContext): Promise<ServiceParts> {
  const store = storeOf('rating');
  const catalog = new ProgramCatalog<Queryable>(tables);
  const desk: ProgramDesk = { store: storeOf('program'), tables, catalog, sql, clock };
  const reads: RatingReads = { store, tables, catalog, sql, clock };
  return Promise.resolve({
    module: {
      module: RulesModule,
      controllers: [ProgramController, SimulateController, RatingController],
      providers: [
        { provide: PROGRAM_DESK, useValue: desk },
        { provide: RATING_READS, useValue: reads },
      ],
    },
    consumers: [createRulesConsumer({ store, tables, catalog })],
  });
}

/** What causes are worth: `jifen.activity.v1` and `jifen.tier.v1` in, `jifen.rating.v1` and `jifen.program.v1` out. */
export const rulesService: ServiceDefinition = {
  name: 'rules',
  logs: ['rating', 'program'],
  migrations: RULES_MIGRATIONS,
  create,
};
