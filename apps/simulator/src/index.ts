export * from './client.ts';
export * from './faults/run.ts';
export { untilReady } from './faults/part.ts';
export * from './faults/system.ts';
export * from './model.ts';
export * from './parallel.ts';
export * from './program.ts';
export * from './random.ts';
export * from './workload.ts';
