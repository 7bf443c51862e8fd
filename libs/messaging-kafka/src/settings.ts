import type { RetryOptions } from 'kafkajs';

/**
 * Every setting is passed explicitly: kafkajs has other retry defaults under NODE_ENV=test, and a test must see the
 * recovery that production sees. With these an outage of half a minute fails no send and loses nothing; how long it may
 * last is bounded by liveness (progress), not here.
 */
export const RETRY: Required<Omit<RetryOptions, 'restartOnFailure'>> = {
  initialRetryTime: 100,
  multiplier: 1.5,
  factor: 0.2,
  maxRetryTime: 1000,
  retries: 1_000_000,
};

/** For questions that somebody waits for: topics, offsets. */
export const ADMIN_RETRY: typeof RETRY = { ...RETRY, retries: 8 };
export const ADMIN_TIMEOUT_MS = 10_000;
/** How long a start may look for a broker before it says that there is none. */
export const START_TIMEOUT_MS = 30_000;

export const CONNECTION_TIMEOUT_MS = 1000;
export const AUTHENTICATION_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 10_000;
export const METADATA_MAX_AGE_MS = 300_000;

/** The session time-out is the time in which a dead member's partitions are handed over; brokers refuse less than 6 s by default. */
export const SESSION_TIMEOUT_MS = 6000;
export const HEARTBEAT_INTERVAL_MS = 1000;
export const REBALANCE_TIMEOUT_MS = 10_000;
/** Stopping and a second member's joining wait for the long poll, so it is short. */
export const MAX_WAIT_MS = 200;

/** Of our topics: a message of 1 MB with its headers fits. */
export const MAX_MESSAGE_BYTES = 1_572_864;
/** At least the largest record batch: a smaller one would be cut, and starve behind busier partitions. */
export const MAX_BYTES_PER_PARTITION = MAX_MESSAGE_BYTES;
/** All that is fetched at once is in memory, several times its size, until it was handled: some batches' worth is enough. */
export const MAX_FETCH_BYTES = 2_097_152;

/** Commits to the group are only a hint for operators' tools and the first fetch, so they are few. */
export const HINT_INTERVAL_MS = 1000;

/** What was dropped is fetched again at once: a rest before it, so that it cannot become a busy loop. */
export const DROPPED_PAUSE_MS = 50;
export const BACKOFF_MIN_MS = 50;
export const BACKOFF_MAX_MS = 5000;
export const PROBE_INTERVAL_MS = 2000;
export const STOP_TIMEOUT_MS = 15_000;
