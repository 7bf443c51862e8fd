import { Nudge, type ServiceContext, type ServiceDefinition, type ServiceParts } from '@jifen/service-host';
import { Module } from '@nestjs/common';
import { accountTable } from './adapters/account-table.ts';
import { auditor, auditPace } from './adapters/auditor.ts';
import { balanceMirror } from './adapters/balance-mirror.ts';
import { BALANCES_READS, BalancesController } from './adapters/balances.controller.ts';
import { ByHandController } from './adapters/http/by-hand.controller.ts';
import { IMPORT_DOOR, ImportController, type ImportDoor } from './adapters/http/import.controller.ts';
import { COMMAND_DOOR } from './adapters/http/command-door.ts';
import { MOVEMENT_READS, QUOTE_PARTS, SpendingController } from './adapters/http/spending.controller.ts';
import { backlogOf } from './adapters/lanes.ts';
import { ledgerMetrics } from './adapters/ledger-metrics.ts';
import { LEDGER_READS, LedgerController, type LedgerReads } from './adapters/ledger.controller.ts';
import { liabilityReads } from './adapters/liability-table.ts';
import { LIABILITY_READS, LiabilityController } from './adapters/liability.controller.ts';
import { LEDGER_MIGRATIONS } from './adapters/migrations.ts';
import { movementReads } from './adapters/movement-reads.ts';
import { programTables } from './adapters/program-tables.ts';
import { createRatingConsumer } from './adapters/rating-consumer.ts';
import { MEMBER_TABLES } from './adapters/standing-table.ts';
import { ledgerReads } from './adapters/reads.ts';
import { scheduler } from './adapters/scheduler.ts';
import { openDoor } from './adapters/open-door.ts';
import type { Unbooked } from './application/book-due.ts';
import { importBalances } from './application/import/import-balances.ts';
import type { QuoteParts } from './application/read-quote.ts';
import type { Finding } from './maintenance/audit.ts';
import answers from './answers.json' with { type: 'json' };

@Module({})
export class LedgerModule {}

function create(context: ServiceContext): Promise<ServiceParts> {
  const { pool, store: storeOf, clock, logger, metrics: registry, environment, precedence } = context;
  const store = storeOf('ledger');
  const accounts = accountTable;
  const programs = programTables();
  const metrics = ledgerMetrics(registry);
  const sent = new Nudge();
  const balances = ledgerReads(pool);
  const policiesOf: LedgerReads['reads']['policiesOf'] = async (program, now) =>
    (await programs.policiesInForce(pool, [program], Date.parse(now))).get(program);
  const reads: LedgerReads = { store, reads: { ...balances, policiesOf }, clock };
  const breached = (details: readonly object[]): void => {
    if (details.length === 0) return;
    metrics.breached(details.length);
    logger.error({ breaches: details }, 'books that would not add up: the members are parked');
  };
  const unbooked = (failed: readonly Unbooked[]): void => {
    metrics.unbooked(failed.length);
    logger.error({ failed }, 'accounts in which nothing due could be booked: they are tried again later');
  };
  const { door, queue } = openDoor({
    store,
    accounts,
    programs,
    metrics,
    precedence,
    breached,
    sent: () => sent.nudge(),
  });
  metrics.watch(
    async () => backlogOf(pool, await store.now()),
    () => queue.queued(),
  );
  const imports: ImportDoor = (request) =>
    importBalances(
      {
        store,
        accounts,
        policies: { policiesOf },
        standings: MEMBER_TABLES.standings,
        posted: metrics.posted,
        breached,
      },
      request,
    );
  const quotes: QuoteParts = {
    reads: balances,
    policiesInForce: (program, now) => programs.policiesInForce(pool, [program], now),
    tierOf: async (owner) => (await programs.tiersOf(pool, [owner])).get(owner),
    partitions: store.partitions,
    clock,
  };
  const drifted = (findings: readonly Finding[], parked: readonly string[]): void => {
    logger.error({ findings, parked }, 'tables do not agree with the log: members are parked, see jifen audit');
  };
  return Promise.resolve({
    module: {
      module: LedgerModule,
      controllers: [
        LedgerController,
        BalancesController,
        LiabilityController,
        SpendingController,
        ByHandController,
        ImportController,
      ],
      providers: [
        { provide: LEDGER_READS, useValue: reads },
        { provide: BALANCES_READS, useValue: reads },
        { provide: LIABILITY_READS, useValue: { reads: { ...liabilityReads(pool), policiesOf }, clock } },
        { provide: COMMAND_DOOR, useValue: door },
        { provide: IMPORT_DOOR, useValue: imports },
        { provide: MOVEMENT_READS, useValue: { movements: movementReads(pool), clock } },
        { provide: QUOTE_PARTS, useValue: quotes },
      ],
    },
    consumers: [
      createRatingConsumer({
        store,
        accounts,
        programs,
        ...MEMBER_TABLES,
        observe: metrics.flushed,
        posted: metrics.posted,
        breached,
      }),
    ],
    mirrors: [balanceMirror(pool)],
    background: [
      scheduler({ pool, store, accounts, posted: metrics.posted, breached, unbooked, nudge: sent }),
      auditor({ pool, store, clock, metrics: registry, eventsPerSecond: auditPace(environment), found: drifted }),
    ],
  });
}

/** What members have: ratings, programs and tiers in, commands over HTTP, `jifen.ledger.v1` out. */
export const ledgerService: ServiceDefinition = {
  name: 'ledger',
  logs: ['ledger'],
  migrations: LEDGER_MIGRATIONS,
  answers,
  create,
};
