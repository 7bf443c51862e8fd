import { type Broker, type BrokerSource, findBroker, startBrokerOf } from './kafka-broker.ts';
import { leaveOut } from './left-out.ts';

const START_TIMEOUT_MS = 180_000;

/** What Jest puts on the global object; imported lazily so that this library also loads outside of Jest. */
interface JestGlobals {
  describe(name: string, define: () => void): void;
  it(name: string, check: () => void): void;
  beforeAll(work: () => Promise<void>, timeoutMs: number): void;
  afterAll(work: () => Promise<void>, timeoutMs: number): void;
}

const hasJest = (value: object): value is JestGlobals => 'describe' in value && 'it' in value && 'beforeAll' in value;

/** On CI a missing broker is a failure, not a skipped suite. */
export const kafkaRequired = (environment: NodeJS.ProcessEnv): boolean =>
  environment['CI'] === 'true' || environment['CI'] === '1' || environment['JIFEN_REQUIRE_KAFKA'] === '1';

export interface SuiteNeeds {
  /** The suite kills the broker, so it must be our own process. */
  readonly kill?: boolean;
}

const lacking = (source: BrokerSource, needs: SuiteNeeds): string | undefined => {
  if (source.kind === 'none') return source.reason;
  if (needs.kill === true && source.kind !== 'jars')
    return `a broker of kind "${source.kind}" cannot be killed from here`;
  return undefined;
};

/**
 * Describes a suite that needs a real broker: starts one before and stops it after. Without any it prints why and
 * registers one skipped test (a failing one where a broker is required). Await it at the top level of the spec.
 */
export async function kafkaSuite(
  name: string,
  define: (broker: () => Broker) => void,
  needs: SuiteNeeds = {},
): Promise<void> {
  const jest: object = globalThis;
  if (!hasJest(jest)) throw new Error('kafkaSuite only works inside Jest');
  const source = await findBroker();
  const reason = lacking(source, needs);
  if (reason !== undefined) {
    const required = kafkaRequired(process.env) && source.kind === 'none';
    if (!required) return leaveOut(name, `needs a Kafka broker: ${reason}`);
    jest.describe(name, () => {
      jest.it('has a Kafka broker', () => {
        throw new Error(`a Kafka broker is required here: ${reason}`);
      });
    });
    return;
  }
  jest.describe(name, () => {
    let started: Broker | undefined;
    jest.beforeAll(async () => {
      started = await startBrokerOf(source);
    }, START_TIMEOUT_MS);
    jest.afterAll(async () => {
      await started?.stop();
    }, START_TIMEOUT_MS);
    define(() => {
      if (started === undefined) throw new Error('the broker is not started yet: ask for it inside a test');
      return started;
    });
  });
}
