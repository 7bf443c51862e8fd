export type { EmbeddedBusOptions } from './embedded-bus.ts';
export { createEmbeddedBus } from './embedded-bus.ts';
export type { LogTailOptions } from './log-tail.ts';
export { createLogTail } from './log-tail.ts';
export { joinGroup, type LeaseMembershipOptions } from './lease-membership.ts';
