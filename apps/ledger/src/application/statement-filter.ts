import type { Problem } from '@jifen/contracts';
import {
  accept,
  instantFromMillis,
  instantToMillis,
  parseInstant,
  refuse,
  type Instant,
  type Outcome,
} from '@jifen/kernel';
import type { LedgerEvent } from '@jifen/ledger';
import { noInstant } from './history.ts';

export interface StatementFilter {
  readonly types: ReadonlySet<string> | undefined;
  readonly reasons: ReadonlySet<string> | undefined;
  /** Of what caused the posting. */
  readonly source: string | undefined;
  /** Id of the order or activity that caused it, or the reference of what was held, spent or given back for it. */
  readonly order: string | undefined;
  /** Recorded at or after, and before. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

export interface FilterTexts {
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  readonly order?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** By how much the clocks of two processes that post to one stream may differ. */
const MAX_SKEW_MS = 86_400_000;

export function filterOf(texts: FilterTexts): Outcome<StatementFilter, Problem> {
  const from = texts.from === undefined ? undefined : parseInstant(texts.from);
  if (texts.from !== undefined && from === undefined) return refuse(noInstant('/from'));
  const to = texts.to === undefined ? undefined : parseInstant(texts.to);
  if (texts.to !== undefined && to === undefined) return refuse(noInstant('/to'));
  const { source, order } = texts;
  return accept({ types: listOf(texts.type), reasons: listOf(texts.reason), source, order, from, to });
}

const listOf = (text: string | undefined): ReadonlySet<string> | undefined =>
  text === undefined ? undefined : new Set(text.split(',').map((part) => part.trim()));

export const isPlain = ({ types, reasons, source, order }: StatementFilter): boolean =>
  types === undefined && reasons === undefined && source === undefined && order === undefined;

export function matches(filter: StatementFilter, { type, at, entry }: LedgerEvent): boolean {
  const { types, reasons, source, order, from, to } = filter;
  if (types !== undefined && !types.has(type)) return false;
  if (reasons !== undefined && !reasons.has(entry.reason)) return false;
  if (source !== undefined && entry.cause?.source !== source) return false;
  if (order !== undefined && entry.cause?.id !== order && entry.reference !== order) return false;
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

/** Recorded so early that nothing before it in the stream can be in the range, whatever the clocks were. */
export const endsBefore = ({ from }: StatementFilter, at: Instant): boolean =>
  from !== undefined && instantToMillis(at) < instantToMillis(from) - MAX_SKEW_MS;

/** Everything recorded from then on is past the range. */
export const startsAt = ({ to }: StatementFilter): Instant | undefined =>
  to === undefined ? undefined : instantFromMillis(Math.min(instantToMillis(to) + MAX_SKEW_MS, LAST_MILLIS));

const LAST_MILLIS = 253_402_300_799_999;
