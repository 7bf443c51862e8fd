import kafkajs, { type LogEntry, type logCreator } from 'kafkajs';

/** What we need of a logger; pino's fits. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type Level = keyof KafkaLogger;

/** kafkajs calls ERROR what it is about to try again; these say nothing that liveness would not say better. */
const PASSING = [
  /coordinator is (loading|not available|not aware)/i,
  /not the (correct )?coordinator/i,
  /rebalancing/i,
  /no leader for this topic-partition/i,
  /not the leader for that topic-partition/i,
  /does not host this topic-partition/i,
  /generation id provided is not the current/i,
];
export const isPassing = (text: string): boolean => PASSING.some((pattern) => pattern.test(text));
const CONNECTION =
  /connection (error|timeout)|closed connection|disconnected|ECONNREFUSED|ECONNRESET|request timed out/i;

const OMITTED = new Set(['message', 'timestamp', 'logger', 'stack']);

export function levelOf({ level, log }: LogEntry): Level {
  const { logLevel } = kafkajs;
  switch (level) {
    case logLevel.ERROR:
    case logLevel.WARN: {
      const text = `${log.message} ${String(log['error'] ?? '')}`;
      if (isPassing(text)) return 'debug';
      if (CONNECTION.test(text)) return 'warn';
      return level === logLevel.ERROR ? 'error' : 'warn';
    }
    case logLevel.INFO:
      return 'debug';
    default:
      return 'debug';
  }
}

export const logCreatorFor =
  (logger: KafkaLogger): logCreator =>
  () =>
  (entry) => {
    const fields = Object.fromEntries(Object.entries(entry.log).filter(([name]) => !OMITTED.has(name)));
    logger[levelOf(entry)]({ ...fields, kafkajs: entry.namespace }, entry.log.message);
  };
