import { DEFAULT_PARTITIONS } from '@jifen/messaging';
import { readKafkaSecurity, type KafkaSecurity } from './kafka-security.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a deployment sets; each option wins over its environment variable. */
export interface HostSettings {
  /** `DATABASE_URL`: logs in as the owner of the schemas. */
  readonly databaseUrl?: string;
  /** `KAFKA_BROKERS`, separated by commas; without any the embedded bus carries the logs. */
  readonly kafkaBrokers?: readonly string[];
  /** `PORT`; 0 takes a free one. */
  readonly port?: number;
  /** `HOST`: address to listen on. */
  readonly host?: string;
  /** `JIFEN_PARTITIONS`: fixed when the deployment is created. */
  readonly partitions?: number;
  /** `JIFEN_SECRET_KEY`: encrypts what has to be read again, e.g. webhook secrets. */
  readonly secretKey?: string;
  /** `LOG_LEVEL`. */
  readonly logLevel?: string;
  /** `JIFEN_POOL_SIZE`: connections of each service. */
  readonly poolSize?: number;
  /** `JIFEN_DRAIN_MS`: how long requests in hand may take at shutdown. */
  readonly drainMs?: number;
  /** `JIFEN_START_WAIT_MS`: how long a start waits for its database and broker before it gives up. */
  readonly startWaitMs?: number;
  /** `JIFEN_STALL_MS`: work that has not moved for this long makes the process unhealthy. */
  readonly stallMs?: number;
}

export interface HostConfig {
  readonly databaseUrl: string;
  readonly kafkaBrokers: readonly string[];
  readonly kafkaSecurity: KafkaSecurity;
  /** How long a start waits for its database and broker. */
  readonly startWaitMs: number;
  readonly port: number;
  readonly host: string;
  readonly partitions: number;
  readonly logLevel: string;
  readonly poolSize: number;
  readonly drainMs: number;
  readonly stallMs: number;
  /** The environment that services see: the process's own with the options laid over it. */
  readonly environment: Environment;
}

/** Every setting that is missing or wrong, in one message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(`the configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const BROKER = /^[^\s:,]+:\d{1,5}$/;
const MIN_SECRET = 32;

const given = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text);

export function readConfig(environment: Environment, settings: HostSettings = {}): HostConfig {
  const faults: string[] = [];
  const integer = (name: string, value: number | undefined, fallback: number, min: number, max: number): number => {
    const text = given(environment[name]);
    const number = value ?? (text === undefined ? fallback : Number(text));
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    faults.push(`${name} must be an integer from ${min} to ${max}, not '${value ?? text}'`);
    return fallback;
  };
  const databaseUrl = settings.databaseUrl ?? given(environment['DATABASE_URL']) ?? '';
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    faults.push(
      databaseUrl === ''
        ? 'DATABASE_URL is missing: postgres://user:password@host:5432/database'
        : 'DATABASE_URL must begin with postgres://',
    );
  }
  const brokers = settings.kafkaBrokers ?? (given(environment['KAFKA_BROKERS']) ?? '').split(',');
  const kafkaBrokers = brokers.map((broker) => broker.trim()).filter((broker) => broker !== '');
  for (const broker of kafkaBrokers) {
    if (!BROKER.test(broker)) faults.push(`KAFKA_BROKERS: '${broker}' is not host:port`);
  }
  const secretKey = settings.secretKey ?? given(environment['JIFEN_SECRET_KEY']);
  if (secretKey !== undefined && secretKey.length < MIN_SECRET) {
    faults.push(`JIFEN_SECRET_KEY must have at least ${MIN_SECRET} characters`);
  }
  const logLevel = settings.logLevel ?? given(environment['LOG_LEVEL']) ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  const config = {
    databaseUrl,
    kafkaBrokers,
    kafkaSecurity: readKafkaSecurity(environment, faults),
    startWaitMs: integer('JIFEN_START_WAIT_MS', settings.startWaitMs, 60_000, 0, 3_600_000),
    port: integer('PORT', settings.port, 3000, 0, 65_535),
    host: settings.host ?? given(environment['HOST']) ?? '127.0.0.1',
    partitions: integer('JIFEN_PARTITIONS', settings.partitions, DEFAULT_PARTITIONS, 1, 256),
    logLevel,
    poolSize: integer('JIFEN_POOL_SIZE', settings.poolSize, 10, 2, 200),
    drainMs: integer('JIFEN_DRAIN_MS', settings.drainMs, 10_000, 0, 600_000),
    stallMs: integer('JIFEN_STALL_MS', settings.stallMs, 30_000, 1_000, 3_600_000),
    environment: {
      ...environment,
      DATABASE_URL: databaseUrl,
      ...(secretKey === undefined ? {} : { JIFEN_SECRET_KEY: secretKey }),
    },
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}
