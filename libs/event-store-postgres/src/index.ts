export { byteaArray, int4Array, int8Array, textArray, timestampArray } from './binary-arrays.ts';
export * from './leases.ts';
export { migrate, grantLogReading, MigrationError, type MigrateOptions } from './migrate.ts';
export * from './migration.ts';
export { createPool, type PoolOptions } from './pool.ts';
export { PartitionCountError } from './shard-rows.ts';
export * from './store.ts';
export { eventsOfStreams, streamBoundary, type FoldedEvent, type StreamRange } from './stream-range.ts';
export * from './verify/verify.ts';
