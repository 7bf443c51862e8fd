import { changeOnce, innerClass } from './inner-class.ts';

/** As kafkajs's consumer emits it; `consumer.events.CRASH` listens. */
const CRASH = 'consumer.crash';

type OnCrash = (error: unknown) => unknown;

interface Runner {
  readonly instrumentationEmitter: { emit(event: string, payload: object): void };
  readonly consumerGroup: { readonly groupId: string };
  onCrash: OnCrash;
}

interface RunnerClass {
  readonly prototype: Runner & { scheduleFetchManager(): void };
}

const isRunnerClass = (value: unknown): value is RunnerClass =>
  typeof value === 'function' && typeof value.prototype?.scheduleFetchManager === 'function';

/** What a consumer that ends does first can fail itself: then it ends with both reasons. */
const surely = (runner: Runner, onCrash: OnCrash) => async (error: unknown) => {
  try {
    await onCrash(error);
  } catch (second) {
    const cause = new AggregateError([error, second], `a consumer ended and could not clear up: ${String(second)}`);
    runner.instrumentationEmitter.emit(CRASH, {
      error: cause,
      groupId: runner.consumerGroup.groupId,
      restart: false,
    });
  }
};

/**
 * When a consumer of kafkajs 2.2.4 ends, nobody waits for its clearing up. That fails where it forgets a broker while it has
 * no first one left (`removeBroker`), and where a connection cannot be closed: the process would end with an unhandled
 * rejection, and if it did not, the consumer would be gone without a word. Here every end is told as a crash, with its reason.
 */
export function tellEveryCrash(): void {
  changeOnce(innerClass('consumer/runner', isRunnerClass), ({ prototype }) => {
    const handlers = new WeakMap<Runner, OnCrash>();
    Object.defineProperty(prototype, 'onCrash', {
      configurable: true,
      get(this: Runner) {
        return handlers.get(this);
      },
      set(this: Runner, onCrash: OnCrash) {
        handlers.set(this, surely(this, onCrash));
      },
    });
  });
}
