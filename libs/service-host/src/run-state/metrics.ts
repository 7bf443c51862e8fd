import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Consumer, RunningConsumer } from '@jifen/messaging';
import type { Pool } from 'pg';

/** Every service counts for itself; a page shows them together, told apart by the label `service`. */
export interface MetricSources {
  readonly host: Registry;
  readonly services: readonly Registry[];
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500];

/** All values of a process at one moment; plain JSON. */
export type Metrics = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Where several processes share a page, `process` tells their values apart. */
export interface ProcessLabel {
  readonly process?: string;
}

export function hostRegistry(label: ProcessLabel = {}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ ...label });
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function serviceRegistry(service: string, label: ProcessLabel = {}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service, ...label });
  unanswered(registry);
  return registry;
}

/** What a page asks of the database or the broker, at most this long. */
const ANSWER_MS = 2_000;

const unanswered = (registry: Registry): Counter<'metric'> =>
  counterOf(
    registry,
    'jifen_metrics_unanswered_total',
    'Values that could not be asked for and are missing from the page',
    'metric',
  );

/** The page must be readable above all when the database is away: what gets no answer is left out of it, and counted. */
export async function answerOf<T>(registry: Registry, metric: string, question: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([question, late]);
  } catch {
    unanswered(registry).inc({ metric });
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function counterOf<L extends string>(registry: Registry, name: string, help: string, label: L): Counter<L> {
  const existing = registry.getSingleMetric(name);
  if (existing instanceof Counter) return existing as Counter<L>;
  return new Counter({ name, help, labelNames: [label], registers: [registry] });
}

export async function metricsOf(sources: MetricSources): Promise<Metrics> {
  const all = [sources.host, ...sources.services];
  return (await Promise.all(all.map((registry) => registry.getMetricsAsJSON()))).flat();
}

/** One page, in the text format of Prometheus, of the values of one or several processes. */
export function metricPage(parts: readonly Metrics[]): Promise<string> {
  return AggregatorRegistry.aggregate([...parts]).metrics();
}

/** The same consumer with its flushes counted and timed. */
export function measured(consumer: Consumer, registry: Registry): Consumer {
  const size = sharedHistogram(registry, 'jifen_flush_messages', 'Messages of a flush', SIZES);
  const seconds = sharedHistogram(registry, 'jifen_flush_seconds', 'Time of a flush, to its commit', SECONDS);
  const { group } = consumer;
  const failures = counterOf(
    registry,
    'jifen_flush_failures_total',
    'Flushes that failed and are tried again',
    'group',
  );
  failures.inc({ group }, 0);
  return {
    group,
    topics: consumer.topics,
    maxBatch: consumer.maxBatch,
    ...(consumer.gatherMillis === undefined ? {} : { gatherMillis: consumer.gatherMillis }),
    claim: (partitions) => consumer.claim(partitions),
    release: (partitions) => consumer.release(partitions),
    handle: async (batch) => {
      const end = seconds.startTimer({ group });
      try {
        await consumer.handle(batch);
      } catch (error) {
        failures.inc({ group });
        throw error;
      }
      end();
      size.observe({ group }, batch.messages.length);
    },
  };
}

function sharedHistogram(registry: Registry, name: string, help: string, buckets: number[]): Histogram<'group'> {
  const existing = registry.getSingleMetric(name);
  if (existing instanceof Histogram) return existing as Histogram<'group'>;
  return new Histogram({ name, help, labelNames: ['group'], buckets, registers: [registry] });
}

export function observePool(pool: Pool, registry: Registry): void {
  new Gauge({
    name: 'jifen_pool_connections',
    help: 'Connections of the pool by state; waiting are requests that have none',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'total' }, pool.totalCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
}

/** Asked of the database when somebody looks, at most one question at a time. */
export function observeTrouble(pool: Pool, registry: Registry): void {
  const count = (table: string, name: string, help: string): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const question = pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
        const answer = await answerOf(registry, name, question);
        if (answer === undefined) this.remove();
        else this.set(Number(answer.rows[0]?.count ?? 0));
      },
    });
  };
  count('dead_letter', 'jifen_dead_letters', 'Messages that could not be applied');
  count('parked', 'jifen_parked_members', 'Members whose messages wait to be redriven');
}

export function observeLag(running: () => readonly RunningConsumer[], registry: Registry): void {
  new Gauge({
    name: 'jifen_consumer_lag',
    help: 'Messages of an owned partition that are still to be read',
    labelNames: ['group', 'topic', 'partition'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const consumer of running()) {
        for (const place of (await answerOf(registry, 'jifen_consumer_lag', consumer.progress())) ?? []) {
          const { topic, partition } = place;
          this.set({ group: consumer.group, topic, partition }, Math.max(0, place.end - place.offset));
        }
      }
    },
  });
  new Gauge({
    name: 'jifen_consumer_stalled_seconds',
    help: 'Time since a consumer with work last moved',
    labelNames: ['group'],
    registers: [registry],
    collect() {
      for (const consumer of running()) this.set({ group: consumer.group }, consumer.stalledFor() / 1000);
    },
  });
}
