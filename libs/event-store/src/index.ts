export * from './check-event.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './hash.ts';
export * from './store.ts';
