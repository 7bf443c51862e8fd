import type { Logger } from 'pino';

export interface ShutdownStep {
  readonly name: string;
  run(): Promise<void>;
}

/** In the order given; a step that fails is logged and the next one still runs. */
export async function shutDown(steps: readonly ShutdownStep[], logger: Logger): Promise<void> {
  for (const step of steps) {
    const started = performance.now();
    try {
      await step.run();
      logger.debug({ step: step.name, ms: Math.round(performance.now() - started) }, 'stopped');
    } catch (error) {
      logger.error({ err: error, step: step.name }, 'a step of the shutdown failed');
    }
  }
}
