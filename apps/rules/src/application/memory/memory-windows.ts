import type { MemorySql } from '@jifen/event-store';
import { comparePlaces, type Entry, type Total } from '@jifen/rules';
import type { OwnedEntry, WindowTables } from '../ports.ts';

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export const memoryWindows: WindowTables<MemorySql> = {
  entriesOf: async (sql, wanted, limit) => {
    const all = [...sql.table<OwnedEntry>('entry').values()];
    return wanted.flatMap(({ owner, from }) => {
      const own = all.filter((each) => each.owner === owner).sort((a, b) => comparePlaces(a.entry, b.entry));
      const before = own.filter(({ entry }) => entry.at < from).slice(-1);
      return copy([...before, ...own.filter(({ entry }) => entry.at >= from).slice(0, limit)]);
    });
  },
  totalsOf: async (sql, places) =>
    places.flatMap(({ owner, bucket }) => {
      const total = sql.table<Total>('total').get(keyOf(owner, bucket));
      return total === undefined ? [] : [{ owner, bucket, total }];
    }),
  lastCounted: async (sql, places) =>
    places.flatMap(({ owner, bucket, before }) => {
      const at = [...sql.table<OwnedEntry>('entry').values()]
        .filter((each) => each.owner === owner && each.entry.at < before && each.entry.part.counts?.[bucket])
        .map(({ entry }) => entry.at)
        .sort()
        .at(-1);
      return at === undefined ? [] : [{ owner, bucket, at }];
    }),
  saveWindows: async (sql, { removed, entries, totals }) => {
    const table = sql.table<OwnedEntry>('entry');
    const placeOf = (owner: string, { at, source, kind, id }: Omit<Entry, 'part'>): string =>
      keyOf(owner, at, source, kind, id);
    for (const { owner, place } of removed) table.delete(placeOf(owner, place));
    for (const each of entries) table.set(placeOf(each.owner, each.entry), copy(each));
    for (const { owner, bucket, total } of totals) sql.table<Total>('total').set(keyOf(owner, bucket), total);
  },
};
