/** How an endpoint did lately: a hint that keeps a dead one from taking the places of the living; never a fact to store. */
export interface EndpointHealth {
  /** Failures since the last success. */
  readonly failures: number;
  /** Nothing is sent to it before this, in milliseconds since 1970. */
  readonly pausedUntil: number;
}

export const HEALTHY: EndpointHealth = { failures: 0, pausedUntil: 0 };

export interface PausePolicy {
  /** One receiver that dislikes one message must not stop the others: only a row of failures is a dead endpoint. */
  readonly afterFailures: number;
  readonly firstMillis: number;
  readonly longestMillis: number;
}

export const DEFAULT_PAUSE: PausePolicy = { afterFailures: 5, firstMillis: 1_000, longestMillis: 60_000 };

const MAX_DOUBLINGS = 20;

export function afterFailure(policy: PausePolicy, health: EndpointHealth, now: number): EndpointHealth {
  const failures = health.failures + 1;
  const beyond = failures - policy.afterFailures;
  if (beyond < 0) return { failures, pausedUntil: health.pausedUntil };
  const pause = Math.min(policy.firstMillis * 2 ** Math.min(beyond, MAX_DOUBLINGS), policy.longestMillis);
  return { failures, pausedUntil: now + pause };
}

/** How many messages may be under way to it: all its places, one to probe after a row of failures, none while it pauses. */
export function placesFor(policy: PausePolicy, health: EndpointHealth, places: number, now: number): number {
  if (now < health.pausedUntil) return 0;
  return health.failures >= policy.afterFailures ? 1 : places;
}
