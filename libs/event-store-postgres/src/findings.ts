/** A row that the log does not give, that is missing, or that says something else. */
export interface Difference {
  readonly table: string;
  /** Whose row it is: of an account `program/member/currency`, of a member `program/member`, of a sum `program` and what it is of. */
  readonly account: string;
  /** The rest of the row's key, where there is any. */
  readonly row?: string;
  /** The live row; null when there is none. */
  readonly live: unknown;
  /** The row as the log gives it; null when there is none. */
  readonly rebuilt: unknown;
}

/** One whose events do not follow from each other: nothing is said of its rows. */
export interface Broken {
  readonly account: string;
  readonly detail: string;
}

/** What a walk over a log found that folds it and compares the tables with what it gives. */
export interface Findings {
  readonly events: number;
  /** Rows that the log gives, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Live rows that differ from what the log gives; 0 is what an auditor wants to see. */
  readonly differing: number;
  /** The first of them, at most 1,000. */
  readonly differences: readonly Difference[];
  /** At most 1,000. */
  readonly broken: readonly Broken[];
}

export const NOTHING_FOUND: Findings = { events: 0, rows: {}, differing: 0, differences: [], broken: [] };

export const isSound = ({ differing, broken }: Pick<Findings, 'differing' | 'broken'>): boolean =>
  differing === 0 && broken.length === 0;

const MAX_LISTED = 1_000;

/** With what another part of the same walk found. */
export function together<Found extends Findings>(a: Found, b: Findings): Found {
  const rows = { ...a.rows };
  for (const [table, count] of Object.entries(b.rows)) rows[table] = (rows[table] ?? 0) + count;
  return {
    ...a,
    events: a.events + b.events,
    rows,
    differing: a.differing + b.differing,
    differences: [...a.differences, ...b.differences].slice(0, MAX_LISTED),
    broken: [...a.broken, ...b.broken].slice(0, MAX_LISTED),
  };
}
