import type { ServiceContext, ServiceDefinition, ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { createAcceptQueue } from './adapters/accept-queue.ts';
import { DoorsController } from './adapters/doors.controller.ts';
import { KeptRecords } from './adapters/kept-records.ts';
import { MemberController, type MemberUpdate } from './adapters/member.controller.ts';
import { createMetrics, type Accept } from './adapters/metrics.ts';
import { ingestionMigrations } from './adapters/migrations.ts';
import { RejectedController, type Redrive } from './adapters/rejected.controller.ts';
import { createSourceConsumer } from './adapters/source-consumer.ts';
import { StandingController, type StandingDoor } from './adapters/standing.controller.ts';
import { createDirectory, postgresTables } from './adapters/tables.ts';
import { accept } from './application/accept.ts';
import { changeStanding, readStanding } from './application/change-standing.ts';
import { redrive } from './application/redrive.ts';
import { updateMember } from './application/update-member.ts';
import { ACCEPT, KEPT_RECORDS, REDRIVE, STANDING_DOOR, UPDATE_MEMBER } from './tokens.ts';
import answers from './answers.json' with { type: 'json' };

@Module({})
export class IngestionModule {}

function create({ pool, clock, metrics: registry, precedence, store: storeOf }: ServiceContext): Promise<ServiceParts> {
  const dependencies = { store: storeOf('activity'), tables: postgresTables, directory: createDirectory(pool), clock };
  const metrics = createMetrics(registry);
  const queue = createAcceptQueue((submissions) => accept(dependencies, submissions), metrics, precedence);
  const kept = new KeptRecords(pool);
  const acceptRecords: Accept = queue.accept;
  const update: MemberUpdate = (command) => updateMember(dependencies, command);
  const members = storeOf('member');
  const standings: StandingDoor = {
    change: (command) => changeStanding({ ...dependencies, members }, command),
    read: (program, member) => readStanding(members, program, member),
  };
  const again: Redrive = (command) => redrive({ ...dependencies, loadKept: kept.load }, command);
  return Promise.resolve({
    module: {
      module: IngestionModule,
      controllers: [DoorsController, MemberController, StandingController, RejectedController],
      providers: [
        { provide: ACCEPT, useValue: acceptRecords },
        { provide: UPDATE_MEMBER, useValue: update },
        { provide: STANDING_DOOR, useValue: standings },
        { provide: REDRIVE, useValue: again },
        { provide: KEPT_RECORDS, useValue: kept },
      ],
    },
    // Only Kafka has a topic that others write to; the host leaves the consumer out where there is none.
    consumers: [createSourceConsumer({ ...dependencies, directoryIn: createDirectory, metrics })],
  });
}

/** Where everything comes in: HTTP and `jifen.order.v1` in, `jifen.activity.v1` and `jifen.member.v1` out. */
export const ingestionService: ServiceDefinition = {
  name: 'ingestion',
  logs: ['activity', 'member'],
  migrations: ingestionMigrations,
  answers,
  create,
};
