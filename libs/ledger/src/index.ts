export * from './account.ts';
export * from './claw-back.ts';
export * from './decide.ts';
export * from './events.ts';
export * from './evolve.ts';
export * from './redemption-policy.ts';
export * from './sentence.ts';
export * from './time.ts';
