import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { Precedence } from '@jifen/messaging';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream, Logger } from 'pino';
import { KeyVerifier } from '../access/verifier.ts';
import { ContractController } from '../contract/contract.controller.ts';
import { createHttpApp } from '../edge/http-app.ts';
import { serveOpenApi } from '../edge/openapi.ts';
import { Health, type ReadyCheck } from '../run-state/health.ts';
import { createLogger, nestLogger } from '../run-state/logger.ts';
import { hostRegistry, observeLag, type ProcessLabel } from '../run-state/metrics.ts';
import { OperationsController, RUN_STATE, VERSION, type VersionInfo } from '../run-state/operations.controller.ts';
import { runState, type Peers } from '../run-state/run-state.ts';
import type { ServiceDefinition, ServiceName } from '../service.ts';
import { runInBackground } from './background.ts';
import { openCarrier, type Carrier } from './carrier.ts';
import { readConfig, type Environment, type HostConfig, type HostSettings } from './config.ts';
import { migrateAll } from './databases.ts';
import { createService, type HostedService } from './services.ts';
import { shutDown, type ShutdownStep } from './shutdown.ts';

export interface HostOptions extends HostSettings {
  /** `process.env` when left out. */
  readonly environment?: Environment;
  /** Milliseconds since 1970. When left out, transactions go by PostgreSQL's clock and all else by the system's. */
  readonly clock?: () => number;
  /** Where log lines go; standard output when left out. */
  readonly logDestination?: DestinationStream;
  /** The processes that listen on the same port, where there are several. */
  readonly peers?: Peers;
}

export interface RunningHost {
  readonly url: string;
  readonly port: number;
  readonly services: readonly ServiceName[];
  readonly logger: Logger;
  /** Resolves when everything accepted is durable and everything is closed. A second call gives the same promise. */
  stop(): Promise<void>;
}

const IDLE_SWEEP_MS = 50;

@Module({})
class HostModule {}

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Runs the services in this process: everything up and ready when it resolves, nothing left behind when it throws. */
export async function bootHost(
  definitions: readonly ServiceDefinition[],
  options: HostOptions = {},
): Promise<RunningHost> {
  const config = readConfig(options.environment ?? process.env, options);
  const logger = createLogger(config.logLevel, options.logDestination);
  const steps: ShutdownStep[] = [];
  // Later parts use earlier ones: they stop in the opposite order.
  const atStop = (name: string, run: () => Promise<void>): void => {
    steps.unshift({ name, run });
  };
  try {
    await migrateAll(config, definitions, logger);
    const services: HostedService[] = [];
    const { clock, peers } = options;
    const label = peers === undefined ? {} : { process: peers.name };
    const precedence = new Precedence();
    for (const definition of definitions) {
      const service = await createService(definition, { config, clock, logger, label, precedence });
      services.push(service);
      atStop(`${definition.name}: database`, () => service.database.close());
    }
    return await bootServices(services, { config, logger, clock: clock ?? Date.now, peers, label, steps, atStop });
  } catch (error) {
    await shutDown(steps, logger);
    throw error;
  }
}

interface Boot {
  readonly config: HostConfig;
  readonly logger: Logger;
  readonly clock: () => number;
  readonly peers: Peers | undefined;
  readonly label: ProcessLabel;
  readonly steps: ShutdownStep[];
  readonly atStop: (name: string, run: () => Promise<void>) => void;
}

