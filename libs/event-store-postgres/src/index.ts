export * from './leases.ts';
export { migrate, grantLogReading, MigrationError, type MigrateOptions } from './migrate.ts';
export * from './migration.ts';
export { createPool, type PoolOptions } from './pool.ts';
export { PartitionCountError } from './shard-rows.ts';
export * from './store.ts';
export * from './verify.ts';
