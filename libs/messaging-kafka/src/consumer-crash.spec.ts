import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import { tellEveryCrash } from './consumer-crash.ts';

interface Runner {
  running: boolean;
  scheduleFetchManager(): void;
}

type RunnerClass = new (options: object) => Runner;

const quiet = (): void => undefined;
const LOGGER = { namespace: () => LOGGER, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** A consumer at work that has just lost its last broker: an end for kafkajs. */
function endingConsumer(onCrash: (error: Error) => Promise<void>): EventEmitter {
  tellEveryCrash();
  const Class = createRequire(import.meta.url)('kafkajs/src/consumer/runner.js') as RunnerClass;
  const instrumentationEmitter = new EventEmitter();
  const runner = new Class({
    logger: LOGGER,
    consumerGroup: { groupId: 'g', memberId: 'm', getNodeIds: () => [] },
    instrumentationEmitter,
    concurrency: 1,
    retry: { retries: 0 },
    onCrash,
  });
  runner.running = true;
  runner.scheduleFetchManager();
  return instrumentationEmitter;
}

describe('the end of a consumer', () => {
  it('is told with both reasons when clearing up fails, and ends no process', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const emitter = endingConsumer(() => Promise.reject(new TypeError("reading 'nodeId' of undefined")));
    const [crash] = (await once(emitter, 'consumer.crash')) as [{ error: AggregateError; restart: boolean }];
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(crash.restart).toBe(false);
    expect(crash.error.message).toContain("reading 'nodeId' of undefined");
    expect(crash.error.errors.map(({ name }: Error) => name)).toEqual(['KafkaJSNoBrokerAvailableError', 'TypeError']);
    expect(unhandled).toEqual([]);
  });

  it('is left to kafkajs when clearing up goes well', async () => {
    let told = false;
    const reason = new Promise<Error>((resolve) => {
      const emitter = endingConsumer((error) => Promise.resolve(resolve(error)));
      emitter.on('consumer.crash', () => {
        told = true;
      });
    });
    expect((await reason).name).toBe('KafkaJSNoBrokerAvailableError');
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toBe(false);
  });
});
