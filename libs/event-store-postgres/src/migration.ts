/** One step of a schema's history; ids sort in the order they run, and a step that ran is never edited. */
export interface Migration {
  /** e.g. `0001-accounts`. */
  readonly id: string;
  /** Runs with the service's schema first in the search path, as the owner; grants go to `:role`. */
  readonly sql: string;
}