async function bootServices(services: readonly HostedService[], boot: Boot): Promise<RunningHost> {
  const { config, logger, atStop } = boot;
  const first = services[0];
  if (first === undefined) throw new Error('a host needs at least one service');
  const keys = new KeyVerifier(first.database.pool, boot.clock, (error) =>
    logger.warn({ err: error }, 'key uses not noted'),
  );
  atStop('keys', () => keys.stop());

  const carrier = await openCarrier(services, config, logger);
  atStop('bus', () => carrier.close());
  for (const { definition, metrics } of services) {
    observeLag(() => [...carrier.consumersOf(definition.name), ...carrier.relaysOf(definition.name)], metrics);
  }

  const health = new Health(() => carrier.progressing(), readyChecks(services, carrier), config.stallMs);
  const app = await createApp(services, { boot, keys, health, bus: carrier.kind });
  atStop('modules', () => app.close());
  for (const strategy of carrier.strategies()) app.connectMicroservice({ strategy });
  await app.init();

  for (const service of services) {
    for (const task of service.parts.background ?? []) {
      const running = runInBackground(task, service.logger);
      atStop(`${service.definition.name}: ${task.name}`, () => running.stop());
    }
  }
  await carrier.startRelays();
  atStop('relays', () => carrier.stopRelays());
  await app.startAllMicroservices();
  atStop('consumers', () => carrier.stopConsumers());

  await app.listen({ port: config.port, host: config.host });
  atStop('requests', () => drain(app, config.drainMs));
  return handleOf(app, services, boot, health);
}

function readyChecks(services: readonly HostedService[], carrier: Carrier): readonly ReadyCheck[] {
  const databases = services.map(({ definition, database }) => ({
    name: `${definition.name}: database`,
    check: async () => {
      await database.pool.query('SELECT 1');
    },
  }));
  const partitions = services.map(({ definition: { name } }) => ({
    name: `${name}: partitions`,
    check: () => {
      const idle = carrier.consumersOf(name).filter((consumer) => consumer.owned().length === 0);
      if (idle.length === 0) return Promise.resolve();
      return Promise.reject(new Error(`none assigned yet: ${idle.map(({ group }) => group).join(', ')}`));
    },
  }));
  return [...databases, ...partitions];
}

interface AppParts {
  readonly boot: Boot;
  readonly keys: KeyVerifier;
  readonly health: Health;
  readonly bus: string;
}

async function createApp(services: readonly HostedService[], parts: AppParts): Promise<NestFastifyApplication> {
  const { config, logger, label, peers } = parts.boot;
  const metrics = { host: hostRegistry(label), services: services.map((service) => service.metrics) };
  const names = services.map(({ definition }) => definition.name);
  const about: VersionInfo = {
    name: 'jifen',
    version: version(),
    node: process.versions.node,
    services: names,
    bus: parts.bus,
    partitions: config.partitions,
  };
  const root: DynamicModule = {
    module: HostModule,
    imports: services.map((service) => service.parts.module),
    controllers: [OperationsController, ContractController],
    providers: [
      { provide: RUN_STATE, useValue: runState(parts.health, metrics, peers) },
      { provide: VERSION, useValue: about },
    ],
  };
  const app = await createHttpApp({
    root,
    keys: parts.keys,
    logger,
    nestLogger: nestLogger(logger),
    metrics: metrics.host,
    service: names.length === 1 ? names[0] : undefined,
  });
  serveOpenApi(app, {
    title: names.length === 1 ? `Jifen ${names[0]}` : 'Jifen',
    version: about.version,
    answers: services.flatMap(({ definition: { answers } }) => answers ?? []),
  });
  return app;
}

/** No new connection from now on; requests in hand are answered, late ones cut off. */
async function drain(app: NestFastifyApplication, drainMs: number): Promise<void> {
  const server = app.getHttpServer();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  // A connection that answers its last request stays open for the next one, which never comes.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  await app.getHttpAdapter().getInstance().close();
  clearTimeout(timer);
  clearInterval(sweep);
}

function handleOf(
  app: NestFastifyApplication,
  services: readonly HostedService[],
  { config, logger, steps }: Boot,
  health: Health,
): RunningHost {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address !== null ? address.port : config.port;
  const url = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`;
  const names = services.map(({ definition }) => definition.name);
  logger.info({ url, services: names, partitions: config.partitions }, 'ready');
  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    services: names,
    logger,
    stop: () => {
      health.stop();
      stopping ??= shutDown(steps, logger).then(() => logger.info({ services: names }, 'stopped'));
      return stopping;
    },
  };
}
