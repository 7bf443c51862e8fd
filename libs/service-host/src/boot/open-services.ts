import 'reflect-metadata';
import { createLogger } from '../run-state/logger.ts';
import type { ServiceDefinition } from '../service.ts';
import type { HostOptions } from './boot-host.ts';
import { readConfig } from './config.ts';
import { createService, type HostedService } from './services.ts';

export interface OpenServices {
  readonly services: readonly HostedService[];
  close(): Promise<void>;
}

/** The services' parts on an existing database, without bus and HTTP: for tools that work beside a running deployment. */
export async function openServices(
  definitions: readonly ServiceDefinition[],
  options: HostOptions = {},
): Promise<OpenServices> {
  const config = readConfig(options.environment ?? process.env, options);
  const logger = createLogger(config.logLevel, options.logDestination);
  const services: HostedService[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(services.map(({ database }) => database.close()));
  };
  try {
    for (const definition of definitions) {
      services.push(await createService(definition, { config, clock: options.clock, logger }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { services, close };
}
