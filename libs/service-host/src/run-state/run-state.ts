import { together, type Health, type HealthReport } from './health.ts';
import { metricPage, metricsOf, type Metrics, type MetricSources } from './metrics.ts';

/** What one process says of itself; plain JSON, so that it can be handed on. */
export interface ProcessState {
  liveness(): Promise<HealthReport>;
  readiness(): Promise<HealthReport>;
  metrics(): Promise<Metrics>;
}

export type Question = keyof ProcessState;
export type Answer<Q extends Question> = Awaited<ReturnType<ProcessState[Q]>>;

/** Processes that share a port: whichever of them an operator reaches, it answers for all. */
export interface Peers {
  /** This process among them: the label `process` of its metrics. */
  readonly name: string;
  /** Hears what this process says when it is asked; called once, before anybody can ask. */
  join(own: ProcessState): void;
  /** Everybody's answer by name, this process's too; an error for a process that gives none. */
  ask<Q extends Question>(question: Q): Promise<ReadonlyMap<string, Answer<Q> | Error>>;
}

/** What operators are told. */
export interface RunState {
  liveness(): Promise<HealthReport>;
  readiness(): Promise<HealthReport>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}

export function runState(health: Health, sources: MetricSources, peers?: Peers): RunState {
  const own: ProcessState = {
    liveness: () => Promise.resolve(health.liveness()),
    readiness: () => health.readiness(),
    metrics: () => metricsOf(sources),
  };
  if (peers === undefined) return { ...own, metrics: async () => metricPage([await own.metrics()]) };
  peers.join(own);
  return {
    liveness: async () => together(await peers.ask('liveness')),
    readiness: async () => together(await peers.ask('readiness')),
    metrics: async () => {
      const answers = await peers.ask('metrics');
      return metricPage([...answers.values()].flatMap((answer) => (answer instanceof Error ? [] : [answer])));
    },
  };
}
