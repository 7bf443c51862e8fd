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
});
