import { Counter, type Registry } from 'prom-client';
import type { CauseItem } from '../application/cause.ts';

const AGAIN_MS = 60_000;
const MAX_REMEMBERED = 1_000;

interface Log {
  warn(fields: object, message: string): void;
}

/** Counts orders and activities that no version of a program was in force for, and says so once a minute of each program. */
export function observeUnrated(registry: Registry, logger: Log, clock: () => number) {
  const unrated = new Counter({
    name: 'jifen_rules_unrated_total',
    help: 'Orders and activities that no version of their program was in force for',
    registers: [registry],
  });
  const told = new Map<string, number>();
  return (causes: readonly CauseItem[]): void => {
    unrated.inc(causes.length);
    for (const { event, cause } of causes) {
      const { program } = event;
      const now = clock();
      if (now - (told.get(program) ?? -AGAIN_MS) < AGAIN_MS) continue;
      if (told.size >= MAX_REMEMBERED) told.clear();
      told.set(program, now);
      logger.warn(
        { program, source: cause.source, id: cause.id },
        'no version of the program was in force, so it earns nothing',
      );
    }
  };
}
