import kafkajs, { type LogEntry } from 'kafkajs';
import { levelOf, logCreatorFor } from './logger.ts';

const entry = (level: number, message: string, error?: string): LogEntry => ({
  namespace: 'Connection',
  level,
  label: '',
  log: { timestamp: '', message, ...(error === undefined ? {} : { error }) },
});

describe('what kafkajs logs', () => {
  const { ERROR, WARN, INFO } = kafkajs.logLevel;
  it.each([
    [ERROR, 'Response GroupCoordinator', 'The group coordinator is loading', 'debug'],
    [ERROR, 'The group is rebalancing, so a rejoin is needed', undefined, 'debug'],
    [ERROR, 'Connection error: connect ECONNREFUSED', undefined, 'warn'],
    [ERROR, 'Crash: KafkaJSNonRetriableError: no', undefined, 'error'],
    [WARN, 'something odd', undefined, 'warn'],
    [INFO, 'Consumer has joined the group', undefined, 'debug'],
  ])('is told at its worth (%#)', (level, message, error, expected) => {
    expect(levelOf(entry(level, message, error))).toBe(expected);
  });

  it('keeps the fields and leaves out stacks', () => {
    const lines: unknown[] = [];
    const write = (fields: object, message: string): number => lines.push([fields, message]);
    const logger = { debug: write, info: write, warn: write, error: write };
    const line = entry(ERROR, 'broken');
    logCreatorFor(logger)(INFO)({ ...line, log: { ...line.log, stack: 'at …', broker: 'b:1' } });
    expect(lines).toEqual([[{ broker: 'b:1', kafkajs: 'Connection' }, 'broken']]);
  });

  it('says once in ten seconds what is said of a connection over and over, and how often it was', () => {
    const lines: (readonly [object, string])[] = [];
    const write = (fields: object, message: string): number => lines.push([fields, message]);
    let now = 0;
    const log = logCreatorFor({ debug: write, info: write, warn: write, error: write }, () => now)(WARN);
    const away = (port: number): void => log(entry(ERROR, `Connection error: connect ECONNREFUSED 127.0.0.1:${port}`));
    for (now = 0; now <= 10_000; now += 2_500) away(1);
    away(2);
    log(entry(ERROR, 'Crash: KafkaJSNonRetriableError: no'));
    log(entry(ERROR, 'Crash: KafkaJSNonRetriableError: no'));
    const kafkajs = 'Connection';
    expect(lines).toEqual([
      [{ kafkajs }, 'Connection error: connect ECONNREFUSED 127.0.0.1:1'],
      [{ kafkajs, repeatedBefore: 3 }, 'Connection error: connect ECONNREFUSED 127.0.0.1:1'],
      [{ kafkajs }, 'Connection error: connect ECONNREFUSED 127.0.0.1:2'],
      [{ kafkajs }, 'Crash: KafkaJSNonRetriableError: no'],
      [{ kafkajs }, 'Crash: KafkaJSNonRetriableError: no'],
    ]);
  });
});
