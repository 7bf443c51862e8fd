export * from './attempt.ts';
export * from './endpoint-health.ts';
export * from './event-filter.ts';
export * from './payload.ts';
export * from './signature.ts';
