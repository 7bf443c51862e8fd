import type { Logger } from 'pino';
import { Precedence } from '@jifen/messaging';
import type { Registry } from 'prom-client';
import { observePool, observeTrouble, serviceRegistry, type ProcessLabel } from '../run-state/metrics.ts';
import type { ServiceDefinition, ServiceParts } from '../service.ts';
import type { HostConfig } from './config.ts';
import { ServiceDatabase } from './databases.ts';

/** A service with everything the host made for it. */
export interface HostedService {
  readonly definition: ServiceDefinition;
  readonly database: ServiceDatabase;
  readonly metrics: Registry;
  readonly logger: Logger;
  readonly precedence: Precedence;
  readonly parts: ServiceParts;
}

export interface ServiceSurroundings {
  readonly config: HostConfig;
  readonly clock: (() => number) | undefined;
  readonly logger: Logger;
  /** On every metric. */
  readonly label?: ProcessLabel;
  /** One for all services of a process. */
  readonly precedence?: Precedence;
}

export async function createService(
  definition: ServiceDefinition,
  surroundings: ServiceSurroundings,
): Promise<HostedService> {
  const { config, clock, label, precedence = new Precedence() } = surroundings;
  const logger = surroundings.logger.child({ service: definition.name });
  const metrics = serviceRegistry(definition.name, label);
  const database = new ServiceDatabase(definition.name, config, clock, logger);
  try {
    observePool(database.pool, metrics);
    observeTrouble(database.pool, metrics);
    // Makes the shard rows of a new deployment and refuses another partition count than the deployment's.
    for (const log of definition.logs) await database.store(log).shards();
    const parts = await definition.create({
      pool: database.pool,
      partitions: config.partitions,
      store: (log) => database.store(log),
      clock: clock ?? Date.now,
      logger,
      metrics,
      environment: config.environment,
      precedence,
    });
    return { definition, database, metrics, logger, precedence, parts };
  } catch (error) {
    await database.close();
    throw error;
  }
}
