import type { ServiceContext, ServiceDefinition, ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { accountTable, LIVE } from './adapters/account-table.ts';
import { auditor, auditPace } from './adapters/auditor.ts';
import { BALANCES_READS, BalancesController } from './adapters/balances.controller.ts';
import { ledgerMetrics } from './adapters/ledger-metrics.ts';
import { LEDGER_READS, LedgerController, type LedgerReads } from './adapters/ledger.controller.ts';
import { liabilityReads } from './adapters/liability-table.ts';
import { LIABILITY_READS, LiabilityController } from './adapters/liability.controller.ts';
import { LEDGER_MIGRATIONS } from './adapters/migrations.ts';
import { createRatingConsumer } from './adapters/rating-consumer.ts';
import { dueAccounts, ledgerReads } from './adapters/reads.ts';
import { activationSweeper } from './adapters/sweeper.ts';
import type { SweepFailure } from './application/sweep.ts';
import type { Finding } from './maintenance/audit.ts';

@Module({})
export class LedgerModule {}

function create({ pool, store: storeOf, clock, logger, metrics, environment }: ServiceContext): Promise<ServiceParts> {
  const store = storeOf('ledger');
  const accounts = accountTable(LIVE, { owed: true });
  const policies = { policiesOf: () => Promise.resolve(undefined) };
  const reads: LedgerReads = { store, reads: { ...ledgerReads(pool), ...policies }, clock };
  const { flushed, posted } = ledgerMetrics(metrics);
  const failed = (failure: SweepFailure): void => {
    logger.error({ failure }, 'activations could not be booked; compare the balances with the log');
  };
  const drifted = (findings: readonly Finding[], parked: readonly string[]): void => {
    logger.error({ findings, parked }, 'tables do not agree with the log: members are parked, see jifen audit');
  };
  return Promise.resolve({
    module: {
      module: LedgerModule,
      controllers: [LedgerController, BalancesController, LiabilityController],
      providers: [
        { provide: LEDGER_READS, useValue: reads },
        { provide: BALANCES_READS, useValue: { ...reads, reads: { ...ledgerReads(pool), ...policies } } },
        { provide: LIABILITY_READS, useValue: { reads: { ...liabilityReads(pool), ...policies }, clock } },
      ],
    },
    consumers: [createRatingConsumer({ store, accounts, observe: flushed, posted })],
    background: [
      activationSweeper({ store, accounts, due: dueAccounts(pool), clock, posted, failed }),
      auditor({ pool, store, clock, metrics, eventsPerSecond: auditPace(environment), found: drifted }),
    ],
  });
}

/** What members have: `jifen.rating.v1` in, `jifen.ledger.v1` out. */
export const ledgerService: ServiceDefinition = {
  name: 'ledger',
  logs: ['ledger'],
  migrations: LEDGER_MIGRATIONS,
  create,
};
