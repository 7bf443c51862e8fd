import { dockerAnswers, startBrokerContainer } from './kafka-docker.ts';
import { kafkaJars } from './kafka-jars.ts';
import { type BrokerProcess, startBrokerProcess } from './kafka-process.ts';

/** Where a broker can be had, in the order of search; `none` says why not. */
export type BrokerSource =
  | { readonly kind: 'given'; readonly brokers: readonly string[] }
  | { readonly kind: 'docker' }
  | { readonly kind: 'jars'; readonly classPath: string }
  | { readonly kind: 'none'; readonly reason: string };

export type BrokerKind = Exclude<BrokerSource['kind'], 'none'>;

export interface Broker {
  readonly kind: BrokerKind;
  readonly brokers: readonly string[];
  /** Only a broker that runs as our own process can be killed and restarted on its port. */
  readonly canKill: boolean;
  /** Resolves when its process, if it is our own, has gone, whoever ended it. */
  exited(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Does not answer for a while, as behind a network that swallows packets; connections stay. */
  freeze(millis: number): Promise<void>;
}

export interface BrokerOptions {
  /** Folder that outlives the broker; otherwise a temporary one. Only for the jars. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** `KAFKA_BROKERS`, else a Docker engine, else Apache Kafka's own jars with the system's Java. */
export async function findBroker(environment: NodeJS.ProcessEnv = process.env): Promise<BrokerSource> {
  const given = (environment['KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (given.length > 0) return { kind: 'given', brokers: given };
  if (await dockerAnswers()) return { kind: 'docker' };
  const jars = await kafkaJars();
  if (jars.ok) return { kind: 'jars', classPath: jars.classPath };
  return { kind: 'none', reason: `KAFKA_BROKERS is not set, no Docker engine answers, and ${jars.reason}` };
}

/** There is no broker to be had; the message says where it was looked for. */
export class NoBrokerError extends Error {
  override readonly name = 'NoBrokerError';
}

const refuse = (kind: BrokerKind, verb: string) => (): Promise<never> =>
  Promise.reject(new Error(`a broker of kind "${kind}" cannot be ${verb} from here`));

const notOurs = (): Promise<void> => new Promise(() => undefined);

const ofProcess = (broker: BrokerProcess): Broker => ({
  kind: 'jars',
  brokers: [`127.0.0.1:${broker.port}`],
  canKill: true,
  exited: () => broker.exited(),
  stop: () => broker.stop(),
  kill: () => broker.kill(),
  restart: () => broker.restart(),
  freeze: (millis) => broker.freeze(millis),
});

/** Starts a broker of the source, or throws the reason why there is none. */
export async function startBrokerOf(source: BrokerSource, options: BrokerOptions = {}): Promise<Broker> {
  switch (source.kind) {
    case 'none':
      throw new NoBrokerError(`no Kafka broker: ${source.reason}`);
    case 'given':
      return {
        kind: 'given',
        brokers: source.brokers,
        canKill: false,
        exited: notOurs,
        stop: () => Promise.resolve(),
        kill: refuse('given', 'killed'),
        restart: refuse('given', 'restarted'),
        freeze: refuse('given', 'frozen'),
      };
    case 'docker': {
      const container = await startBrokerContainer(options.environment ?? process.env);
      return {
        kind: 'docker',
        brokers: [container.brokers],
        canKill: false,
        exited: notOurs,
        stop: container.stop,
        kill: refuse('docker', 'killed'),
        restart: refuse('docker', 'restarted'),
        freeze: refuse('docker', 'frozen'),
      };
    }
    case 'jars': {
      const { classPath } = source;
      const { dataDir, port } = options;
      return ofProcess(
        await startBrokerProcess({
          classPath,
          ...(dataDir === undefined ? {} : { dataDir }),
          ...(port === undefined ? {} : { port }),
        }),
      );
    }
  }
}

export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  return startBrokerOf(await findBroker(options.environment ?? process.env), options);
}
