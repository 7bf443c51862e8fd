import type { StreamRange } from '@jifen/event-store-postgres';

/** `program/member` of a stream of ratings. */
export function ownerOf(stream: string): string {
  const end = stream.indexOf('/', stream.indexOf('/') + 1);
  return end < 0 ? stream : stream.slice(0, end);
}

/** Behind every character of a name; `.` comes just before `/`. */
const LAST = '\u{10FFFF}';

/** Just behind everything of a member: `0` follows `/` in the byte order. */
export const behind = (owner: string): string => `${owner}0`;

/** All of a member: its streams, and the rows of tables that have its name. No stream of others lies between. */
export function rangeOfMember(owner: string): StreamRange {
  return { after: `${owner}.${LAST}`, upTo: behind(owner) };
}

/**
 * Whether a column with the names of members lies in a range of streams; parameters `$1` to `$3`. Members stand in another
 * order there than their streams do (`-` comes before `/`): only a name that another one begins with can, so that an index is used.
 */
export const within = (column: string): string => `
  ((${column} > $1 AND ($2::text IS NULL OR ${column} < $2)) OR ${column} = ANY ($3::text[]))
  AND (${column} || '/') COLLATE "C" > $1 AND ($2::text IS NULL OR (${column} || '/') COLLATE "C" <= $2)`;

export const withinValues = ({ after, upTo }: StreamRange): readonly unknown[] => [
  after,
  upTo ?? null,
  Array.from({ length: after.length }, (_, length) => after.slice(0, length)),
];
