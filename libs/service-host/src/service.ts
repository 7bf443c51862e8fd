import type { EventStore } from '@jifen/event-store';
import type { Migration } from '@jifen/event-store-postgres';
import type { Consumer, LogName, Mirror, Precedence } from '@jifen/messaging';
import type { DynamicModule } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Answers } from './edge/openapi-document.ts';

export const SERVICE_NAMES = ['ingestion', 'rules', 'ledger', 'tiering', 'notifications'] as const;
/** Also the name of the service's schema; its database role is `jifen_<name>`. */
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Everything a service gets from its host; nothing else reaches it from outside. */
export interface ServiceContext {
  /** Acts as the service's own role, with its own schema first in the search path. */
  readonly pool: Pool;
  /** Partitions of the deployment. */
  readonly partitions: number;
  /** The service's own logs, and those of others that it may read. */
  store(log: LogName): EventStore<PoolClient>;
  /** Milliseconds since 1970, for what is shown and waited for. What is written goes by the store's (`now`), one for all processes. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the process: what somebody waits for, before what can wait. */
  readonly precedence: Precedence;
}

/** Work besides requests and messages: webhook deliveries, sweeps. Runs until the signal aborts; a throw is logged and retried. */
export interface BackgroundTask {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface ServiceParts {
  /** Controllers and their providers, with explicit tokens. */
  readonly module: DynamicModule;
  readonly consumers: readonly Consumer[];
  /** Topics of last states. Kept where the bus is Kafka. */
  readonly mirrors?: readonly Mirror[];
  readonly background?: readonly BackgroundTask[];
}

/** One deployable: what `apps/<name>` exports. The same definition runs alone or beside the others in one process. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly logs: readonly LogName[];
  /** The service's own tables, besides those of the store. */
  readonly migrations: readonly Migration[];
  /** What its routes answer: the service's `answers.json`. */
  readonly answers?: Answers;
  create(context: ServiceContext): Promise<ServiceParts>;
}
