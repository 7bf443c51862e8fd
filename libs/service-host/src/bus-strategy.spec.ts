import 'reflect-metadata';
import type { Consumer, RunningConsumer } from '@jifen/messaging';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { BusStrategy } from './bus-strategy.ts';

@Module({})
class Nothing {}

const consumerOf = (group: string): Consumer => ({
  group,
  topics: ['t'],
  maxBatch: 1,
  claim: () => Promise.resolve([]),
  handle: () => Promise.resolve(),
  release: () => undefined,
});

/** A bus that only says what happened. */
function busOf(events: string[], refuses: readonly string[] = []) {
  const consume = (consumer: Consumer): Promise<RunningConsumer> => {
    if (refuses.includes(consumer.group)) return Promise.reject(new Error(`no ${consumer.group}`));
    events.push(`start ${consumer.group}`);
    return Promise.resolve({
      group: consumer.group,
      owned: () => [],
      progress: () => Promise.resolve([]),
      stalledFor: () => 0,
      lastError: () => undefined,
      stop: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        events.push(`drained ${consumer.group}`);
      },
    });
  };
  return { consume };
}

describe('the bus inside the life cycle of Nest', () => {
  it('starts every consumer on listen and drains every one on close', async () => {
    const events: string[] = [];
    const bus = busOf(events);
    const strategy = new BusStrategy([
      { bus, consumer: consumerOf('a') },
      { bus, consumer: consumerOf('b') },
    ]);
    const app = await NestFactory.create(Nothing, new FastifyAdapter(), { logger: false });
    app.connectMicroservice({ strategy });
    await app.startAllMicroservices();
    expect(strategy.running().map(({ group }) => group)).toEqual(['a', 'b']);
    await app.close();
    expect(events.slice(0, 2)).toEqual(['start a', 'start b']);
    expect(events.slice(2).sort()).toEqual(['drained a', 'drained b']);
    expect(strategy.running()).toEqual([]);
  });

  it('leaves none running when one cannot start', async () => {
    const events: string[] = [];
    const bus = busOf(events, ['b']);
    const strategy = new BusStrategy([
      { bus, consumer: consumerOf('a') },
      { bus, consumer: consumerOf('b') },
    ]);
    const outcome = await new Promise((resolve) => void strategy.listen(resolve));
    expect(outcome).toEqual(new Error('no b'));
    expect(events).toEqual(['start a', 'drained a']);
  });
});
