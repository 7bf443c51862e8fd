export * from './principal.ts';
export * from './problem-error.ts';
export * from './service.ts';
