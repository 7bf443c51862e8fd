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

/** What is said of a connection over and over, of a broker that is away, is written once in this time. */
const REPEATED_MS = 10_000;
const MAX_REMEMBERED = 100;

interface Repeated {
  readonly until: number;
  unwritten: number;
}

export const logCreatorFor =
  (logger: KafkaLogger, clock: () => number = () => performance.now()): logCreator =>
  () => {
    const said = new Map<string, Repeated>();
    return (entry) => {
      const { message } = entry.log;
      const level = levelOf(entry);
      const fields = Object.fromEntries(Object.entries(entry.log).filter(([name]) => !OMITTED.has(name)));
      const now = clock();
      const earlier = said.get(message);
      if (level === 'warn' && CONNECTION.test(message)) {
        if (earlier !== undefined && now < earlier.until) {
          earlier.unwritten += 1;
          return;
        }
        if (said.size >= MAX_REMEMBERED) said.clear();
        said.set(message, { until: now + REPEATED_MS, unwritten: 0 });
      }
      const before = (earlier?.unwritten ?? 0) > 0 ? { repeatedBefore: earlier?.unwritten } : {};
      logger[level]({ ...fields, kafkajs: entry.namespace, ...before }, message);
    };
  };
