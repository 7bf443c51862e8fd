import type { Difference as AnyDifference, StreamRange } from '@jifen/event-store-postgres';
import type { ClientBase } from 'pg';
import { BOOKS, keyOf, rowsOf, saying, type Book, type BookRow } from './books.ts';
import type { FoldedRow } from './member-fold.ts';

/** `account` is `program/member`, of a budget the program; every row has a key of its own. */
export interface Difference extends AnyDifference {
  readonly row: string;
}

/** A difference of a member's row, with what replaces it. */
export interface RowDifference extends Difference {
  readonly book: Book;
  readonly before: BookRow | undefined;
  readonly after: BookRow | undefined;
}

/** What was lost of it is told again; what waits in it is nowhere else. */
const QUEUE: Book = { name: 'referral_message', key: ['owner', 'id'], json: ['message'], instants: ['due'] };

const NO_ROW = { live: undefined, due: undefined } as const;

/** The live rows of a range against those that the log gives; `leaveOut` says which cannot be compared. */
export async function compareRange(
  client: ClientBase,
  range: StreamRange,
  folded: readonly FoldedRow[],
  leaveOut: (book: Book, owner: string) => boolean,
): Promise<readonly RowDifference[]> {
  const differences: RowDifference[] = [];
  for (const book of BOOKS) {
    const pairs = new Map<string, { readonly live: BookRow | undefined; readonly due: FoldedRow | undefined }>();
    for (const live of await rowsOf(client, book, range)) pairs.set(keyOf(book, live), { live, due: undefined });
    for (const due of folded.filter((each) => each.book === book.name)) {
      const key = keyOf(book, due.row);
      pairs.set(key, { ...(pairs.get(key) ?? NO_ROW), due });
    }
    for (const { live, due } of pairs.values()) {
      const owner = live?.owner ?? due?.row.owner ?? '';
      if (!leaveOut(book, owner) && !agree(book, live, due)) differences.push(differenceOf(book, live, due?.row));
    }
  }
  const lost = folded.filter((each) => each.book === QUEUE.name && !leaveOut(QUEUE, each.row.owner));
  return [...differences, ...lost.map(({ row }) => differenceOf(QUEUE, undefined, row))];
}

function agree(book: Book, live: BookRow | undefined, due: FoldedRow | undefined): boolean {
  const isNothing = (row: BookRow | undefined): boolean => row === undefined || book.isNothing?.(row) === true;
  if (due?.due === 'as-it-is') return true;
  if (isNothing(live)) return due === undefined || due.due === 'or-none' || isNothing(due.row);
  return live !== undefined && due !== undefined && saying(book, live) === saying(book, due.row);
}

function differenceOf(book: Book, before: BookRow | undefined, after: BookRow | undefined): RowDifference {
  const row = before ?? after;
  const key = row === undefined ? '' : keyOf({ ...book, key: book.key.slice(1) }, row);
  const [live, rebuilt] = [before ?? null, after ?? null];
  return { table: book.name, account: row?.owner ?? '', row: key, live, rebuilt, book, before, after };
}
