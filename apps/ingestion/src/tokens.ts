/** Injection tokens of this service's module. */
export const ACCEPT = Symbol('ingestion:accept');
export const UPDATE_MEMBER = Symbol('ingestion:update-member');
export const STANDING_DOOR = Symbol('ingestion:standing-door');
export const REDRIVE = Symbol('ingestion:redrive');
export const KEPT_RECORDS = Symbol('ingestion:kept-records');
