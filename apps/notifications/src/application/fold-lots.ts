import type { LedgerEntry } from '@jifen/contracts';
import { foldLot, type OpenLot } from '@jifen/notifications';
import type { LotKey, LotTable } from './message-ports.ts';

export interface Posting {
  readonly entry: LedgerEntry;
  /** In the log of its partition. */
  readonly position: number;
}

/** Keeps what is left of the lots that the postings touch, in their order. */
export async function foldLots<Sql>(
  sql: Sql,
  lots: Pick<LotTable<Sql>, 'nameOf' | 'of' | 'save'>,
  postings: readonly Posting[],
): Promise<void> {
  const keys = new Map<string, LotKey>();
  for (const { entry } of postings)
    for (const { lot } of entry.lots) {
      const key = keyOf(entry, lot);
      keys.set(lots.nameOf(key), key);
    }
  if (keys.size === 0) return;
  const known = await lots.of(sql, [...keys.values()]);
  const folded = new Map<string, OpenLot>();
  for (const { entry, position } of postings)
    for (const movement of entry.lots) {
      const name = lots.nameOf(keyOf(entry, movement.lot));
      const before = folded.get(name) ?? known.get(name);
      const after = foldLot(before, movement, position);
      if (after !== undefined && after !== before) folded.set(name, after);
    }
  const changed = [...folded].flatMap(([name, lot]) => {
    const key = keys.get(name);
    return key === undefined ? [] : [{ key, lot }];
  });
  if (changed.length > 0) await lots.save(sql, changed);
}

const keyOf = ({ program, member, currency }: LedgerEntry, lot: string): LotKey => ({ program, member, currency, lot });
