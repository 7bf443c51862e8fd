import type { RatingMade } from '@jifen/contracts';
import { instant } from '@jifen/kernel';
import { isEmpty, rate, type CompiledProgram, type Entry } from '@jifen/rules';
import { inputAgain } from '../make-rating.ts';

/** What a cause is to windows, from its last rating alone. */
export interface EntryAgain {
  readonly entry: Entry;
  /** Rules whose run the cause was looked at for. */
  readonly tried: readonly string[];
  /** Only says that the member was there: of a version without windows, it is written or not. */
  readonly onlySeen: boolean;
}

/** Nothing where the cause is nothing to them. */
export function entryAgain(program: CompiledProgram, made: RatingMade): EntryAgain | undefined {
  const input = inputAgain(program, made);
  if (input.kind !== 'order' && input.kind !== 'activity') return undefined;
  const { kind, source, id } = input;
  const place = { at: instant(made.occurredAt), source, kind, id };
  if (program.windows === undefined) return { entry: { ...place, part: { seen: 1 } }, tried: [], onlySeen: true };
  const { part = {}, past } = rate(program, input);
  if (isEmpty(part)) return undefined;
  return { entry: { ...place, part }, tried: Object.keys(past?.run ?? {}), onlySeen: false };
}
