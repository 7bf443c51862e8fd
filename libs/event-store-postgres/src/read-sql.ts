import { EVENT_COLUMNS } from './event-rows.ts';

/** Sorts after every character that a stream name may hold. */
export const LAST_CHARACTER = '\u{10FFFF}';

export const readLogSql = (schema: string): string => `
SELECT ${EVENT_COLUMNS} FROM ${schema}.event e
WHERE e.log = $1 AND e.partition = $2 AND e.position > $3 ORDER BY e.position LIMIT $4`;

export const readStreamSql = (schema: string): string => `
SELECT ${EVENT_COLUMNS} FROM ${schema}.event e
WHERE e.log = $1 AND e.stream = $2 AND e.version > $3 ORDER BY e.version LIMIT $4`;

/**
 * The last event of each stream that `named` names, with the columns of `e`: one step in (log, stream, version). An equation
 * would leave only the versions to be put in order, and on a small table they might be sought by the log's other index, among
 * all events of the log: so the step is one backward through streams, from this one to this one.
 */
export const lastOfEachSql = (schema: string, columns: string, named: string): string => `
SELECT l.* FROM ${named} AS s (stream) CROSS JOIN LATERAL (
  SELECT e.log, ${columns} FROM ${schema}.event e
  WHERE e.log = $1 AND e.stream >= s.stream AND e.stream <= s.stream
  ORDER BY e.stream DESC, e.version DESC LIMIT 1) l`;

export const lastOfSql = (schema: string): string => lastOfEachSql(schema, EVENT_COLUMNS, 'unnest($2::text[])');

/** The names first, from the index alone, then one step for each. `$2` inclusive, `$3` and `$4` exclusive bounds. */
export const lastOfPrefixSql = (schema: string): string => `${lastOfEachSql(
  schema,
  EVENT_COLUMNS,
  `(
  SELECT DISTINCT stream FROM ${schema}.event
  WHERE log = $1 AND stream >= $2 AND stream > $3 AND stream < $4 ORDER BY stream LIMIT $5)`,
)}
ORDER BY l.stream`;

/** The same for the first streams of several prefixes: `$2` their first names, `$3` what comes after their last ones. */
export const lastOfPrefixesSql = (schema: string): string =>
  lastOfEachSql(
    schema,
    EVENT_COLUMNS,
    `unnest($2::text[], $3::text[]) AS p (first, beyond)
CROSS JOIN LATERAL (
  SELECT DISTINCT stream FROM ${schema}.event
  WHERE log = $1 AND stream >= p.first AND stream < p.beyond ORDER BY stream LIMIT $4)`,
  );
